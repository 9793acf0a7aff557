"""What several metrics look at: read once in a statement, however many of them are in it.

Each condition on a window's own instants stands beside the same one on the span of all windows (`first_opens`, `first_cut_off`,
`last_cut_off`): the database cannot know how short the windows are, and would read whole tables.
"""

from __future__ import annotations

from crm.models import NOT_TALKED

NOT_REACHED = ", ".join(f"'{result}'" for result in NOT_TALKED)

SHARED: dict[str, str] = {}

SHARED["performed"] = """
    SELECT w.n, a.id, a.kind, a.source, a.result, a.note, a.seconds, a.contact_id, a.company_id, a.occurred_at, a.deleted_at,
        a.recorded_at > in_time.until AS late
    FROM windows w
    JOIN crm_activity_timeline a
        ON a.performed_by_id = w.person AND a.occurred_at > w.opens AND a.occurred_at <= w.cut_off
        AND a.occurred_at > %(first_opens)s AND a.occurred_at <= %(last_cut_off)s
    CROSS JOIN LATERAL (
        SELECT CASE WHEN a.source = 'manual' THEN GREATEST(w.cut_off, a.occurred_at + interval '15 minutes') ELSE w.horizon END
    ) AS in_time (until)
    CROSS JOIN LATERAL (SELECT CASE WHEN a.recorded_at <= in_time.until THEN in_time.until ELSE w.horizon END) AS seen (at)
    WHERE a.kind IN ('call', 'meeting') AND a.source <> 'import' AND a.from_at <= seen.at AND a.to_at > seen.at
"""
"""Calls and meetings that ended in the window, as they were when it was last in time to enter them: by hand the cut-off or 15
minutes after the end, captured the horizon. What came after that, up to the horizon, is there as `late`."""

SHARED["won"] = """
    SELECT w.n, d.id, d.first_won_at, d.amount_minor, d.currency,
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
    SELECT w.n, v.id, v.closed_at, x.loss_reason_id,
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
