"""Clients and work in bulk for measuring pages: every person has the same share, the first one a full board."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from accounts.models import Membership, Role, Team, User
from bench.loading import bare
from crm.models import Pipeline, Stage

TABLES = ("crm_company", "crm_contact", "crm_contactphone", "crm_deal", "crm_task", "crm_activity")
ON_THE_BOARD = 500


@dataclass(frozen=True, kw_only=True)
class Size:
    """How many of each there are in all."""

    people: int
    companies: int
    contacts: int
    deals: int
    tasks: int
    activities: int


SIZES = {
    "S": Size(people=40, companies=20_000, contacts=40_000, deals=30_000, tasks=80_000, activities=240_000),
    "L": Size(
        people=2000, companies=500_000, contacts=1_000_000, deals=1_500_000, tasks=4_000_000, activities=12_000_000
    ),
}
RECORDED = "source, external_id, created_by_id, changed_by_id"
COMPANIES = f"""
INSERT INTO crm_company ({RECORDED}, name, name_key, folded, tax_number, tax_key, domain, domain_key, phone, phone_reversed, email,
    address, city, country, industry, currency, owner_id, note, completeness, validity)
SELECT 'manual', '', p, p, initcap(w) || ' ' || n, w || ' ' || n, w || ' ' || n || ' lodz', '', '', '', '', '', '', '', '', 'Łódź',
    'Poland', 'Food', 'EUR', p, '', 0.5, 0.5
FROM (SELECT n, left(md5(n::text), 7) AS w, (%(people)s::bigint[])[1 + n %% %(many)s] AS p FROM generate_series(1, %(companies)s) n) s
"""
CONTACTS = f"""
INSERT INTO crm_contact ({RECORDED}, name, name_key, folded, title, company_id, city, owner_id, note)
SELECT 'manual', '', p, p, initcap(w) || ' ' || n, w || ' ' || n, w || ' ' || n, 'Buyer', 1 + n %% %(companies)s, '', p, ''
FROM (SELECT n, left(md5('c' || n), 7) AS w, (%(people)s::bigint[])[1 + n %% %(many)s] AS p FROM generate_series(1, %(contacts)s) n) s
"""
PHONES = """
INSERT INTO crm_contactphone (contact_id, number, reversed, label, position)
SELECT id, '+48 ' || (500000000 + id), reverse('48' || (500000000 + id)), '', 0 FROM crm_contact
"""
# One in fifty is open, as after some years; the first person has a full board beside.
DEALS = f"""
INSERT INTO crm_deal ({RECORDED}, title, folded, company_id, owner_id, stage_id, amount_minor, currency, status, closed_at,
    competitor, note, next_task_due)
SELECT 'manual', '', p, p, 'Deal ' || n, 'deal ' || n, 1 + n %% %(companies)s, p, (%(stages)s::bigint[])[1 + n %% 4], n * 1000, 'EUR',
    CASE WHEN open THEN 'open' ELSE 'won' END, CASE WHEN open THEN NULL ELSE now() - (n %% 900) * interval '1 day' END, '', '',
    CASE WHEN open AND n %% 3 > 0 THEN now() + (n %% 9 - 3) * interval '1 day' END
FROM (SELECT n, n <= %(board)s OR n %% 50 = 0 AS open,
    (%(people)s::bigint[])[CASE WHEN n <= %(board)s THEN 1 ELSE 1 + n %% %(many)s END] AS p FROM generate_series(1, %(deals)s) n) s
"""
TASKS = f"""
INSERT INTO crm_task ({RECORDED}, kind, title, note, owner_id, due_at, due_has_time, company_id, deal_id, status, result, pushes,
    push_reason, done_at)
SELECT 'manual', '', p, p, 'call', 'Task ' || n, '', p, now() + (n %% 60 - 20) * interval '1 hour', true, 1 + n %% %(companies)s,
    1 + n %% %(deals)s, CASE WHEN open THEN 'open' ELSE 'done' END, '', 0, '', CASE WHEN open THEN NULL ELSE now() END
FROM (SELECT n, n %% 40 = 0 AS open, (%(people)s::bigint[])[1 + (n / 40) %% %(many)s] AS p FROM generate_series(1, %(tasks)s) n) s
"""
ACTIVITIES = f"""
INSERT INTO crm_activity ({RECORDED}, kind, direction, occurred_at, seconds, result, note, performed_by_id, company_id, contact_id)
SELECT 'manual', '', p, p, 'call', 'out', now() - n * interval '540 days' / %(activities)s, 120, 'reached', 'Talked about the offer.', p,
    1 + n %% %(companies)s, 1 + n %% %(contacts)s
FROM (SELECT n, (%(people)s::bigint[])[1 + n %% %(many)s] AS p FROM generate_series(1, %(activities)s) n) s
"""


def fill(size: Size) -> tuple[User, User]:
    """Fill an empty database; gives the person with the full board and an owner, who sees everything."""
    team = Team.objects.create(name="Sales", path="000001.")
    names = [f"p{n}" for n in range(size.people)]
    made = User.objects.bulk_create([_person(name, Role.MANAGER) for name in names])
    Membership.objects.bulk_create([Membership(user=one, team=team, starts_on=date(2026, 1, 5)) for one in made])
    owner = User.objects.bulk_create([_person("owner", Role.OWNER)])[0]
    pipeline = Pipeline.objects.create(name="Sales")
    stages = [
        Stage.objects.create(pipeline=pipeline, name=name, position=n)
        for n, name in enumerate(("New", "Met", "Offer", "Talks"))
    ]
    values = {
        **vars(size), "people": [one.pk for one in made], "many": size.people, "stages": [one.pk for one in stages],
        "board": ON_THE_BOARD,
    }  # fmt: skip
    with bare(TABLES) as cursor:
        for statement in (COMPANIES, CONTACTS, PHONES, DEALS, TASKS, ACTIVITIES):
            cursor.execute(statement, values)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return made[0], owner


def _person(name: str, role: Role) -> User:
    return User(email=f"{name}@bench.example", full_name=name.title(), role=role, password="!", is_active=True)  # noqa: S106 - no sign-in
