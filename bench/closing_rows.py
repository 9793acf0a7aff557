"""A company in bulk for measuring a closing: people in teams, and what they did in a year and a half, with its history.

Stamps are what is measured, so they are written as they would have been. Every person has the same number of everything; `k`
counts from his newest record back, and finished records are spread evenly over the workdays, so that a tenth of the closed
history is the same company a tenth as old.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection

from accounts.models import Role, Team, User
from bench.loading import bare
from crm.models import LossReason, Pipeline, Stage
from discipline.models import Scheme
from discipline.services import schemes

DAY = date(2026, 10, 20)
CUT_OFF = datetime(2026, 10, 20, 18, 0, tzinfo=UTC)
BEGINNING = datetime(2025, 1, 1, 12, 0, tzinfo=UTC)
TABLES = (
    "crm_company", "crm_contact", "crm_deal", "crm_deal_history", "crm_task", "crm_task_history", "crm_activity",
    "crm_activity_history", "crm_dealperiod", "crm_taskperiod", "discipline_signoff",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Size:
    """How big the company is; all but people and teams for each person."""

    people: int
    teams: int
    companies: int = 500
    open_deals: int = 60
    closed_deals: int = 690
    open_tasks: int = 100
    done_tasks: int = 1_900
    activities: int = 6_000


SIZES = {"S": Size(people=40, teams=2), "L": Size(people=2_000, teams=100)}
YOUNG = 10
"""The young company has the newest tenth of the closed history, and everything that is open."""

HELPERS = """
CREATE FUNCTION bench_day(back bigint) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS
    $$ SELECT '2026-10-23 00:00+00'::timestamptz - (back / 5 * 7 + back % 5) * interval '24 hours' $$;
CREATE FUNCTION bench_minutes(n bigint) RETURNS interval LANGUAGE sql IMMUTABLE AS $$ SELECT n * interval '1 minute' $$;
"""
"""The workday so many workdays before the Friday after the measured day, which is the fourth."""

STAFF = """
INSERT INTO discipline_teampolicy (team_id, starts_on, deadline, zone, mode, calendar)
SELECT unnest(%(teams)s::bigint[]), '2025-01-01', '18:00', 'UTC', 'live', '';
INSERT INTO discipline_assignment (user_id, team_id, scheme_id, starts_on, grade, workdays, shift_start, shift_end)
SELECT %(first)s + p, (%(teams)s::bigint[])[1 + p / 20], %(scheme)s, '2025-01-01', '', '{1,2,3,4,5}', '09:00', '18:00'
FROM generate_series(0, %(people)s - 1) p
"""
SIGNED = """
INSERT INTO discipline_signoff (user_id, version_id, full_name, text, text_hash, signed_at)
SELECT %(first)s + p, v.id, 'Bench', '', '', '2025-01-01' FROM generate_series(0, %(people)s - 1) p, discipline_schemeversion v
"""
EACH = "FROM generate_series({first}, {last} - 1) k CROSS JOIN generate_series(0, %(people)s - 1) p"
ID = "k * %(people)s + p + 1"
BY = "'manual', '', %(first)s + p, %(first)s + p"

COMPANIES = f"""
INSERT INTO crm_company (id, source, external_id, created_by_id, changed_by_id, recorded_at, changed_at, name, name_key, folded,
    tax_number, tax_key, domain, domain_key, phone, phone_reversed, email, address, city, country, industry, currency, owner_id, note,
    completeness, validity)
SELECT {ID}, {BY}, at, at, 'Company ' || {ID}, 'company ' || {ID}, '', '',
    CASE WHEN k %% 50 = 3 THEN 'T' || (k / 100) * %(people)s + p ELSE '' END, '', 'c' || {ID} || '.example', '', '', '', '', '', '', '',
    'EUR', %(first)s + p, '', 0.3 + (k %% 8) / 10.0, 1
{EACH.format(first=0, last="%(companies)s")}
CROSS JOIN LATERAL (SELECT bench_day(k * 3 / 4) + interval '9 hours' + bench_minutes((k * 61 + p) %% 480)) AS made (at)
"""
CONTACTS = """
INSERT INTO crm_contact (id, source, external_id, created_by_id, changed_by_id, recorded_at, changed_at, name, name_key, folded, title,
    company_id, city, owner_id, note)
SELECT id, source, '', owner_id, owner_id, recorded_at, recorded_at, 'Person ' || id, 'person ' || id, '', '', id, '', owner_id, ''
FROM crm_company
"""
DEAL = """source, external_id, created_by_id, changed_by_id, recorded_at, changed_at, title, owner_id, stage_id, stage_since,
    amount_minor, currency, opened_at, competitor, note"""
OPEN_DEALS = f"""
INSERT INTO crm_deal (id, {DEAL}, folded, status)
SELECT {ID}, {BY}, at, at, 'Deal ' || {ID}, %(first)s + p, %(stage)s, at, k * 100, 'EUR', at, '', '', '', 'open'
{EACH.format(first=0, last="%(open_deals)s")}
CROSS JOIN LATERAL (SELECT %(cut_off)s - CASE WHEN k > 0 THEN k * interval '50 hours' ELSE interval '30 minutes' END) AS made (at)
"""
CLOSED_DEALS = f"""
INSERT INTO crm_deal (id, {DEAL}, folded, status, closed_at, first_won_at, first_won_by_id, loss_reason_id)
SELECT {ID}, {BY}, at.opened, at.closed, 'Deal ' || {ID}, %(first)s + p, %(stage)s, at.opened, k * 100, 'EUR', at.opened, '', '', '',
    CASE WHEN won THEN 'won' ELSE 'lost' END, at.closed, CASE WHEN won THEN at.closed END, CASE WHEN won THEN %(first)s + p END,
    CASE WHEN NOT won AND k %% 5 > 0 THEN %(reason)s END
{EACH.format(first="%(open_deals)s + %(deals_from)s", last="%(open_deals)s + %(deals_to)s")}
CROSS JOIN LATERAL (SELECT (k + p) %% 2 = 0) AS how (won)
CROSS JOIN LATERAL (SELECT bench_day((k - %(open_deals)s) * 375 / 690) + interval '10 hours' + bench_minutes(k * 7 %% 400)) AS ended (closed)
CROSS JOIN LATERAL (SELECT closed, closed - interval '20 days' - bench_minutes(p) AS opened) AS at
"""
DEAL_VERSIONS = f"""
INSERT INTO crm_deal_history (id, {DEAL}, status, from_at, to_at)
SELECT id, {DEAL.replace("changed_at", "recorded_at")}, 'open', recorded_at, closed_at FROM crm_deal
WHERE closed_at IS NOT NULL AND id > %(deals_after)s
"""
DEAL_PERIODS = """
INSERT INTO crm_dealperiod (deal_id, owner_id, from_at, to_at)
SELECT id, owner_id, opened_at, COALESCE(closed_at, 'infinity') FROM crm_deal
WHERE id > %(deals_after)s ORDER BY recorded_at
"""
TASK = """source, external_id, created_by_id, changed_by_id, recorded_at, changed_at, kind, title, note, owner_id, due_at, due_has_time,
    deal_id, status, result, pushes, push_reason"""
KIND = "(ARRAY['call', 'meeting', 'todo', 'email'])[1 + k %% 4]"
OPEN_TASKS = f"""
INSERT INTO crm_task (id, {TASK})
SELECT {ID}, {BY}, made, made, {KIND}, 'Task ' || {ID}, '', %(first)s + p, CASE
        WHEN k %% 25 = 0 THEN %(cut_off)s - (k + 1) * interval '5 hours'
        WHEN k %% 20 = 1 THEN %(cut_off)s + (31 + k) * interval '1 day'
        ELSE %(cut_off)s + k * interval '6 hours' + interval '1 hour' END,
    true, (k %% (%(open_deals)s * 19 / 20)) * %(people)s + CASE WHEN k %% 10 = 0 THEN (p + 1) %% %(people)s ELSE p END + 1, 'open', '',
    0, ''
{EACH.format(first=0, last="%(open_tasks)s")}
CROSS JOIN LATERAL (SELECT %(cut_off)s - interval '50 hours' - k * interval '29 hours') AS started (made)
"""
DONE_TASKS = f"""
INSERT INTO crm_task (id, {TASK}, done_at)
SELECT {ID}, {BY}, done - interval '30 days', done, {KIND}, 'Task ' || {ID}, '', %(first)s + p, done + (k %% 7 - 2) * interval '1 day',
    true, deal * %(people)s + p + 1, 'done', '', 0, '', done
{EACH.format(first="%(open_tasks)s + %(tasks_from)s", last="%(open_tasks)s + %(tasks_to)s")}
CROSS JOIN LATERAL (
    SELECT bench_day((k - %(open_tasks)s) * 375 / 1900) + interval '9 hours' + bench_minutes((k * 97 + p) %% 480)
) AS ended (done)
CROSS JOIN LATERAL (SELECT (k - %(open_tasks)s) * 375 / 1900 AS back) AS workdays
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN k %% 2 = 0 AND back < 80 THEN %(open_deals)s - 1 - k / 2 %% (%(open_deals)s - back * 2 / 3)
        ELSE %(open_deals)s + GREATEST(back * 690 / 375 - k / 2 %% 24, 0) END
) AS meant (deal)
"""
TASK_VERSIONS = f"""
INSERT INTO crm_task_history (id, {TASK}, from_at, to_at)
SELECT id, {TASK.replace("changed_at", "recorded_at").replace("status", "'open'")}, recorded_at, done_at
FROM crm_task WHERE done_at IS NOT NULL AND id > %(tasks_after)s
"""
TASK_PERIODS = """
INSERT INTO crm_taskperiod (task_id, owner_id, deal_id, kind, due_at, from_at, to_at)
SELECT id, owner_id, deal_id, kind, due_at, recorded_at, COALESCE(done_at, 'infinity') FROM crm_task
WHERE id > %(tasks_after)s ORDER BY recorded_at
"""
ACTIVITY = """source, external_id, created_by_id, changed_by_id, recorded_at, changed_at, kind, direction, occurred_at, seconds,
    result, performed_by_id, company_id, contact_id"""
ACTIVITIES = f"""
INSERT INTO crm_activity (id, {ACTIVITY}, note)
SELECT {ID}, CASE WHEN k %% 7 = 0 THEN 'telephony' ELSE 'manual' END, '', %(first)s + p, %(first)s + p, stamp,
    stamp + CASE WHEN (k + p) %% 50 = 0 THEN interval '3 days' ELSE interval '0' END,
    CASE k %% 20 WHEN 0 THEN 'email' WHEN 10 THEN 'meeting' WHEN 15 THEN 'meeting' ELSE 'call' END, 'out', ended, 20 + (k * 31) %% 200,
    (ARRAY['reached', 'no_answer', 'agreed', ''])[1 + k %% 4], %(first)s + p, client, client,
    CASE WHEN k %% 5 > 0 THEN 'Talked.' ELSE '' END
{EACH.format(first="%(activities_from)s", last="%(activities_to)s")}
CROSS JOIN LATERAL (SELECT bench_day(k / 16) + interval '9 hours' + bench_minutes(k %% 16 / 2 * 62 + k %% 2 * 6 + p %% 29)) AS happened (ended)
CROSS JOIN LATERAL (SELECT ended + CASE WHEN (k + p) %% 60 = 7 THEN interval '18 hours' ELSE interval '3 minutes' END) AS saved (stamp)
CROSS JOIN LATERAL (SELECT (k - CASE WHEN k %% 4 = 3 THEN 1 ELSE 0 END) * 7 / 3 %% %(companies)s * %(people)s + p + 1) AS with_whom (client)
"""
ACTIVITY_VERSIONS = f"""
INSERT INTO crm_activity_history (id, {ACTIVITY}, note, from_at, to_at)
SELECT id, {ACTIVITY.replace("changed_at", "recorded_at")}, 'As it was first.', recorded_at, changed_at
FROM crm_activity WHERE changed_at > recorded_at AND id > %(activities_after)s
"""
OLDER = (
    CLOSED_DEALS,
    DEAL_VERSIONS,
    DEAL_PERIODS,
    DONE_TASKS,
    TASK_VERSIONS,
    TASK_PERIODS,
    ACTIVITIES,
    ACTIVITY_VERSIONS,
)
PRESENT_AND_NEWEST = (SIGNED, COMPANIES, CONTACTS, OPEN_DEALS, OPEN_TASKS, *OLDER)


class Company:
    """The company that is measured: made young, then grown to its full age."""

    def __init__(self, size: Size) -> None:
        admin = User.objects.create_user(
            "bench@daybook.example", None, full_name="Adam Bench", role=Role.ADMIN, zone="UTC"
        )
        scheme: Scheme = schemes.factory(by=admin, at=BEGINNING, on=BEGINNING.date())
        self.size = size
        self.teams = Team.objects.bulk_create(Team(name=f"Team {n}", path=f"{n:06}.") for n in range(1, size.teams + 1))
        staff = User.objects.bulk_create(
            User(email=f"p{n}@daybook.example", full_name=f"Person {n:04}", zone="UTC") for n in range(size.people)
        )
        self.values: dict[str, Any] = {
            **vars(size), "teams": [team.pk for team in self.teams], "first": staff[0].pk, "scheme": scheme.pk,
            "stage": Stage.objects.create(pipeline=Pipeline.objects.create(name="Sales"), name="New").pk,
            "reason": LossReason.objects.create(name="Price").pk, "cut_off": CUT_OFF,
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(HELPERS)
            cursor.execute(STAFF, self.values)

    def make_young(self) -> None:
        """Everything that is open, and the newest part of what is closed."""
        self._fill(PRESENT_AND_NEWEST, 0, 1)

    def grow_old(self) -> None:
        """The rest of what is closed."""
        self._fill(OLDER, 1, YOUNG)

    def _fill(self, statements: Sequence[str], since: int, until: int) -> None:
        size, values = self.size, dict(self.values)
        for noun, opened, closed in (
            ("deals", size.open_deals, size.closed_deals),
            ("tasks", size.open_tasks, size.done_tasks),
            ("activities", 0, size.activities),
        ):
            values[f"{noun}_from"], values[f"{noun}_to"] = closed * since // YOUNG, closed * until // YOUNG
            values[f"{noun}_after"] = (opened + values[f"{noun}_from"]) * size.people if since else 0
        with bare(TABLES) as cursor:
            for statement in statements:
                cursor.execute(statement, values)
            for table in ("crm_company", "crm_contact", "crm_deal", "crm_task", "crm_activity"):
                cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
