"""What a client's card counts by goes into the indexes that it reads."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0016_standard_views"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="activity",
            name="activity_by_company",
        ),
        migrations.RemoveIndex(
            model_name="activity",
            name="activity_by_contact",
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(
                condition=models.Q(("company__isnull", False)),
                fields=["company", "-occurred_at", "-id"],
                include=("performed_by", "kind", "result", "deleted_at"),
                name="activity_by_company",
            ),
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(
                condition=models.Q(("contact__isnull", False)),
                fields=["contact", "-occurred_at", "-id"],
                include=("performed_by", "kind", "result", "deleted_at"),
                name="activity_by_contact",
            ),
        ),
    ]
