"""Changes of phones, e-mails, tags, products and people of a record become versions of the record."""

from importlib import import_module

from django.db import migrations, models

from crm.history import sql

history = import_module("crm.migrations.0002_history")
NOUNS = ("company", "contact", "deal")
REVISION = {"revision": "integer NOT NULL DEFAULT 0"}


def columns(noun: str) -> list[str]:
    """What was tracked before."""
    return [*history.TRACKED[f"crm_{noun}"], "custom"]


class Migration(migrations.Migration):
    dependencies = [("crm", "0010_workplace_history")]

    operations = [
        *(
            migrations.AddField(noun, "revision", models.PositiveIntegerField(default=0, db_default=0, editable=False))
            for noun in NOUNS
        ),
        *(
            migrations.RunSQL(
                sql.widened(f"crm_{noun}", columns(noun), added=REVISION),
                sql.widened_back(f"crm_{noun}", columns(noun), added=REVISION),
            )
            for noun in NOUNS
        ),
    ]
