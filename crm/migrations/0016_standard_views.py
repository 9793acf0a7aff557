"""With which view each person's lists open."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL), ("crm", "0015_contract_timelines")]

    operations = [
        migrations.CreateModel(
            "StandardView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("page", models.CharField(max_length=20)),
                ("query", models.CharField(blank=True, default="", max_length=1000)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "view",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="crm.savedview"
                    ),
                ),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("user", "page"), name="standard_view_once")]},
        ),
    ]
