"""What the board costs in a company with 20,000 deals: pages of the database that are touched for each card drawn."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from crm import board
from crm.board_asked import Asked
from tests.budgets import sweep
from tests.factories.crm import make_stage
from tests.factories.people import Cast, make_user

DEALS, OPEN, WON_LATELY, CLIENTS, PEOPLE = 20_000, 2_500, 400, 4_000, 20
AT_MOST_PER_CARD = 15
TABLES = ("crm_company", "crm_contact", "crm_deal", "crm_task", "crm_deal_contacts")
WHO = "(ARRAY[%(people)s])[1 + g %% array_length(ARRAY[%(people)s], 1)]"
FILL = (
    f"""INSERT INTO crm_company (name, name_key, folded, owner_id, created_by_id, changed_by_id, source, external_id, tax_number, tax_key,
        domain, domain_key, phone, phone_reversed, email, address, city, country, industry, currency, note, completeness, validity)
    SELECT 'Client ' || g, 'client ' || g, 'client ' || g, {WHO}, {WHO}, {WHO}, 'manual', '', '', '', '', '', '', '', '', '', '', '', '',
        'EUR', '', 0, 0 FROM generate_series(1, %(clients)s) g""",
    f"""INSERT INTO crm_contact (name, name_key, folded, title, city, note, owner_id, created_by_id, changed_by_id, source, external_id, company_id)
    SELECT 'Person ' || g, 'person ' || g, 'person ' || g, '', '', '', {WHO}, {WHO}, {WHO}, 'manual', '', (SELECT min(id) FROM crm_company) + g - 1
    FROM generate_series(1, %(clients)s) g""",
    f"""INSERT INTO crm_deal (title, folded, owner_id, created_by_id, changed_by_id, source, external_id, company_id, stage_id, amount_minor,
        currency, status, closed_at, changed_at, stage_since, next_task_due, competitor, note)
    SELECT 'Deal ' || g, 'deal ' || g, {WHO}, {WHO}, {WHO}, 'manual', '', (SELECT min(id) FROM crm_company) + g %% %(clients)s,
        (ARRAY[%(stages)s])[1 + (g / 7) %% 5], g * 100, 'EUR', CASE WHEN g <= %(open)s THEN 'open' ELSE 'won' END,
        CASE WHEN g > %(open)s + %(won)s THEN now() - interval '1 year' WHEN g > %(open)s THEN now() - interval '3 days' END,
        now() - (g || ' minutes')::interval, now() - interval '20 days',
        CASE WHEN g %% 3 > 0 THEN now() + (g %% 90 - 9 || ' days')::interval END, '', '' FROM generate_series(1, %(deals)s) g
        ORDER BY md5(g::text)""",
    f"""INSERT INTO crm_task (title, kind, note, owner_id, created_by_id, changed_by_id, source, external_id, due_at, due_has_time, deal_id,
        status, result, pushes, push_reason, done_at)
    SELECT 'Call again', 'call', '', {WHO}, {WHO}, {WHO}, 'manual', '', now() + (g %% 90 || ' days')::interval, true,
        (SELECT min(id) FROM crm_deal) + g %% %(deals)s, CASE WHEN g %% 3 = 0 THEN 'open' ELSE 'done' END, '', 0, '',
        CASE WHEN g %% 3 <> 0 THEN now() END FROM generate_series(1, %(deals)s * 2) g ORDER BY md5(g::text)""",
    """INSERT INTO crm_deal_contacts (deal_id, contact_id)
    SELECT d.id, (SELECT min(id) FROM crm_contact) + d.id %% %(clients)s FROM crm_deal d""",
)


@pytest.fixture
def company(cast: Cast) -> Cast:
    """Twenty thousand deals of twenty people: written without the triggers, whose work is not what is measured. All is rolled back."""
    sweep()
    stages = [
        make_stage(name, position=n).pk for n, name in enumerate(("New", "Qualified", "Offer", "Talks", "Contract"))
    ]
    people = [cast.manager.pk, *(make_user(f"Person {n}").pk for n in range(1, PEOPLE))]
    words: dict[str, Any] = {
        "clients": CLIENTS, "deals": DEALS, "open": OPEN, "won": WON_LATELY,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("".join(f"ALTER TABLE {table} DISABLE TRIGGER USER;" for table in TABLES))
        for statement in FILL:
            filled = statement.replace("%(people)s", ", ".join(map(str, people)))
            cursor.execute(filled.replace("%(stages)s", ", ".join(map(str, stages))), words)
        cursor.execute("".join(f"ANALYZE {table};" for table in TABLES))
    return cast


def touched(user: User, asked: Asked) -> tuple[board.Board, list[int]]:
    """What is shown, and the pages that each of the three statements touches."""
    with CaptureQueriesContext(connection) as captured:
        shown = board.read(user, asked, timezone.now())
    assert len(captured) == 3
    return shown, [_pages(query["sql"]) for query in captured.captured_queries]


def _pages(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {sql}")
        found = cursor.fetchone()[0]
    plan: dict[str, Any] = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return int(plan["Shared Hit Blocks"]) + int(plan["Shared Read Blocks"])


@pytest.mark.django_db
def test_a_card_touches_few_pages_and_a_counted_deal_one(company: Cast) -> None:
    for user in (company.manager, company.owner):
        for asked in (Asked(), Asked(only="bare"), Asked(owner=company.manager.pk)):
            shown, (_choices, counting, drawing) = touched(user, asked)
            cards = sum(len(lane.cards) for lane in shown.lanes)
            counted = shown.open + shown.lanes[-1].count
            assert cards
            assert drawing <= AT_MOST_PER_CARD * cards + (counted if asked.only else 0), (
                str(user),
                asked,
                cards,
                drawing,
            )
            assert asked.owner or counting <= counted + 100, (str(user), asked, counted, counting)


@pytest.mark.django_db
def test_the_board_of_a_manager_touches_few_pages_a_card_in_all(company: Cast) -> None:
    shown, pages = touched(company.manager, Asked())
    cards = sum(len(lane.cards) for lane in shown.lanes)
    assert sum(pages) <= AT_MOST_PER_CARD * cards, (cards, pages)
