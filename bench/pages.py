"""Statements of every page, with the rows of a small desk and with fifty times as many."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse

from accounts.models import Membership, Role, Team, User
from bench.rows import fill_desk
from config.scratch import scratch_database
from crm.models import Company, Contact, Deal, Pipeline, Stage

FEW, TIMES = 4, 50
SESSION_AND_USER = 2
PLAIN = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
"""Addresses of static files as they are written: nothing has to be collected to count statements."""
LISTS = (
    "reports:my-day",
    "crm:company-list",
    "crm:contact-list",
    "crm:deal-board",
    "crm:deal-list",
    "crm:task-list",
    "discipline:card-list",
)


def run(write: Callable[[str], object]) -> bool:
    """Print a line a page: statements besides session and user at 1x and at 50x rows. False when a page's number grows."""
    with override_settings(STORAGES=PLAIN), scratch_database():
        person, stages = _set_up()
        fill_desk(person, stages, FEW)
        client = Client(SERVER_NAME="localhost")
        client.force_login(person)
        addresses = list(_addresses())
        few = {address: _statements(client, address) for address in addresses}
        fill_desk(person, stages, FEW * (TIMES - 1))
        same = True
        write(f"{'page':<34}{'1x':>5}{TIMES:>5}x")
        for address in addresses:
            many = _statements(client, address)
            same &= many == few[address]
            write(f"{address:<34}{few[address]:>5}{many:>6}{'' if many == few[address] else '   GROWS'}")
    return same


def _set_up() -> tuple[User, list[Stage]]:
    team = Team.objects.create(name="Sales", path="000001.")
    person = User.objects.create_user(
        "bench@daybook.example", "not-asked-for", full_name="Anna Bench", role=Role.MANAGER
    )
    Membership.objects.create(user=person, team=team, starts_on=date(2026, 1, 5))
    pipeline = Pipeline.objects.create(name="Sales")
    names = ("New", "Qualified", "Proposal", "Negotiation")
    return person, [Stage.objects.create(pipeline=pipeline, name=name, position=n) for n, name in enumerate(names)]


def _addresses() -> Iterator[str]:
    yield from (reverse(name) for name in LISTS)
    yield reverse("crm:search") + "?q=company"
    for name, model in (("crm:company", Company), ("crm:contact", Contact), ("crm:deal", Deal)):
        yield reverse(name, args=[model._default_manager.order_by("pk").values_list("pk", flat=True)[0]])


def _statements(client: Client, address: str) -> int:
    """SQL statements of the second call of a page (the first one may fill caches)."""
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}")
    return len(captured) - SESSION_AND_USER
