"""Answers about a row are known again by its key when it comes in another file."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("migrations_data", "0002_whole_import")]

    operations = [
        migrations.AddField("importquestion", "key", models.CharField(blank=True, default="", max_length=150)),
        migrations.AddIndex(
            "importquestion",
            models.Index(
                fields=["record_type", "key"],
                name="import_question_by_key",
                condition=~models.Q(answer="") & ~models.Q(key=""),
            ),
        ),
    ]
