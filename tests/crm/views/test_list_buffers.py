"""What a page of a list reads, at 20,000 rows: little in any order, and no more far down than at the top."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from crm.lists import Asker, Listing, ListPage
from crm.lists.companies import COMPANIES
from crm.lists.contacts import CONTACTS
from crm.lists.deals import DEALS
from tests.budgets import sweep
from tests.factories.crm import make_stage
from tests.factories.people import Cast
from tests.fixtures import Clock

A_ROW = 6
LOOK = 2
"""What a column costs that looks up another record: the root and a leaf of its index."""
DEEP = 8
AS_DEEP = 1.5
PLAIN = "its own columns"
ROWS, A_DAY = 20_000, 500
WHO = "created_by_id, changed_by_id, owner_id, source, external_id, note, currency, folded"
MADE = "{by}, {by}, {by}, 'manual', '', '', 'EUR', md5(i::text)"
FILL = f"""
INSERT INTO crm_company ({WHO}, name, name_key, tax_number, tax_key, domain, domain_key, phone, phone_reversed, email, address, city, country,
    industry, completeness, validity) SELECT {MADE}, 'Firm ' || i, md5(i::text), '', '', '', '', '', '', '', '', '', '', '', 0, 0
    FROM generate_series({{first}}, {{last}}) i;
INSERT INTO crm_contact ({WHO.replace(" currency,", "")}, name, name_key, title, city)
    SELECT {MADE.replace(" 'EUR',", "")}, 'Person ' || i, md5(i::text), '', '' FROM generate_series({{first}}, {{last}}) i;
INSERT INTO crm_deal ({WHO}, title, stage_id, status, competitor, amount_minor, expected_close)
    SELECT {MADE}, 'Deal ' || i, {{stage}}, 'open', '', NULLIF(i % 9973, 0), date '2026-01-01' + i % 500 FROM generate_series({{first}}, {{last}}) i;
INSERT INTO crm_task (created_by_id, changed_by_id, owner_id, source, external_id, note, kind, title, due_at, due_has_time, status, result,
    push_reason, pushes, deal_id) SELECT {{by}}, {{by}}, {{by}}, 'manual', '', '', 'call', 'Call',
    timestamptz '2026-10-20' + id % 7919 * interval '1 minute', true, 'open', '', '', 0, id FROM crm_deal WHERE id % 3 = 0 AND next_task_due IS NULL;
ANALYZE crm_company; ANALYZE crm_contact; ANALYZE crm_deal; ANALYZE crm_task;
"""


def buffers(listing: Listing, size: int) -> float:
    """How many buffers the statement of the rows touches for each of its rows."""
    with CaptureQueriesContext(connection) as captured:
        assert len(listing.rows) == size
    (statement,) = (query["sql"] for query in captured if "total_" in query["sql"])
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) " + statement)
        plan: Any = cursor.fetchone()[0][0]["Plan"]
    return (plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]) / size


def orders(page: ListPage) -> list[str]:
    sorts = [column.key for column in page.columns if column.sort]
    return [f"{sign}{key}" for key in sorts for sign in ("", "-")]


def address(page: ListPage, order: str) -> QueryDict:
    return QueryDict("cols=owner,changed,created" if order == PLAIN else f"sort={order}")


def after_pages(page: ListPage, listing: Listing, asker: Asker) -> Listing:
    for _further in range(DEEP):
        listing = Listing(page, asker, QueryDict(listing.next.partition("?")[2]))
    return listing


def test_a_page_reads_little_in_any_order_and_at_any_depth(cast: Cast, clock: Clock) -> None:
    sweep()
    now = clock.now
    for first in range(0, ROWS, A_DAY):
        clock.set((now - timedelta(days=(ROWS - first) // A_DAY)).isoformat())
        with connection.cursor() as cursor:
            cursor.execute(FILL.format(by=cast.manager.pk, stage=make_stage().pk, first=first + 1, last=first + A_DAY))
    for user in (cast.owner, cast.manager):
        for page, looked_up in ((COMPANIES, 2), (CONTACTS, 2), (DEALS, 0)):
            for order in [*orders(page), PLAIN]:
                asker = Asker(user, now)
                top = Listing(page, asker, address(page, order))
                first = buffers(top, page.size)
                most = A_ROW + (0 if order == PLAIN else LOOK * looked_up)
                assert first <= most, f"{user.role} {page.noun} by {order}: {first} a row"
                deep = buffers(after_pages(page, top, asker), page.size)
                assert deep <= first * AS_DEEP, (
                    f"{user.role} {page.noun} by {order}: {first} at the top, {deep} further down"
                )
