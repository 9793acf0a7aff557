"""What the card of a client with a long history reads: pages of the database, however long the history is."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from crm.models import Activity, ActivityKind, Company, Contact
from tests.budgets import sweep
from tests.factories.crm import make_company, make_contact, make_deal, make_task
from tests.factories.people import make_cast

pytestmark = pytest.mark.django_db(transaction=True)
SignIn = Callable[[User], Client]
MOST = 100
COMPANIES, EACH = 60, 60
REFRESH = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "client-refresh"}


@pytest.fixture
def crowded() -> tuple[User, Company, Contact]:
    """Sixty companies with sixty entries each, as they happened one after the other, and two thousand more with the first."""
    sweep()
    cast = make_cast()
    now = timezone.now() - timedelta(days=1)
    companies = [make_company(cast.manager, f"Company {n}") for n in range(COMPANIES)]
    people = [make_contact(cast.manager, f"Person {n}", company=company) for n, company in enumerate(companies)]
    entries = [_entry(cast.manager, people[n % COMPANIES], now - timedelta(minutes=n)) for n in range(COMPANIES * EACH)]
    entries += [_entry(cast.manager, people[0], now - timedelta(days=30, minutes=n)) for n in range(2000)]
    Activity.objects.bulk_create(entries, batch_size=1000)
    for n in range(3):
        deal = make_deal(cast.manager, f"Deal {n}", company=companies[0])
        deal.contacts.add(people[0])
        make_task(cast.manager, now + timedelta(days=n), company=companies[0], deal=deal)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    return cast.manager, companies[0], people[0]


def _entry(by: User, person: Contact, at: datetime) -> Activity:
    who = {"performed_by": by, "created_by": by, "changed_by": by}
    return Activity(
        kind=ActivityKind.CALL, occurred_at=at, contact=person, company=person.company, note="Agreed", **who
    )


@pytest.mark.parametrize("noun", ["company", "contact"])
def test_the_card_reads_at_most_a_hundred_pages(
    noun: str, crowded: tuple[User, Company, Contact], sign_in: SignIn
) -> None:
    manager, company, person = crowded
    client, address = sign_in(manager), reverse(f"crm:{noun}", args=[company.pk if noun == "company" else person.pk])
    client.get(address, **REFRESH)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address, **REFRESH).status_code == 200
    statements = [query["sql"] for query in captured.captured_queries[2:]]
    assert len(statements) == 5
    read = [_buffers(sql) for sql in statements]
    assert sum(read) <= MOST, read


def _buffers(sql: str) -> int:
    """Pages that a statement touches, wherever they come from."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}")
        found = cursor.fetchone()[0]
    plan = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])
