"""What several metrics look at: read once in a statement, however many of them are in it.

Each condition on a window's own instants stands beside the same one on the span of all windows (`first_opens`, `first_cut_off`,
`last_cut_off`): the database cannot know how short the windows are, and would read whole tables.
"""

from __future__ import annotations

from crm.models import NOT_TALKED
from discipline.windows import HORIZON

NOT_REACHED = ", ".join(f"'{result}'" for result in NOT_TALKED)
LOOKED_BACK = "1 hour"
MINUTES_TO_HORIZON = int(HORIZON.total_seconds() // 60)

SHARED: dict[str, str] = {}


def performed(kinds: str) -> str:
    """SQL of what of some kinds ended in the windows, as it was when it was last in time to enter it: by hand the cut-off or 15
    minutes after the end, captured the horizon. What came after that, up to the horizon, is there as `late`.

    Calls of the hour before the window are there as `earlier`, as their own day saw them: one after the cut-off may repeat them.
    """
    return f"""
    SELECT w.n, w.opens, w.cut_off, a.id, a.kind, a.source, a.direction, a.result, a.note, a.seconds, a.contact_id, a.company_id, a.deal_id,
        a.task_id, a.occurred_at, a.deleted_at, a.occurred_at <= w.opens AS earlier, a.recorded_at > in_time.until AS late
    FROM windows w
    JOIN crm_activity_timeline a
        ON a.performed_by_id = w.person AND a.occurred_at > GREATEST(w.since, w.opens - interval '{LOOKED_BACK}')
        AND a.occurred_at <= w.cut_off
        AND a.occurred_at > %(first_opens)s::timestamptz - interval '{LOOKED_BACK}' AND a.occurred_at <= %(last_cut_off)s
    CROSS JOIN LATERAL (
        SELECT CASE WHEN a.occurred_at > w.opens THEN w.cut_off ELSE w.opens END,
            CASE WHEN a.occurred_at > w.opens THEN w.horizon ELSE w.opens + interval '{MINUTES_TO_HORIZON} minutes' END
    ) AS own (cut_off, horizon)
    CROSS JOIN LATERAL (
        SELECT CASE WHEN a.source = 'manual' THEN GREATEST(own.cut_off, a.occurred_at + interval '15 minutes') ELSE own.horizon END
    ) AS in_time (until)
    CROSS JOIN LATERAL (SELECT CASE WHEN a.recorded_at <= in_time.until THEN in_time.until ELSE own.horizon END) AS seen (at)
    WHERE a.kind IN ({kinds}) AND (a.kind = 'call' OR a.occurred_at > w.opens) AND a.source <> 'import'
        AND a.from_at <= seen.at AND a.to_at > seen.at
"""


SHARED["performed"] = performed("'call', 'meeting'")

SHARED["won"] = """
    SELECT w.n, w.cut_off, w.zone, d.id, d.first_won_at, d.amount_minor, d.currency, d.stage_id, d.company_id, d.expected_close,
        CASE WHEN d.deleted_at IS NOT NULL THEN 'deleted' WHEN d.status <> 'won' THEN 'reopened' ELSE '' END AS reason
    FROM windows w
    JOIN crm_deal_timeline d
        ON d.first_won_by_id = w.person AND d.first_won_at > w.opens AND d.first_won_at <= w.cut_off
        AND d.first_won_at > %(first_opens)s AND d.first_won_at <= %(last_cut_off)s
        AND d.from_at <= w.cut_off AND d.to_at > w.cut_off
    WHERE NOT (d.source = 'import' AND d.first_won_at = d.recorded_at)
"""
"""First wins of the window as they stood at the cut-off. A deal that an import brought already won was won by nobody today."""

SHARED["lost"] = """
    SELECT w.n, w.cut_off, v.id, v.closed_at, x.loss_reason_id, COALESCE(x.stage_id, v.stage_id) AS stage_id,
        COALESCE(x.company_id, v.company_id) AS company_id,
        CASE
            WHEN x.id IS NULL OR x.deleted_at IS NOT NULL THEN 'deleted'
            WHEN x.status <> 'lost' OR x.closed_at <> v.closed_at THEN 'reopened'
            ELSE '' END AS reason
    FROM windows w
    JOIN crm_deal_timeline v
        ON v.changed_by_id = w.person AND v.status = 'lost' AND v.closed_at > w.opens AND v.closed_at <= w.cut_off
        AND v.closed_at > %(first_opens)s AND v.closed_at <= %(last_cut_off)s AND v.from_at = v.closed_at
    LEFT JOIN crm_deal_timeline x ON x.id = v.id AND x.from_at <= w.cut_off AND x.to_at > w.cut_off
    WHERE NOT (v.source = 'import' AND v.from_at = v.recorded_at)
"""
"""The versions with which deals became lost in the window, beside how the deals stood at the cut-off."""

SHARED["open_deals"] = """
    SELECT w.n, w.cut_off, w.next_step_until, p.deal_id, p.from_at
    FROM windows w
    JOIN crm_dealperiod p
        ON p.owner_id = w.person AND p.from_at <= w.cut_off AND p.to_at > w.cut_off
        AND p.from_at <= %(last_cut_off)s AND p.to_at > %(first_cut_off)s
"""
"""Deals that were open with the person at the cut-off, each since it was."""

SHARED["held_tasks"] = """
    SELECT w.n, w.person, w.opens, w.cut_off, p.task_id, p.due_at, p.from_at, p.to_at
    FROM windows w
    JOIN crm_taskperiod p
        ON p.owner_id = w.person AND p.to_at > w.opens AND p.from_at <= w.cut_off
        AND p.to_at > %(first_opens)s AND p.from_at <= %(last_cut_off)s
"""
"""Stretches of tasks that were open with the person at some moment of the window, each with one due date."""
