from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("migrations_data", "0004_compared_readers"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="importrow",
            index=models.Index(fields=["key"], name="import_row_joined", condition=models.Q(outcome="merged")),
        ),
    ]
