"""The same figures of one day by SQL written for it alone: one window for everybody, no evidence. What any closing has to pay."""

from __future__ import annotations

from typing import Any

from django.db import connection

from discipline.windows import Window

ACTIVITIES = """
WITH versions AS (
    SELECT id, performed_by_id AS who, kind, source, result, note, seconds, contact_id, company_id, occurred_at, recorded_at, deleted_at,
        changed_at AS from_at, 'infinity'::timestamptz AS to_at
    FROM crm_activity WHERE occurred_at > %(opens)s AND occurred_at <= %(cut_off)s AND performed_by_id = ANY(%(people)s)
    UNION ALL
    SELECT id, performed_by_id, kind, source, result, note, seconds, contact_id, company_id, occurred_at, recorded_at, deleted_at, from_at,
        to_at
    FROM crm_activity_history WHERE occurred_at > %(opens)s AND occurred_at <= %(cut_off)s AND performed_by_id = ANY(%(people)s)
),
valid AS (
    SELECT *, kind = 'call' AND result NOT IN ('no_answer', 'busy', 'wrong_number', 'not_held')
            AND CASE WHEN source = 'manual' THEN result <> '' OR btrim(note) <> '' ELSE COALESCE(seconds, 0) >= 30 END AS talk
    FROM versions
    CROSS JOIN LATERAL (SELECT CASE WHEN source = 'manual' THEN GREATEST(%(cut_off)s, occurred_at + interval '15 minutes') ELSE %(horizon)s END) t (until)
    WHERE source <> 'import' AND deleted_at IS NULL AND from_at <= until AND to_at > until
),
apart AS (
    SELECT *, COALESCE(occurred_at - lag(occurred_at) OVER (
        PARTITION BY who, talk, COALESCE(contact_id, -company_id) ORDER BY occurred_at, id
    ) >= interval '10 minutes', true) AS alone
    FROM valid
)
SELECT who, count(*) FILTER (WHERE talk AND alone), count(*) FILTER (WHERE kind = 'meeting' AND result NOT IN ('', 'not_held')),
    count(*) FILTER (WHERE kind = 'meeting' AND result = '')
FROM apart GROUP BY who
"""
COMPANIES = """
SELECT c.created_by_id, count(*) FILTER (
    WHERE 35 * completeness + 25 * validity + 15 + CASE WHEN touched IS NULL THEN 0 ELSE
        15 * GREATEST(0, LEAST(1, (365 - extract(epoch FROM %(cut_off)s - touched) / 86400) / 275)) END
        + CASE WHEN EXISTS (SELECT FROM crm_taskperiod p WHERE p.company_id = c.id AND p.from_at <= %(cut_off)s AND p.to_at > %(cut_off)s) THEN 10 ELSE 0 END >= 60
    AND NOT EXISTS (SELECT FROM crm_company t WHERE t.tax_key = c.tax_key AND t.tax_key <> '' AND c.tax_key <> '' AND t.recorded_at < c.recorded_at)
    AND NOT EXISTS (SELECT FROM crm_company t WHERE t.domain_key = c.domain_key AND t.domain_key <> '' AND c.domain_key <> '' AND t.recorded_at < c.recorded_at)
)
FROM crm_company c
LEFT JOIN LATERAL (
    SELECT max(a.occurred_at) AS touched FROM crm_activity a
    WHERE a.company_id = c.id AND a.occurred_at <= %(cut_off)s AND a.recorded_at <= %(cut_off)s AND a.deleted_at IS NULL AND a.kind <> 'note'
        AND a.result NOT IN ('no_answer', 'busy', 'wrong_number', 'not_held')
) a ON true
WHERE c.created_by_id = ANY(%(people)s) AND c.recorded_at > %(opens)s AND c.recorded_at <= %(cut_off)s AND c.deleted_at IS NULL
GROUP BY c.created_by_id
"""
WON = """
SELECT first_won_by_id, count(*), sum(amount_minor) / 100.0 FROM crm_deal
WHERE first_won_by_id = ANY(%(people)s) AND first_won_at > %(opens)s AND first_won_at <= %(cut_off)s AND status = 'won' AND deleted_at IS NULL
GROUP BY first_won_by_id
"""
LOST = """
SELECT changed_by_id, count(*), count(*) FILTER (WHERE loss_reason_id IS NULL) FROM crm_deal
WHERE changed_by_id = ANY(%(people)s) AND closed_at > %(opens)s AND closed_at <= %(cut_off)s AND status = 'lost' AND deleted_at IS NULL
GROUP BY changed_by_id
"""
DEALS = """
SELECT d.owner_id, count(*), count(*) FILTER (WHERE d.from_at <= %(cut_off)s - interval '1 hour' AND t.deal_id IS NULL)
FROM crm_dealperiod d
LEFT JOIN (
    SELECT DISTINCT deal_id FROM crm_taskperiod WHERE to_at > %(cut_off)s AND from_at <= %(cut_off)s AND due_at <= %(until)s
) t ON t.deal_id = d.deal_id
WHERE d.to_at > %(cut_off)s AND d.from_at <= %(cut_off)s GROUP BY d.owner_id
"""
TASKS = """
SELECT owner_id, count(DISTINCT task_id) FILTER (WHERE due_at < LEAST(to_at, %(cut_off)s)),
    count(*) FILTER (WHERE kind = 'meeting' AND due_at > %(opens)s AND due_at <= %(cut_off)s)
FROM crm_taskperiod WHERE to_at > %(cut_off)s AND from_at <= %(cut_off)s GROUP BY owner_id
"""
LATE = """
SELECT performed_by_id, count(*) FILTER (WHERE source = 'manual' AND occurred_at <= %(opens)s AND recorded_at > occurred_at + interval '15 minutes')
FROM crm_activity WHERE performed_by_id = ANY(%(people)s) AND recorded_at > %(opens)s AND recorded_at <= %(cut_off)s GROUP BY performed_by_id
"""
COLUMNS = {
    ACTIVITIES: ("conversations", "meetings_held", "without_outcome"),
    COMPANIES: ("companies_added",),
    WON: ("deals_won", "sum_won"),
    LOST: ("deals_lost", "lost_without_reason"),
    DEALS: ("deals_in_progress", "deals_without_task"),
    TASKS: ("overdue_tasks", "planned_without_outcome"),
    LATE: ("late",),
}
IN_TIME = ("without_outcome", "planned_without_outcome", "late")


def figures(windows: list[Window]) -> dict[int, dict[str, Any]]:
    """Every figure of people who share one window, by person."""
    one = windows[0]
    values: dict[str, Any] = {
        "people": [window.person_id for window in windows],
        "opens": one.opens,
        "cut_off": one.cut_off,
        "horizon": one.horizon,
        "until": one.next_step_until,
    }
    found: dict[int, dict[str, Any]] = {window.person_id: {} for window in windows}
    with connection.cursor() as cursor:
        for statement, names in COLUMNS.items():
            cursor.execute(statement, values)
            for who, *row in cursor.fetchall():
                found[who] |= dict(zip(names, row, strict=True))
    for of_person in found.values():
        of_person["data_in_time"] = sum(of_person.pop(name, 0) for name in IN_TIME)
    return found
