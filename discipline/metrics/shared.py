"""What several metrics look at: read once in a statement, however many of them are in it.

The database cannot know how short the windows are, and would read whole tables. So what happened in a window is looked up window by
window (a subquery with OFFSET 0 is never turned into a join of everything), and what was open then stands beside the same condition on
the span of all windows (`first_opens`, `first_cut_off`, `last_cut_off`).

What is open with somebody is told in several cuts (`deal_counts`, `bare_deals`, `task_counts`, `lapsing_tasks`), so that many days of
one person can be read without looking at every open record once a day: see `swept`, which gives the same cuts another way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from crm.models import NOT_TALKED
from discipline.windows import HORIZON

NOT_REACHED = ", ".join(f"'{result}'" for result in NOT_TALKED)
LOOKED_BACK = "1 hour"
EARLIEST_STAMP = "65 minutes"
"""Nothing ends later than five minutes after it was recorded, so what ended in the hour before a window has a later stamp."""
MINUTES_TO_HORIZON = int(HORIZON.total_seconds() // 60)

SHARED: dict[str, str] = {}


def in_order(names: Iterable[str], parts: Mapping[str, str]) -> list[str]:
    """The names with those of all parts that their SQL mentions, each after what it reads."""
    found: dict[str, None] = {}
    for name in names:
        mentioned = set(re.findall(r"[a-z_]+", parts[name])) & parts.keys() - {name}
        found |= dict.fromkeys([*in_order(sorted(mentioned), parts), name])
    return list(found)


SHARED["entered"] = f"""
    SELECT w.n, w.since, w.opens, w.cut_off, w.horizon, a.id, a.kind, a.source, a.direction, a.result, a.note, a.seconds, a.contact_id,
        a.company_id, a.deal_id, a.task_id, a.occurred_at, a.recorded_at, a.deleted_at, a.from_at, a.to_at
    FROM windows w
    CROSS JOIN LATERAL (
        SELECT id, kind, source, direction, result, note, seconds, contact_id, company_id, deal_id, task_id, occurred_at, recorded_at,
            deleted_at, from_at, to_at
        FROM crm_activity_timeline a
        WHERE a.performed_by_id = w.person AND a.recorded_at > w.opens - interval '{EARLIEST_STAMP}' AND a.recorded_at <= w.horizon
            AND a.occurred_at <= w.cut_off AND a.source <> 'import'
        OFFSET 0
    ) AS a
"""
"""Every version of the activities that were recorded from an hour before the window up to its horizon: all that ended in the window
and can count in it, and all that came late for windows before."""


def performed(kinds: str) -> str:
    """SQL of what of some kinds ended in the windows, as it was when it was last in time to enter it: by hand the cut-off or 15
    minutes after the end, captured the horizon. What came after that, up to the horizon, is there as `late`.

    Calls of the hour before the window are there as `earlier`, as their own day saw them: one after the cut-off may repeat them.
    """
    return f"""
    SELECT e.n, e.opens, e.cut_off, e.id, e.kind, e.source, e.direction, e.result, e.note, e.seconds, e.contact_id, e.company_id,
        e.deal_id, e.task_id, e.occurred_at, e.deleted_at, e.occurred_at <= e.opens AS earlier, e.recorded_at > in_time.until AS late
    FROM entered e
    CROSS JOIN LATERAL (
        SELECT CASE WHEN e.occurred_at > e.opens THEN e.cut_off ELSE e.opens END,
            CASE WHEN e.occurred_at > e.opens THEN e.horizon ELSE e.opens + interval '{MINUTES_TO_HORIZON} minutes' END
    ) AS own (cut_off, horizon)
    CROSS JOIN LATERAL (
        SELECT CASE WHEN e.source = 'manual' THEN GREATEST(own.cut_off, e.occurred_at + interval '15 minutes') ELSE own.horizon END
    ) AS in_time (until)
    CROSS JOIN LATERAL (SELECT CASE WHEN e.recorded_at <= in_time.until THEN in_time.until ELSE own.horizon END) AS seen (at)
    WHERE e.kind IN ({kinds}) AND e.occurred_at > GREATEST(e.since, e.opens - interval '{LOOKED_BACK}')
        AND (e.kind = 'call' OR e.occurred_at > e.opens) AND e.from_at <= seen.at AND e.to_at > seen.at
"""


SHARED["performed"] = performed("'call', 'meeting'")

SHARED["won"] = """
    SELECT w.n, w.cut_off, w.zone, d.id, d.first_won_at, d.amount_minor, d.currency, d.stage_id, d.company_id, d.expected_close,
        CASE WHEN d.deleted_at IS NOT NULL THEN 'deleted' WHEN d.status <> 'won' THEN 'reopened' ELSE '' END AS reason
    FROM windows w
    CROSS JOIN LATERAL (
        SELECT id, first_won_at, amount_minor, currency, stage_id, company_id, expected_close, deleted_at, status
        FROM crm_deal_timeline d
        WHERE d.first_won_by_id = w.person AND d.first_won_at > w.opens AND d.first_won_at <= w.cut_off
            AND d.from_at <= w.cut_off AND d.to_at > w.cut_off AND NOT (d.source = 'import' AND d.first_won_at = d.recorded_at)
        OFFSET 0
    ) AS d
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
    CROSS JOIN LATERAL (
        SELECT id, closed_at, stage_id, company_id FROM crm_deal_timeline v
        WHERE v.changed_by_id = w.person AND v.status = 'lost' AND v.closed_at > w.opens AND v.closed_at <= w.cut_off
            AND v.from_at = v.closed_at AND NOT (v.source = 'import' AND v.from_at = v.recorded_at)
        OFFSET 0
    ) AS v
    LEFT JOIN LATERAL (
        SELECT id, closed_at, status, deleted_at, loss_reason_id, stage_id, company_id FROM crm_deal_timeline x
        WHERE x.id = v.id AND x.from_at <= w.cut_off AND x.to_at > w.cut_off OFFSET 0
    ) AS x ON true
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

SHARED["deal_counts"] = """
    SELECT n, count(*) AS deals, count(*) FILTER (WHERE from_at <= cut_off - interval '60 minutes') AS settled
    FROM open_deals GROUP BY n
"""
"""How many deals were open with the person at the cut-off, and how many of them for at least an hour."""

SHARED["bare_deals"] = """
    SELECT d.n, d.deal_id, d.from_at, d.from_at <= d.cut_off - interval '60 minutes' AS settled
    FROM (
        SELECT d.* FROM open_deals d
        WHERE NOT EXISTS (
            SELECT FROM held_tasks t WHERE t.n = d.n AND t.deal_id = d.deal_id AND t.at_cut_off AND t.due_at <= d.next_step_until
        )
        OFFSET 0
    ) AS d
    WHERE NOT EXISTS (
        SELECT FROM crm_taskperiod t
        WHERE t.deal_id = d.deal_id AND t.from_at <= d.cut_off AND t.to_at > d.cut_off AND t.due_at <= d.next_step_until OFFSET 0
    )
"""
"""Deals open at the cut-off without a task due within the next 30 days. Most have one of their owner's, which is at hand already:
only for the others the tasks of colleagues are looked for, deal by deal (OFFSET 0 keeps it so)."""

SHARED["held_tasks"] = """
    SELECT w.n, p.task_id, p.deal_id, p.due_at, p.from_at, p.to_at, p.from_at <= w.cut_off AND p.to_at > w.cut_off AS at_cut_off,
        p.due_at <= LEAST(p.to_at, w.cut_off) AS lapsing
    FROM windows w
    JOIN crm_taskperiod p
        ON p.owner_id = w.person AND p.to_at > w.opens AND p.from_at <= w.cut_off
        AND p.to_at > %(first_opens)s AND p.from_at <= %(last_cut_off)s
"""
"""Stretches of tasks that were open with the person at some moment of the window, each with one due date: whether they still were at
the cut-off, and whether they reached their due date by then."""

SHARED["task_counts"] = "SELECT n, count(*) AS tasks FROM held_tasks WHERE at_cut_off GROUP BY n"
"""How many tasks were open with the person at the cut-off."""

SHARED["lapsing_tasks"] = """
    SELECT h.n, w.person, w.opens, w.cut_off, h.task_id, h.due_at, h.from_at, h.to_at
    FROM held_tasks h JOIN windows w ON w.n = h.n WHERE h.lapsing
"""
"""The stretches that reached their due date by the cut-off."""
