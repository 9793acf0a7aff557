"""What the metrics of activities have in common: which of them, in which version, belong to a window."""

from __future__ import annotations

from crm.models import NOT_TALKED

PERFORMED = """
performed AS (
    SELECT w.n, a.id, a.source, a.result, a.note, a.seconds, a.contact_id, a.company_id, a.occurred_at, a.deleted_at,
        a.recorded_at > in_time.until AS late
    FROM windows w
    JOIN crm_activity_timeline a
        ON a.performed_by_id = w.person AND a.occurred_at > w.opens AND a.occurred_at <= w.cut_off
    CROSS JOIN LATERAL (
        SELECT CASE WHEN a.source = 'manual' THEN GREATEST(w.cut_off, a.occurred_at + interval '15 minutes') ELSE w.horizon END
    ) AS in_time (until)
    CROSS JOIN LATERAL (SELECT CASE WHEN a.recorded_at <= in_time.until THEN in_time.until ELSE w.horizon END) AS seen (at)
    WHERE a.kind = '{kind}' AND a.source <> 'import' AND a.from_at <= seen.at AND a.to_at > seen.at
)"""
"""Activities that ended in the window, as they were when it was last in time to enter them: by hand the cut-off or 15 minutes
after the end, captured the horizon. What came after that, up to the horizon, is there as `late`."""


def performed(kind: str) -> str:
    """The SQL of `performed` for one kind of activity."""
    return PERFORMED.format(kind=kind)


NOT_REACHED = ", ".join(f"'{result}'" for result in NOT_TALKED)
