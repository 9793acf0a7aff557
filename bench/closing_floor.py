"""The figures of one day by SQL written for that day alone: one window for everybody, no evidence. What any closing has to pay.

`as_of` reads the day as it was at the cut-off, each table once; `live` reads only what is there now, which is wrong for every day but
today and tells what looking back costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from discipline.metrics.base import ROOM
from discipline.windows import Window

NOT_TALKED = "('no_answer', 'busy', 'wrong_number', 'not_held')"
ACTIVITIES = f"""
WITH versions AS (
    SELECT id, performed_by_id AS who, kind, source, result, note, seconds, contact_id, company_id, occurred_at, recorded_at, deleted_at,
        changed_at AS from_at, 'infinity'::timestamptz AS to_at
    FROM crm_activity
    WHERE performed_by_id = ANY(%(people)s) AND recorded_at > %(opens)s - interval '15 minutes' AND recorded_at <= %(horizon)s
    UNION ALL
    SELECT id, performed_by_id, kind, source, result, note, seconds, contact_id, company_id, occurred_at, recorded_at, deleted_at, from_at, to_at
    FROM crm_activity_history
    WHERE performed_by_id = ANY(%(people)s) AND recorded_at > %(opens)s - interval '15 minutes' AND recorded_at <= %(horizon)s
),
seen AS (
    SELECT *, occurred_at > %(opens)s AND source <> 'import' AND recorded_at <= until AS counts,
        kind = 'call' AND result NOT IN {NOT_TALKED}
            AND CASE WHEN source = 'manual' THEN result <> '' OR btrim(note) <> '' ELSE COALESCE(seconds, 0) >= 30 END AS talk
    FROM versions
    CROSS JOIN LATERAL (SELECT CASE
        WHEN occurred_at <= %(opens)s THEN %(cut_off)s
        WHEN source = 'manual' THEN GREATEST(%(cut_off)s, occurred_at + interval '15 minutes')
        ELSE %(horizon)s END) AS in_time (until)
    WHERE deleted_at IS NULL AND from_at <= until AND to_at > until AND occurred_at <= %(cut_off)s
),
apart AS (
    SELECT *, COALESCE(occurred_at - lag(occurred_at) OVER (
        PARTITION BY who, talk, counts, COALESCE(contact_id, -company_id) ORDER BY occurred_at, id
    ) >= interval '10 minutes', true) AS alone
    FROM seen
)
SELECT who, count(*) FILTER (WHERE counts AND talk AND alone), count(*) FILTER (WHERE counts AND kind = 'meeting' AND result NOT IN ('', 'not_held')),
    count(*) FILTER (WHERE counts AND kind = 'meeting' AND result = ''),
    count(*) FILTER (WHERE source = 'manual' AND occurred_at <= %(opens)s AND recorded_at > %(opens)s AND recorded_at > occurred_at + interval '15 minutes')
FROM apart GROUP BY who
"""
COMPANIES = f"""
SELECT c.created_by_id, count(*) FILTER (
    WHERE 35 * completeness + 25 * validity + 15 + CASE WHEN touched IS NULL THEN 0 ELSE
        15 * GREATEST(0, LEAST(1, (365 - extract(epoch FROM %(cut_off)s - touched) / 86400) / 275)) END
        + CASE WHEN EXISTS (
            SELECT FROM crm_taskperiod p WHERE p.company_id = c.id AND p.from_at <= %(cut_off)s AND p.to_at > %(cut_off)s
        ) THEN 10 ELSE 0 END >= 60
    AND NOT EXISTS (
        SELECT FROM crm_company_timeline t WHERE t.tax_key = c.tax_key AND t.tax_key <> '' AND c.tax_key <> ''
            AND t.recorded_at < c.recorded_at AND t.from_at <= %(cut_off)s AND t.to_at > %(cut_off)s
    )
    AND NOT EXISTS (
        SELECT FROM crm_company_timeline t WHERE t.domain_key = c.domain_key AND t.domain_key <> '' AND c.domain_key <> ''
            AND t.recorded_at < c.recorded_at AND t.from_at <= %(cut_off)s AND t.to_at > %(cut_off)s
    )
)
FROM crm_company_timeline c
LEFT JOIN LATERAL (
    SELECT max(a.occurred_at) AS touched FROM crm_activity_timeline a
    WHERE a.company_id = c.id AND a.occurred_at <= %(cut_off)s AND a.from_at <= %(cut_off)s AND a.to_at > %(cut_off)s
        AND a.deleted_at IS NULL AND a.kind <> 'note' AND a.result NOT IN {NOT_TALKED}
) a ON true
WHERE c.created_by_id = ANY(%(people)s) AND c.recorded_at > %(opens)s AND c.recorded_at <= %(cut_off)s AND c.deleted_at IS NULL
    AND c.from_at <= %(cut_off)s AND c.to_at > %(cut_off)s
GROUP BY c.created_by_id
"""
WON = """
SELECT first_won_by_id, count(*), sum(amount_minor) / 100.0 FROM crm_deal_timeline
WHERE first_won_by_id = ANY(%(people)s) AND first_won_at > %(opens)s AND first_won_at <= %(cut_off)s AND status = 'won' AND deleted_at IS NULL
    AND from_at <= %(cut_off)s AND to_at > %(cut_off)s
GROUP BY first_won_by_id
"""
LOST = """
SELECT changed_by_id, count(*), count(*) FILTER (WHERE loss_reason_id IS NULL) FROM crm_deal_timeline
WHERE changed_by_id = ANY(%(people)s) AND closed_at > %(opens)s AND closed_at <= %(cut_off)s AND status = 'lost' AND deleted_at IS NULL
    AND from_at <= %(cut_off)s AND to_at > %(cut_off)s
GROUP BY changed_by_id
"""
OPEN = """
WITH tasks AS MATERIALIZED (
    SELECT owner_id, task_id, deal_id, due_at, from_at, to_at FROM crm_taskperiod
    WHERE owner_id = ANY(%(people)s) AND to_at > %(opens)s AND from_at <= %(cut_off)s
),
covered AS MATERIALIZED (
    SELECT DISTINCT deal_id FROM tasks WHERE to_at > %(cut_off)s AND due_at <= %(until)s AND deal_id IS NOT NULL
),
deals AS (
    SELECT owner_id, count(*) AS deals, count(*) FILTER (WHERE d.from_at <= %(cut_off)s - interval '1 hour' AND c.deal_id IS NULL) AS bare
    FROM crm_dealperiod d LEFT JOIN covered c ON c.deal_id = d.deal_id
    WHERE d.owner_id = ANY(%(people)s) AND d.to_at > %(cut_off)s AND d.from_at <= %(cut_off)s GROUP BY owner_id
),
overdue AS (
    SELECT t.owner_id, count(*) AS overdue, count(*) FILTER (WHERE t.due_at > %(opens)s AND p.kind = 'meeting') AS planned
    FROM tasks t JOIN crm_taskperiod p ON p.task_id = t.task_id AND p.to_at = t.to_at
    WHERE t.to_at > %(cut_off)s AND t.due_at < %(cut_off)s GROUP BY t.owner_id
)
SELECT owner_id, COALESCE(deals, 0), COALESCE(bare, 0), COALESCE(overdue, 0), COALESCE(planned, 0)
FROM deals FULL JOIN overdue USING (owner_id)
"""
AS_OF = {
    ACTIVITIES: ("conversations", "meetings_held", "without_outcome", "late"),
    COMPANIES: ("companies_added",),
    WON: ("deals_won", "sum_won"),
    LOST: ("deals_lost", "lost_without_reason"),
    OPEN: ("deals_in_progress", "deals_without_task", "overdue_tasks", "planned_without_outcome"),
}
IN_TIME = ("without_outcome", "planned_without_outcome", "late")

LIVE = (
    f"""
SELECT performed_by_id, count(*) FILTER (WHERE kind = 'call' AND result NOT IN {NOT_TALKED}), count(*) FILTER (WHERE kind = 'meeting' AND result <> '')
FROM crm_activity WHERE performed_by_id = ANY(%(people)s) AND occurred_at > %(opens)s AND occurred_at <= %(cut_off)s AND deleted_at IS NULL
GROUP BY performed_by_id
""",
    """
SELECT created_by_id, count(*) FROM crm_company
WHERE created_by_id = ANY(%(people)s) AND recorded_at > %(opens)s AND recorded_at <= %(cut_off)s AND deleted_at IS NULL GROUP BY created_by_id
""",
    """
SELECT first_won_by_id, count(*), sum(amount_minor) FROM crm_deal
WHERE first_won_by_id = ANY(%(people)s) AND first_won_at > %(opens)s AND first_won_at <= %(cut_off)s AND status = 'won' GROUP BY first_won_by_id
""",
    """
SELECT changed_by_id, count(*), count(*) FILTER (WHERE loss_reason_id IS NULL) FROM crm_deal
WHERE changed_by_id = ANY(%(people)s) AND closed_at > %(opens)s AND closed_at <= %(cut_off)s AND status = 'lost' GROUP BY changed_by_id
""",
    """
SELECT owner_id, count(*), count(*) FILTER (WHERE next_task_due IS NULL OR next_task_due > %(until)s) FROM crm_deal
WHERE owner_id = ANY(%(people)s) AND status = 'open' AND deleted_at IS NULL GROUP BY owner_id
""",
    """
SELECT owner_id, count(*) FILTER (WHERE due_at < %(cut_off)s) FROM crm_task
WHERE owner_id = ANY(%(people)s) AND status = 'open' AND deleted_at IS NULL GROUP BY owner_id
""",
)


def as_of(windows: Sequence[Window]) -> dict[int, dict[str, Any]]:
    """Every figure of people who share one window, by person."""
    found: dict[int, dict[str, Any]] = {window.person_id: {} for window in windows}
    with connection.cursor() as cursor:
        for statement, names in AS_OF.items():
            cursor.execute(f"{ROOM}; {statement}", _values(windows))
            for who, *row in cursor.fetchall():
                found[who] |= dict(zip(names, row, strict=True))
    for of_person in found.values():
        of_person["data_in_time"] = sum(of_person.pop(name, 0) for name in IN_TIME)
    return found


def live(windows: Sequence[Window]) -> None:
    """The same counts of what is there now."""
    with connection.cursor() as cursor:
        for statement in LIVE:
            cursor.execute(statement, _values(windows))
            cursor.fetchall()


def _values(windows: Sequence[Window]) -> dict[str, Any]:
    one = windows[0]
    return {
        "people": [window.person_id for window in windows],
        "opens": one.opens,
        "cut_off": one.cut_off,
        "horizon": one.horizon,
        "until": one.next_step_until,
    }
