"""A company with some years behind it for measuring figures: periods, history and purchases beside its records."""

from __future__ import annotations

from django.db import connection

from accounts.models import Membership, Role, Team, User
from bench.loading import bare
from bench.workplace_rows import SIZES, Size, fill

TABLES = ("crm_activity", "crm_deal", "crm_deal_history", "crm_dealperiod", "crm_taskperiod", "crm_purchase")
TEAMS = {"S": 4, "M": 25, "L": 100}
LARGE = {
    "S": Size(people=40, companies=10_000, contacts=10_000, deals=30_000, tasks=60_000, activities=120_000),
    "M": Size(people=500, companies=100_000, contacts=200_000, deals=300_000, tasks=800_000, activities=2_400_000),
    "L": SIZES["L"],
}
ENTERED = "UPDATE crm_activity SET recorded_at = occurred_at, changed_at = occurred_at"
CLOSED = """
UPDATE crm_deal SET stage_since = now() - (id %% 40) * interval '1 day', opened_at = COALESCE(closed_at, now()) - interval '30 days',
    expected_close = current_date + (id %% 60)::int,
    status = CASE WHEN status = 'won' AND id %% 3 > 0 THEN 'lost' ELSE status END, competitor = CASE id %% 5 WHEN 0 THEN 'Acme' ELSE '' END,
    first_won_at = CASE WHEN status = 'won' AND id %% 3 = 0 THEN closed_at END,
    first_won_by_id = CASE WHEN status = 'won' AND id %% 3 = 0 THEN owner_id END
"""
HISTORY = """
INSERT INTO crm_deal_history ({columns}, from_at, to_at)
SELECT {old}, COALESCE(closed_at, now()) - interval '20 days', COALESCE(closed_at, now()) FROM crm_deal ORDER BY closed_at NULLS LAST
"""
DEAL_PERIODS = """
INSERT INTO crm_dealperiod (deal_id, owner_id, from_at, to_at)
SELECT id, owner_id, COALESCE(closed_at, now()) - interval '30 days', COALESCE(closed_at, 'infinity') FROM crm_deal
"""
TASK_PERIODS = """
INSERT INTO crm_taskperiod (task_id, owner_id, deal_id, company_id, kind, due_at, from_at, to_at)
SELECT id, owner_id, deal_id, company_id, kind, due_at, now() - interval '9 days',
    CASE status WHEN 'open' THEN 'infinity'::timestamptz ELSE now() - interval '1 day' END FROM crm_task
"""
PURCHASES = """
INSERT INTO crm_purchase (source, external_id, created_by_id, changed_by_id, kind, company_id, number, day, amount_minor, currency)
SELECT 'import', '', owner_id, owner_id, CASE n WHEN 3 THEN 'payment' ELSE 'shipment' END, id, 'F' || id || '-' || n,
    current_date - (id * 7 + n * 211)::int %% 720, (id %% 90 + n) * 1000, 'EUR'
FROM crm_company CROSS JOIN generate_series(1, 4) n
"""


def build(name: str) -> tuple[User, User]:
    """Fill an empty database with a company of a size; gives its owner and the head of its first team."""
    fill(LARGE[name])
    with bare(TABLES) as cursor:
        cursor.execute(ENTERED)
        cursor.execute(CLOSED, {})
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'crm_deal_history' ORDER BY ordinal_position"
        )
        columns = [row[0] for row in cursor.fetchall() if row[0] not in ("from_at", "to_at")]
        before = {"status": "'open'", "closed_at": "NULL::timestamptz"}
        cursor.execute(
            HISTORY.format(columns=", ".join(columns), old=", ".join(before.get(one, one) for one in columns))
        )
        for statement in (DEAL_PERIODS, TASK_PERIODS, PURCHASES):
            cursor.execute(statement, {})
    head = _teams(TEAMS[name])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return User.objects.get(role=Role.OWNER), head


def _teams(many: int) -> User:
    """Spread everybody over teams; the head of the first one."""
    head = User.objects.create(email="head@bench.example", full_name="Hanna Head", role=Role.HEAD, password="!")  # noqa: S106 - no sign-in
    for number in range(many):
        team = Team.objects.create(name=f"Team {number}", path=f"9{number:05}.", head=head if number == 0 else None)
        Membership.objects.extra(where=["id %% %s = %s"], params=[many, number]).update(team=team)
    return head
