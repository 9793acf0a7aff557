"""A company in bulk for measuring a closing: people, clients, deals, tasks and calls of half a year, with their history.

Stamps are what is measured, so they are written as they would have been: the triggers are off while the rows are made.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.db import connection

from accounts.models import Role, Team, User
from crm.models import Deal, Pipeline, Stage
from discipline.models import Scheme
from discipline.services import policies, schemes

DAY = date(2026, 10, 20)
CUT_OFF = datetime(2026, 10, 20, 18, 0, tzinfo=UTC)
BEGINNING = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
TABLES = (
    "crm_company",
    "crm_contact",
    "crm_deal",
    "crm_task",
    "crm_activity",
    "crm_activity_history",
    "crm_dealperiod",
    "crm_taskperiod",
)

ASSIGNMENTS = """
INSERT INTO discipline_assignment (user_id, team_id, scheme_id, starts_on, workdays, shift_start, shift_end)
SELECT id, %(team)s, %(scheme)s, '2026-01-05', '{1,2,3,4,5}', '09:00', '18:00' FROM unnest(%(ids)s::bigint[]) AS id
"""
COMPANIES = """
INSERT INTO crm_company (source, external_id, created_by_id, changed_by_id, recorded_at, changed_at, name, name_key, folded, tax_number,
    tax_key, domain, domain_key, phone, phone_reversed, email, address, city, country, industry, currency, owner_id, note, completeness,
    validity)
SELECT 'manual', '', who.id, who.id, at.at, at.at, 'Company ' || n, 'company ' || n, 'company ' || n, '', CASE WHEN n %% 50 = 0 THEN 'T' || n / 100 ELSE '' END,
    '', 'c' || n || '.example', '', '', '', '', 'Łódź', 'Poland', 'Food', 'EUR', who.id, '', 0.3 + (n %% 8) / 10.0, 1
FROM generate_series(1, %(companies)s) n
CROSS JOIN LATERAL (SELECT (%(ids)s::bigint[])[1 + n %% %(people)s] AS id) who
CROSS JOIN LATERAL (SELECT %(cut_off)s - (n / %(people)s) * interval '13 hours' - (n %% 480) * interval '1 minute' AS at) at
RETURNING id
"""
CONTACTS = """
INSERT INTO crm_contact (source, external_id, created_by_id, changed_by_id, recorded_at, changed_at, name, name_key, folded, title,
    company_id, city, owner_id, note)
SELECT 'manual', '', owner_id, owner_id, recorded_at, recorded_at, 'Person ' || id, 'person ' || id, 'person ' || id, '', id, '', owner_id, ''
FROM crm_company RETURNING id
"""
DEALS = """
INSERT INTO crm_deal (source, external_id, created_by_id, changed_by_id, recorded_at, changed_at, title, folded, owner_id, stage_id,
    stage_since, amount_minor, currency, status, opened_at, closed_at, first_won_at, first_won_by_id, competitor, note)
SELECT 'manual', '', who.id, who.id, at.opened, COALESCE(at.closed, at.opened), 'Deal ' || n, 'deal ' || n, who.id, %(stage)s, at.opened,
    n * 100, 'EUR', kind.status, at.opened, at.closed, CASE WHEN kind.status = 'won' THEN at.closed END,
    CASE WHEN kind.status = 'won' THEN who.id END, '', ''
FROM generate_series(1, %(deals)s) n
CROSS JOIN LATERAL (SELECT (%(ids)s::bigint[])[1 + n %% %(people)s] AS id) who
CROSS JOIN LATERAL (SELECT (ARRAY['open', 'won', 'lost', 'won', 'lost'])[1 + (n / %(people)s) %% 5] AS status) kind
CROSS JOIN LATERAL (
    SELECT opened, CASE WHEN kind.status <> 'open' THEN LEAST(opened + interval '20 days', %(cut_off)s - (n %% 2880) * interval '1 minute') END AS closed
    FROM (SELECT %(cut_off)s - interval '3 days' - (n %% 4000) * interval '1 hour' AS opened) o
) at
"""
DEAL_PERIODS = """
INSERT INTO crm_dealperiod (deal_id, owner_id, from_at, to_at)
SELECT id, owner_id, opened_at, COALESCE(closed_at, 'infinity') FROM crm_deal
"""
TASKS = """
INSERT INTO crm_task (source, external_id, created_by_id, changed_by_id, recorded_at, changed_at, kind, title, note, owner_id, due_at,
    due_has_time, deal_id, status, result, done_at, pushes, push_reason)
SELECT 'manual', '', who.id, who.id, at.made, COALESCE(at.done, at.made), (ARRAY['call', 'meeting', 'todo', 'email'])[1 + n %% 4],
    'Task ' || n, '', who.id, at.due, true, deal.id, CASE WHEN at.done IS NULL THEN 'open' ELSE 'done' END, '', at.done, 0, ''
FROM generate_series(1, %(tasks)s) n
CROSS JOIN LATERAL (SELECT (%(ids)s::bigint[])[1 + n %% %(people)s] AS id) who
CROSS JOIN LATERAL (
    SELECT CASE WHEN n %% 6 = 0 THEN (%(open_ids)s::bigint[])[1 + (n / 6) %% (array_length(%(open_ids)s::bigint[], 1) * 19 / 20)]
        ELSE (%(deal_ids)s::bigint[])[1 + n %% %(deals)s] END AS id
) deal
CROSS JOIN LATERAL (
    SELECT made, CASE WHEN n %% 6 > 0 THEN made + (n %% 20) * interval '1 day' + interval '5 hours'
            ELSE %(cut_off)s + ((n / 6) %% 40 - 1) * interval '1 day' END AS due,
        CASE WHEN n %% 6 > 0 THEN LEAST(made + (n %% 20) * interval '23 hours' + interval '1 hour', %(cut_off)s - (n %% 900) * interval '1 minute') END AS done
    FROM (SELECT %(cut_off)s - interval '16 hours' - CASE WHEN n %% 6 = 0 THEN n %% 400 ELSE n %% 4000 END * interval '1 hour' AS made) m
) at
"""
TASK_PERIODS = """
INSERT INTO crm_taskperiod (task_id, owner_id, deal_id, kind, due_at, from_at, to_at)
SELECT id, owner_id, deal_id, kind, due_at, recorded_at, COALESCE(done_at, 'infinity') FROM crm_task
WHERE recorded_at < COALESCE(done_at, 'infinity')
"""
ACTIVITIES = """
INSERT INTO crm_activity (source, external_id, created_by_id, changed_by_id, recorded_at, changed_at, kind, direction, occurred_at,
    seconds, result, note, performed_by_id, company_id, contact_id)
SELECT CASE WHEN n %% 7 = 0 THEN 'telephony' ELSE 'manual' END, '', who.id, who.id, at.ended + interval '3 minutes',
    at.ended + CASE WHEN n %% 20 = 0 THEN interval '3 days' ELSE interval '3 minutes' END, CASE WHEN n %% 12 = 0 THEN 'meeting' ELSE 'call' END, 'out',
    at.ended, 20 + n %% 200, (ARRAY['reached', 'no_answer', 'agreed', ''])[1 + n %% 4], CASE WHEN n %% 5 > 0 THEN 'Talked.' ELSE '' END, who.id,
    (%(company_ids)s::bigint[])[1 + n %% %(companies)s], (%(contact_ids)s::bigint[])[1 + (n / 3) %% %(companies)s]
FROM generate_series(1, %(activities)s) n
CROSS JOIN LATERAL (SELECT (%(ids)s::bigint[])[1 + n %% %(people)s] AS id) who
CROSS JOIN LATERAL (
    SELECT %(cut_off)s + interval '1 day' - (n / %(people)s / 16) * interval '1 day' - ((n / %(people)s) %% 16) * interval '30 minutes' - (n %% 29) * interval '1 minute' AS ended
) at
"""
VERSIONS = """
INSERT INTO crm_activity_history (id, source, external_id, created_by_id, changed_by_id, recorded_at, changed_at, deleted_at, kind, direction,
    occurred_at, seconds, result, note, performed_by_id, company_id, contact_id, deal_id, task_id, from_at, to_at)
SELECT id, source, external_id, created_by_id, changed_by_id, recorded_at, recorded_at, deleted_at, kind, direction, occurred_at, seconds,
    result, 'As it was first.', performed_by_id, company_id, contact_id, deal_id, task_id, recorded_at, changed_at
FROM crm_activity WHERE changed_at > recorded_at
"""


def fill(people: int, companies: int, deals: int, tasks: int, activities: int) -> Team:
    """Make the company and give the team that everybody is in."""
    admin = User.objects.create_user("bench@daybook.example", None, full_name="Adam Bench", role=Role.ADMIN, zone="UTC")
    team = Team.objects.create(name="Sales", path="000001.")
    stage = Stage.objects.create(pipeline=Pipeline.objects.create(name="Sales"), name="New")
    scheme: Scheme = schemes.factory(by=admin, at=BEGINNING, on=BEGINNING.date())
    policies.set_policy(team=team, on=BEGINNING.date(), zone="UTC", by=admin, at=BEGINNING)
    staff = User.objects.bulk_create(
        User(email=f"p{n}@daybook.example", full_name=f"Person {n:04}", zone="UTC") for n in range(people)
    )
    values: dict[str, Any] = {
        "ids": [person.pk for person in staff],
        "people": people, "companies": companies, "deals": deals, "tasks": tasks, "activities": activities, "team": team.pk,
        "scheme": scheme.pk, "stage": stage.pk, "cut_off": CUT_OFF,
    }  # fmt: skip
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for name, statement in (
            ("", ASSIGNMENTS), ("company_ids", COMPANIES), ("contact_ids", CONTACTS),
            ("deal_ids", DEALS + " RETURNING id"), ("", DEAL_PERIODS), ("", TASKS), ("", TASK_PERIODS), ("", ACTIVITIES), ("", VERSIONS),
        ):  # fmt: skip
            cursor.execute(statement, values)
            if name:
                values[name] = [row[0] for row in cursor.fetchall()]
            if name == "deal_ids":
                values["open_ids"] = list(Deal.objects.open().order_by("pk").values_list("pk", flat=True))
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("VACUUM ANALYZE")
    return team
