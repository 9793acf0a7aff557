"""The pages of the day's work in a company full of records: statements and buffers, pages deep down, the page written by hand.

Counts decide whether it passes: they hold on any machine. `SIZE=L` fills a million contacts; it takes some minutes and 15 GB.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from statistics import median
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse

from accounts.models import User
from bench.pages import PLAIN, SESSION_AND_USER
from bench.work import stopwatch
from bench.workplace_rows import ON_THE_BOARD, SIZES, fill
from config.scratch import scratch_database
from crm.lists.keyset import Cursor
from crm.models import Company, Contact

Write = Callable[[str], object]
SHELL = 1
"""What the sidebar and the bell count on every page."""
LOOK_UPS = 5
"""Columns of the lists that look up another record (company, phone, owner, last touch, next step): two buffers more a row each."""
A_ROW = 6 + 2 * LOOK_UPS
REPETITIONS = 9


@dataclass(frozen=True)
class Page:
    """A page, for whom, with its bounds: statements besides session, user and shell; buffers in all, by `per` where it says so."""

    name: str
    user: User
    address: str
    statements: int
    buffers: int = 0
    per: int = 1


def run(write: Write, size: str = "") -> bool:
    """Print a line a page; False when a count is out of bounds."""
    name = size or os.environ.get("SIZE", "S")
    with override_settings(STORAGES=PLAIN), scratch_database():
        began = time.monotonic()
        person, owner = fill(SIZES[name])
        write(f"size {name}: {SIZES[name].contacts:,} contacts, filled in {time.monotonic() - began:.0f} s")
        write(f"{'page':<22}{'statements':>12}{'bound':>7}{'buffers':>10}{'each':>8}{'bound':>7}")
        passed = [_measured(write, page) for page in _pages(person, owner)]
        passed.append(_deep(write, owner, SIZES[name].contacts))
        _by_hand(write, owner)
    return all(passed)


def _pages(person: User, owner: User) -> list[Page]:
    company = Company.objects.filter(owner=person).order_by("pk").values_list("pk", flat=True)[0]
    contact = Contact.objects.filter(owner=person).order_by("pk").values_list("pk", flat=True)[0]
    end = str(500_000_000 + contact)[-7:]
    return [
        Page("board, 500 open deals", person, reverse("crm:deal-board") + "?whole=all", 3, 15, ON_THE_BOARD),
        Page("company", person, reverse("crm:company", args=[company]), 5, 100),
        Page("contact", person, reverse("crm:contact", args=[contact]), 5, 100),
        Page("contacts, everybody's", owner, reverse("crm:contact-list"), 2, A_ROW, 50),
        Page("companies, one's own", person, reverse("crm:company-list"), 2, A_ROW, 50),
        Page("search, a name", owner, reverse("crm:search") + "?q=a1b", 2, 2500),
        Page("search, a phone", owner, reverse("crm:search") + f"?q={end}", 2, 2500),
        Page("My day", person, reverse("reports:my-day"), 6),
        Page("queue", person, reverse("crm:queue"), 3),
        Page("tasks", person, reverse("crm:task-list"), 3),
    ]


def _measured(write: Write, page: Page) -> bool:
    asked = asked_of(page.user, page.address)
    statements, buffers = len(asked) - SHELL, sum(buffers_of(sql) for sql in asked)
    each = buffers / page.per
    fits = statements <= page.statements and (not page.buffers or each <= page.buffers)
    bound = page.buffers or "-"
    write(
        f"{page.name:<22}{statements:>12}{page.statements:>7}{buffers:>10,}{each:>8.1f}{bound:>7}{'' if fits else '   OUT OF BOUNDS'}"
    )
    return fits


def asked_of(user: User, address: str) -> list[str]:
    """The statements of a page's second call, without those for session and user."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(user)
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")
    return [query["sql"] for query in captured.captured_queries][SESSION_AND_USER:]


def buffers_of(sql: str) -> int:
    """Buffers that a statement reads once everything is cached."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}".replace("%", "%%"), [])
        found: Any = cursor.fetchone()[0]
    plan = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return int(plan["Shared Hit Blocks"]) + int(plan["Shared Read Blocks"])


def _deep(write: Write, owner: User, contacts: int) -> bool:
    """The page behind 95 % of all contacts, beside the first one."""
    first = reverse("crm:contact-list")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name_key, id FROM crm_contact ORDER BY name_key, id OFFSET %s LIMIT 1", [int(contacts * 0.95)]
        )
        value, pk = cursor.fetchone()
    near, far = (
        sum(buffers_of(sql) for sql in asked_of(owner, address))
        for address in (first, f"{first}?after={Cursor(value, pk)}")
    )
    write(f"contacts behind {contacts * 0.95:,.0f}: {far} buffers, first page {near}: {far / near:.2f} x (bound 1.5)")
    return far <= near * 1.5


def _by_hand(write: Write, owner: User) -> None:
    """The contact list as it answers, beside the same statements with the rows put into one string by hand."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(owner)
    address = reverse("crm:contact-list")
    sqls = [sql.replace("%", "%%") for sql in asked_of(owner, address)]
    whole, floor = seconds_of(lambda: client.get(address)), seconds_of(lambda: written_of(sqls))
    results = seconds_of(lambda: client.get(address, headers={"HX-Request": "true", "HX-Target": "list-results"}))
    write(
        f"contacts: whole page {whole * 1000:.1f} ms, rows alone {results * 1000:.1f} ms, by hand {floor * 1000:.1f} ms: "
        f"{whole / floor:.1f} x and {results / floor:.1f} x (bound 2.5)"
    )


def written_of(sqls: list[str]) -> str:
    parts = []
    for sql in sqls:
        with connection.cursor() as cursor:
            cursor.execute(sql, [])
            parts += [
                f"<tr>{''.join(f'<td>{escape(str(value))}</td>' for value in row)}</tr>" for row in cursor.fetchall()
            ]
    return "".join(parts)


def seconds_of(work: Callable[[], object]) -> float:
    now, took = stopwatch(), []
    work()
    for _repetition in range(REPETITIONS):
        began = now()
        work()
        took.append(now() - began)
    return median(took)
