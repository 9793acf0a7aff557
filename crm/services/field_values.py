"""What a change of a field does to the records that have it: one statement each, however many they are."""

from __future__ import annotations

from collections.abc import Mapping
from json import dumps

from django.db import connection

from accounts.models import User
from crm.custom.usage import table_of
from crm.models import CustomEntry, CustomField, CustomKind

ONE = "to_jsonb(%(new)s::jsonb ->> (custom ->> %(key)s))"
SEVERAL = """(
    SELECT jsonb_agg(COALESCE(%(new)s::jsonb ->> one, one) ORDER BY place)
    FROM jsonb_array_elements_text(custom -> %(key)s) WITH ORDINALITY AS listed (one, place)
)"""


def index(field: CustomField) -> None:
    """Let lists be filtered by a field: make the rows of all records that have a value. Nobody writes values meanwhile."""
    with connection.cursor() as cursor:
        # The triggers hold this lock shared: what was written before is found here, what is written later finds the field changed.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('crm_customentry', 0))")
        field.save(update_fields=["in_list"])
        cursor.execute(
            f"""
            INSERT INTO crm_customentry (field_id, record, text, number, day)
            SELECT %(field)s, record.id, part.words, part.number, part.day
            FROM {table_of(field.noun)} record, LATERAL crm_custom_parts(%(kind)s, record.custom -> %(key)s) part
            WHERE record.custom ? %(key)s
            """,  # noqa: S608 - the table's name is ours
            {"field": field.pk, "kind": field.kind, "key": field.key},
        )


def unindex(field: CustomField) -> None:
    """Take these rows away again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('crm_customentry', 0))")
    field.save(update_fields=["in_list"])
    CustomEntry.objects.filter(field=field).delete()


def rename_options(field: CustomField, renamed: Mapping[str, str], *, by: User) -> int:
    """Give the records that have an option its new name, deleted ones too; how many. Two may change places."""
    several = field.kind == CustomKind.CHOICES
    has = "custom -> %(key)s ?| %(old)s" if several else "custom ->> %(key)s = ANY(%(old)s)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE {table_of(field.noun)}
            SET custom = jsonb_set(custom, ARRAY[%(key)s], {SEVERAL if several else ONE}), changed_by_id = %(by)s
            WHERE {has}
            """,  # noqa: S608 - no value of anybody's
            {"key": field.key, "new": dumps(dict(renamed)), "old": list(renamed), "by": by.pk},
        )
        return int(cursor.rowcount)
