"""The SQL of history: made from a table's columns, put into migrations, the same for every tracked table.

For a tracked table `t` there are:

- `t.recorded_at`, `t.changed_at`: stamped by trigger; nobody else can set them;
- `t_history`: each version that has been replaced or deleted, with `from_at` (its own stamp) and `to_at` (when it ended);
- `t_timeline`: a view of all versions, the present one with `to_at = 'infinity'`. As of T: `from_at <= T AND T < to_at`.

History is written by triggers only: a direct INSERT, and any UPDATE, DELETE or TRUNCATE, raises.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

WRITERS_LOCK = 7214801
"""Advisory lock: writers of scored facts hold it shared for their transaction, who closes a day passes once through it alone."""

FUNCTIONS = f"""
CREATE FUNCTION daybook_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT clock_timestamp()';

CREATE FUNCTION daybook_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: history is only added to', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION daybook_refuse_direct() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION '% on % is refused: only its triggers write it', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;

CREATE FUNCTION daybook_stamp_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared({WRITERS_LOCK});
    NEW.recorded_at := daybook_now();
    NEW.changed_at := NEW.recorded_at;
    RETURN NEW;
END $$;
"""

FUNCTIONS_BACK = """
DROP FUNCTION daybook_stamp_insert();
DROP FUNCTION daybook_refuse_direct();
DROP FUNCTION daybook_refuse();
DROP FUNCTION daybook_now();
"""


def tracked(table: str, columns: Sequence[str], *, frozen: Sequence[str] = ()) -> str:
    """SQL that starts the history of `table`.

    `columns` are all columns whose versions are kept, in order, `id`, `recorded_at` and `changed_at` among them. `frozen` are
    those that may never change after the insert: the update is refused with the column's name.
    """
    listed = ", ".join(columns)
    return f"""
CREATE TABLE {table}_history AS SELECT {listed}, changed_at AS from_at, changed_at AS to_at FROM {table} WITH NO DATA;
ALTER TABLE {table}_history ALTER from_at SET NOT NULL, ALTER to_at SET NOT NULL, ADD CHECK (from_at < to_at);
CREATE INDEX {table}_history_by_row ON {table}_history (id, to_at);

{timeline(table, columns)}
{keeping(table, columns, frozen=frozen)}
CREATE TRIGGER a_stamp BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION daybook_stamp_insert();
CREATE TRIGGER y_keep BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_keep();
CREATE TRIGGER z_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION daybook_refuse();
{written_by_triggers(f"{table}_history")}
"""


def keeping(table: str, columns: Sequence[str], *, frozen: Sequence[str] = ()) -> str:
    """SQL of the function that keeps the versions of `table`; run again it replaces an older one.

    Who changed a row changes only together with what he changed: nobody takes over what somebody else did.
    """
    listed = ", ".join(columns)
    watched = [c for c in columns if c not in ("id", "recorded_at", "changed_at", "changed_by_id")]
    old = ", ".join(f"OLD.{c}" for c in columns)
    differs = f"({', '.join(f'OLD.{c}' for c in watched)}) IS DISTINCT FROM ({', '.join(f'NEW.{c}' for c in watched)})"
    refusals = "\n    ".join(_refuse_change(table, column) for column in (*frozen, "id"))
    same_hand = "ELSE\n        NEW.changed_by_id := OLD.changed_by_id;" if "changed_by_id" in columns else ""
    return f"""
CREATE OR REPLACE FUNCTION {table}_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ended timestamptz;
BEGIN
    PERFORM pg_advisory_xact_lock_shared({WRITERS_LOCK});
    ended := GREATEST(daybook_now(), OLD.changed_at + interval '1 microsecond');
    IF TG_OP = 'DELETE' THEN
        INSERT INTO {table}_history ({listed}, from_at, to_at) VALUES ({old}, OLD.changed_at, ended);
        RETURN OLD;
    END IF;
    {refusals}
    NEW.recorded_at := OLD.recorded_at;
    NEW.changed_at := OLD.changed_at;
    IF {differs} THEN
        NEW.changed_at := ended;
        INSERT INTO {table}_history ({listed}, from_at, to_at) VALUES ({old}, OLD.changed_at, ended);
    {same_hand}
    END IF;
    RETURN NEW;
END $$;
"""


def timeline(table: str, columns: Sequence[str]) -> str:
    """SQL of the view of all versions."""
    listed = ", ".join(columns)
    return f"""
CREATE VIEW {table}_timeline AS
    SELECT {listed}, changed_at AS from_at, 'infinity'::timestamptz AS to_at FROM {table}
    UNION ALL SELECT {listed}, from_at, to_at FROM {table}_history;
"""


def widened(table: str, columns: Sequence[str], *, added: Mapping[str, str], frozen: Sequence[str] = ()) -> str:
    """SQL that keeps the history of further columns: `added` gives their types, with the default of the versions before them."""
    more = ", ".join(f"ADD COLUMN {name} {kind}" for name, kind in added.items())
    return f"""
ALTER TABLE {table}_history {more};
DROP VIEW {table}_timeline;
{timeline(table, [*columns, *added])}
{keeping(table, [*columns, *added], frozen=frozen)}
"""


def widened_back(table: str, columns: Sequence[str], *, added: Mapping[str, str], frozen: Sequence[str] = ()) -> str:
    """SQL that undoes `widened`."""
    fewer = ", ".join(f"DROP COLUMN {name}" for name in added)
    return f"""
DROP VIEW {table}_timeline;
ALTER TABLE {table}_history {fewer};
{timeline(table, columns)}
{keeping(table, columns, frozen=frozen)}
"""


def tracked_back(table: str) -> str:
    """SQL that undoes `tracked`."""
    return f"""
DROP TRIGGER z_truncate ON {table};
DROP TRIGGER y_keep ON {table};
DROP TRIGGER a_stamp ON {table};
DROP FUNCTION {table}_keep();
DROP VIEW {table}_timeline;
DROP TABLE {table}_history;
"""


def written_by_triggers(table: str, *, closing: bool = False) -> str:
    """SQL that lets only triggers write `table`; with `closing` they may also end a row (UPDATE) or drop an empty one."""
    changes = "daybook_refuse_direct" if closing else "daybook_refuse"
    return f"""
CREATE TRIGGER a_only_triggers BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION daybook_refuse_direct();
CREATE TRIGGER a_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {changes}();
CREATE TRIGGER a_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION daybook_refuse();
"""


def append_only(table: str) -> str:
    """SQL that refuses UPDATE, DELETE and TRUNCATE of `table`, whoever asks."""
    return f"""
CREATE TRIGGER a_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION daybook_refuse();
CREATE TRIGGER a_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION daybook_refuse();
"""


def stamped(
    table: str,
    *,
    frozen: Sequence[str],
    moments: Mapping[str, str] | None = None,
    final: str = "false",
    stamp: str = "recorded_at",
) -> str:
    """SQL that stamps `table`: `stamp` when a row is inserted, each of `moments` (column: condition) when its condition first holds.

    `frozen` columns never change, rows for which `final` holds do not change at all, and none is ever deleted. Writers take part in
    the lock that the closing of a day waits for.
    """
    rules = (moments or {}).items()
    first = "".join(f"NEW.{c} := CASE WHEN {when} THEN NEW.{stamp} END;\n        " for c, when in rules)
    later = "".join(
        f"NEW.{c} := COALESCE(OLD.{c}, CASE WHEN {when} THEN daybook_now() END);\n    " for c, when in rules
    )
    refusals = "\n    ".join(_refuse_change(table, c) for c in ("id", *frozen))
    return f"""
CREATE FUNCTION {table}_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared({WRITERS_LOCK});
    IF TG_OP = 'INSERT' THEN
        NEW.{stamp} := daybook_now();
        {first}RETURN NEW;
    END IF;
    IF {final} THEN
        RAISE EXCEPTION 'this row of {table} is final' USING ERRCODE = 'restrict_violation';
    END IF;
    {refusals}
    NEW.{stamp} := OLD.{stamp};
    {later}RETURN NEW;
END $$;
CREATE TRIGGER a_stamp BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_stamp();
CREATE TRIGGER a_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION daybook_refuse();
CREATE TRIGGER a_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION daybook_refuse();
"""


def stamped_back(table: str) -> str:
    """SQL that undoes `stamped`."""
    return f"""
DROP TRIGGER a_no_truncate ON {table};
DROP TRIGGER a_no_delete ON {table};
DROP TRIGGER a_stamp ON {table};
DROP FUNCTION {table}_stamp();
"""


def _refuse_change(table: str, column: str) -> str:
    return (
        f"IF TG_OP = 'UPDATE' AND NEW.{column} IS DISTINCT FROM OLD.{column} THEN "
        f"RAISE EXCEPTION '{column} of {table} cannot be changed once recorded' USING ERRCODE = 'restrict_violation'; END IF;"
    )
