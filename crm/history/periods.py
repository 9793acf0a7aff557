"""The SQL of open state: one row per stretch in which a deal or task was open and unchanged in what scoring reads.

"Which were open at T" then costs what was open, however long the history: `from_at <= T AND T < to_at`, the present stretch with
`to_at = 'infinity'`. A closed or deleted record has no row.
"""

from __future__ import annotations

from collections.abc import Sequence

from crm.history.sql import written_by_triggers


def open_periods(*, table: str, periods: str, key: str, watched: Sequence[str]) -> str:
    """SQL of the trigger that keeps `periods` (with column `key`) for the open rows of `table`, split whenever `watched` changes."""
    listed = ", ".join(watched)
    new = ", ".join(f"NEW.{c}" for c in watched)
    same = " AND ".join(f"NEW.{c} IS NOT DISTINCT FROM OLD.{c}" for c in watched)
    return f"""
CREATE UNIQUE INDEX {periods}_one_open ON {periods} ({key}) WHERE to_at = 'infinity';

CREATE FUNCTION {table}_periods() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE was_open boolean := false; is_open boolean := false; moment timestamptz;
BEGIN
    IF TG_OP <> 'INSERT' THEN was_open := OLD.status = 'open' AND OLD.deleted_at IS NULL; END IF;
    IF TG_OP <> 'DELETE' THEN is_open := NEW.status = 'open' AND NEW.deleted_at IS NULL; END IF;
    IF was_open AND is_open AND {same} THEN RETURN NULL; END IF;
    IF TG_OP = 'DELETE' THEN
        moment := GREATEST(daybook_now(), OLD.changed_at + interval '1 microsecond');
    ELSE
        moment := NEW.changed_at;
    END IF;
    IF was_open THEN
        UPDATE {periods} SET to_at = moment WHERE {key} = OLD.id AND to_at = 'infinity';
    END IF;
    IF is_open THEN
        INSERT INTO {periods} ({key}, {listed}, from_at, to_at) VALUES (NEW.id, {new}, moment, 'infinity');
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER m_periods AFTER INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION {table}_periods();
{written_by_triggers(periods, closing=True)}
"""


def open_periods_back(*, table: str, periods: str) -> str:
    """SQL that undoes `open_periods`."""
    return f"""
DROP TRIGGER m_periods ON {table};
DROP FUNCTION {table}_periods();
DROP TRIGGER a_only_triggers ON {periods};
DROP TRIGGER a_no_change ON {periods};
DROP TRIGGER a_no_truncate ON {periods};
DROP INDEX {periods}_one_open;
"""


DEAL_STAMPS = """
CREATE FUNCTION crm_deal_stamps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.stage_since := NEW.recorded_at;
        IF NEW.source <> 'import' OR NEW.opened_at IS NULL THEN NEW.opened_at := NEW.recorded_at; END IF;
        IF NEW.status = 'open' THEN NEW.closed_at := NULL;
        ELSIF NEW.source <> 'import' OR NEW.closed_at IS NULL THEN NEW.closed_at := NEW.recorded_at; END IF;
        NEW.first_won_at := CASE WHEN NEW.status = 'won' THEN NEW.recorded_at END;
        NEW.first_won_by_id := CASE WHEN NEW.status = 'won' THEN NEW.changed_by_id END;
        NEW.next_task_due := NULL;
        RETURN NEW;
    END IF;
    NEW.stage_since := CASE WHEN NEW.stage_id = OLD.stage_id THEN OLD.stage_since ELSE NEW.changed_at END;
    NEW.opened_at := OLD.opened_at;
    IF NEW.status = 'open' THEN NEW.closed_at := NULL;
    ELSIF NEW.status IS DISTINCT FROM OLD.status THEN NEW.closed_at := NEW.changed_at;
    ELSE NEW.closed_at := OLD.closed_at; END IF;
    NEW.first_won_at := COALESCE(OLD.first_won_at, CASE WHEN NEW.status = 'won' THEN NEW.changed_at END);
    NEW.first_won_by_id := COALESCE(OLD.first_won_by_id, CASE WHEN NEW.status = 'won' THEN NEW.changed_by_id END);
    IF pg_trigger_depth() < 2 THEN NEW.next_task_due := OLD.next_task_due; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER z_stamps BEFORE INSERT OR UPDATE ON crm_deal FOR EACH ROW EXECUTE FUNCTION crm_deal_stamps();
"""

DEAL_STAMPS_BACK = "DROP TRIGGER z_stamps ON crm_deal; DROP FUNCTION crm_deal_stamps();"

TASK_STAMPS = """
CREATE FUNCTION crm_task_stamps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status = 'open' THEN NEW.done_at := NULL;
    ELSIF TG_OP = 'INSERT' OR OLD.status = 'open' THEN NEW.done_at := NEW.changed_at;
    ELSE NEW.done_at := OLD.done_at; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER z_stamps BEFORE INSERT OR UPDATE ON crm_task FOR EACH ROW EXECUTE FUNCTION crm_task_stamps();

CREATE FUNCTION crm_task_next_due() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint;
BEGIN
    FOREACH touched IN ARRAY ARRAY[
        CASE WHEN TG_OP <> 'INSERT' THEN OLD.deal_id END,
        CASE WHEN TG_OP = 'INSERT' OR (TG_OP = 'UPDATE' AND NEW.deal_id IS DISTINCT FROM OLD.deal_id) THEN NEW.deal_id END
    ] LOOP
        IF touched IS NOT NULL THEN
            PERFORM 1 FROM crm_deal WHERE id = touched FOR UPDATE;
            UPDATE crm_deal SET next_task_due = (
                SELECT min(due_at) FROM crm_task WHERE deal_id = touched AND status = 'open' AND deleted_at IS NULL
            ) WHERE id = touched;
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER n_next_due AFTER INSERT OR DELETE OR UPDATE OF deal_id, due_at, status, deleted_at ON crm_task
    FOR EACH ROW EXECUTE FUNCTION crm_task_next_due();
"""

TASK_DONE_BEFORE = """
CREATE OR REPLACE FUNCTION crm_task_stamps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status = 'open' THEN NEW.done_at := NULL;
    ELSIF TG_OP = 'INSERT' AND NEW.source = 'import' AND NEW.done_at < NEW.recorded_at THEN RETURN NEW;
    ELSIF TG_OP = 'INSERT' OR OLD.status = 'open' THEN NEW.done_at := NEW.changed_at;
    ELSE NEW.done_at := OLD.done_at; END IF;
    RETURN NEW;
END $$;
"""
"""A task that an import brings done keeps the day on which it was: like the closing of a deal, it is history and scores for nobody."""

TASK_DONE_BEFORE_BACK = """
CREATE OR REPLACE FUNCTION crm_task_stamps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status = 'open' THEN NEW.done_at := NULL;
    ELSIF TG_OP = 'INSERT' OR OLD.status = 'open' THEN NEW.done_at := NEW.changed_at;
    ELSE NEW.done_at := OLD.done_at; END IF;
    RETURN NEW;
END $$;
"""

TASK_STAMPS_BACK = """
DROP TRIGGER n_next_due ON crm_task;
DROP FUNCTION crm_task_next_due();
DROP TRIGGER z_stamps ON crm_task;
DROP FUNCTION crm_task_stamps();
"""
