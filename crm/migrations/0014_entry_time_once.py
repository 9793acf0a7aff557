"""One opening of a form is timed once, however often the form is sent."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("crm", "0013_own_fields")]

    operations = [
        migrations.AddConstraint(
            model_name="entrytime",
            constraint=models.UniqueConstraint(fields=("user", "opened_at"), name="entry_time_once"),
        ),
    ]
