"""The SQL of presence: what belonged to what, and when, for facts that are rows of their own and not columns of a tracked record.

A tag on a company, a product in a deal, a file on a record: as of T it was there when a row of its periods has
`from_at <= T AND T < to_at`. Rows are stamped by the database and written by triggers only, so nothing vanishes without a trace.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crm.history.sql import WRITERS_LOCK, written_by_triggers


def presence(*, table: str, periods: str, columns: Mapping[str, str], key: Sequence[str], since: str = "") -> str:
    """SQL that keeps in `periods` when rows of `table` were there.

    `columns` gives for each column of `table` that matters its name in `periods`; `key` are those of `table` that tell rows apart.
    What is there already counts from `since`, an expression over `t`, a row of `table`; without one the periods are there as well.
    """
    listed = ", ".join(columns.values())
    old, new = (", ".join(f'{row}."{column}"' for column in columns) for row in ("OLD", "NEW"))
    mine = " AND ".join(f'{columns[column]} = OLD."{column}"' for column in key)
    given = ", ".join(f't."{column}"' for column in columns)
    begun = f"INSERT INTO {periods} ({listed}, from_at, to_at) SELECT {given}, {since}, 'infinity' FROM {table} t;"
    return f"""
{begun if since else ""}
CREATE UNIQUE INDEX {periods}_one_present ON {periods} ({", ".join(columns[column] for column in key)}) WHERE to_at = 'infinity';

CREATE FUNCTION {table}_presence() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE moment timestamptz;
BEGIN
    IF TG_OP = 'UPDATE' AND ROW({old}) IS NOT DISTINCT FROM ROW({new}) THEN RETURN NULL; END IF;
    PERFORM pg_advisory_xact_lock_shared({WRITERS_LOCK});
    moment := daybook_now();
    IF TG_OP <> 'INSERT' THEN
        UPDATE {periods} SET to_at = GREATEST(moment, from_at + interval '1 microsecond') WHERE {mine} AND to_at = 'infinity';
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO {periods} ({listed}, from_at, to_at) VALUES ({new}, moment, 'infinity');
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER m_presence AFTER INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_presence();
CREATE TRIGGER m_presence_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION daybook_refuse();
{written_by_triggers(periods, closing=True)}
"""


def presence_back(*, table: str, periods: str) -> str:
    """SQL that undoes `presence`."""
    return f"""
DROP TRIGGER m_presence_truncate ON {table};
DROP TRIGGER m_presence ON {table};
DROP FUNCTION {table}_presence();
DROP TRIGGER a_only_triggers ON {periods};
DROP TRIGGER a_no_change ON {periods};
DROP TRIGGER a_no_truncate ON {periods};
DROP INDEX {periods}_one_present;
"""
