"""How far the search for duplicates has come."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("crm", "0011_revision")]

    operations = [
        migrations.CreateModel(
            "DuplicateSearch",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "noun",
                    models.CharField(
                        choices=[("company", "companies"), ("contact", "contacts"), ("deal", "deals")],
                        max_length=10,
                        unique=True,
                    ),
                ),
                ("changed_at", models.DateTimeField(null=True)),
                ("record", models.BigIntegerField(default=0)),
            ],
        ),
    ]
