"""Keeps the rows that lists are filtered by in step with the values of own fields, and lets texts be found by their beginning.

Only records with own values pay for it: the triggers fire when the column is not empty, or when it changed.
"""

from django.db import migrations, models

NOUNS = ("company", "contact", "deal")

PARTS = """
CREATE FUNCTION crm_custom_parts(kind text, value jsonb) RETURNS TABLE (words text, number numeric, day date)
LANGUAGE sql IMMUTABLE AS $$
    SELECT left(lower(one), 200), NULL::numeric, NULL::date
    FROM jsonb_array_elements_text(CASE WHEN kind = 'choices' AND jsonb_typeof(value) = 'array' THEN value ELSE '[]' END) one
    UNION
    SELECT
        left(lower(COALESCE(CASE WHEN kind IN ('text', 'choice') THEN value #>> '{}' WHEN kind = 'money' THEN value ->> 1 END, '')), 200),
        CASE kind WHEN 'number' THEN (value #>> '{}')::numeric WHEN 'user' THEN (value #>> '{}')::numeric
            WHEN 'money' THEN (value ->> 0)::numeric END,
        CASE kind WHEN 'date' THEN (value #>> '{}')::date END
    WHERE kind <> 'choices' AND value IS NOT NULL
$$;
"""

KEEP = """
CREATE FUNCTION crm_custom_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_noun text := TG_ARGV[0];
    before jsonb := CASE WHEN TG_OP = 'INSERT' THEN '{}' ELSE OLD.custom END;
    after jsonb := CASE WHEN TG_OP = 'DELETE' THEN '{}' ELSE NEW.custom END;
BEGIN
    -- Whoever turns the filter of a field on waits for those who are writing, and they for him.
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('crm_customentry', 0));
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM crm_customentry entry USING crm_customfield field
        WHERE entry.record = OLD.id AND entry.field_id = field.id AND field.noun = of_noun
            AND before -> field.key IS DISTINCT FROM after -> field.key;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO crm_customentry (field_id, record, text, number, day)
        SELECT field.id, NEW.id, part.words, part.number, part.day
        FROM crm_customfield field, LATERAL crm_custom_parts(field.kind, after -> field.key) part
        WHERE field.noun = of_noun AND field.in_list AND after ? field.key
            AND before -> field.key IS DISTINCT FROM after -> field.key;
    END IF;
    RETURN NULL;
END $$;
"""


def kept(noun: str) -> str:
    """SQL of the triggers of one table."""
    run = f"FOR EACH ROW WHEN ({{when}}) EXECUTE FUNCTION crm_custom_keep('{noun}')"
    table = f"crm_{noun}"
    return f"""
CREATE TRIGGER custom_added AFTER INSERT ON {table} {run.format(when="NEW.custom <> '{}'::jsonb")};
CREATE TRIGGER custom_changed AFTER UPDATE OF custom ON {table} {run.format(when="OLD.custom IS DISTINCT FROM NEW.custom")};
CREATE TRIGGER custom_gone AFTER DELETE ON {table} {run.format(when="OLD.custom <> '{}'::jsonb")};
"""


def kept_back(noun: str) -> str:
    return "".join(f"DROP TRIGGER custom_{what} ON crm_{noun};" for what in ("added", "changed", "gone"))


class Migration(migrations.Migration):
    dependencies = [("crm", "0012_duplicate_search")]

    operations = [
        migrations.AlterField(
            "customfield", "in_list", models.BooleanField(default=False, verbose_name="filter lists by it")
        ),
        migrations.RemoveIndex("customentry", "custom_by_text"),
        migrations.AddIndex(
            "customentry",
            models.Index(
                fields=["field", "text", "record"],
                name="custom_by_text",
                opclasses=["int8_ops", "varchar_pattern_ops", "int8_ops"],
            ),
        ),
        migrations.RunSQL(PARTS, "DROP FUNCTION crm_custom_parts(text, jsonb);"),
        migrations.RunSQL(KEEP, "DROP FUNCTION crm_custom_keep();"),
        *(migrations.RunSQL(kept(noun), kept_back(noun)) for noun in NOUNS),
    ]
