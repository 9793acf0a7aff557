"""Every figure of the morning opens a list with exactly as many records and the same sum, now and on a morning that is kept."""

import html
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client

from accounts import formats
from accounts.models import User
from discipline.models import Plan
from discipline.services import days
from reports.models import Reading
from reports.services import readings
from tests.factories.crm import make_activity, make_company, make_deal, make_stage, make_task
from tests.factories.discipline import make_scored
from tests.factories.people import Cast

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
At = Callable[[str], datetime]
LINK = re.compile(r'<a [^>]*href="(/behind/[^"]+)"[^>]*>(.*?)</a>', re.S)
COUNT = re.compile(r'data-count="(\d+)"')
MONEY = re.compile(r"[€$]([\d.]+)(k|M|)")


def fill(cast: Cast, now: datetime) -> None:
    """Something of everything for two people, a little for who is not the head's."""
    cold = make_stage("Offer", cold_after_days=1)
    for n, person in enumerate((cast.manager, cast.teammate, cast.teammate, cast.head, cast.stranger)):
        company = make_company(person, f"Company {n}")
        make_task(person, now - timedelta(days=1 + n), f"Late {n}")
        make_deal(person, f"Bare {n}", company=company, stage=cold, amount_minor=1_000_00 + n)
        make_deal(person, f"Won {n}", company=company, status="won", amount_minor=(n + 1) * 2_000_00)
        make_activity(person, now, company=company)
    for person, target in ((cast.manager, 60_000), (cast.teammate, 8_000)):
        month = date(2026, 10, 1)
        Plan.objects.create(
            user=person,
            metric="sum_won",
            first=month,
            last=date(2026, 10, 31),
            target=Decimal(target),
            set_by=cast.head,
        )


def opened(client: Client, url: str) -> tuple[int, str]:
    """How many records a link opens, and the page."""
    body = client.get(html.unescape(url)).content.decode()
    found = COUNT.search(body)
    assert found, url
    return int(found[1]), body


def said_money(text: str) -> list[str]:
    return [match[0] for match in MONEY.finditer(text.replace("\u202f", ""))]


def check(client: Client, page: str) -> set[str]:
    """Open every figure of a page; the keys of those that were looked at."""
    seen = set()
    for url, inside in LINK.findall(page):
        text = html.unescape(re.sub(r"<svg.*?</svg>|<[^>]+>", " ", inside)).replace("\u202f", "")
        key = url.split("/")[2]
        count, body = opened(client, url)
        numbers = [int(n) for n in re.findall(r"(?<![\d€$.:/])\b(\d+)\b(?![\d.:k%€])", text)]
        if key in ("won", "plan") and (amounts := said_money(text)):
            sums = re.findall(r'<b class="u-num">([^<]+)</b>', body)
            minor = sum(int(Decimal(re.sub(r"[^\d.]", "", one)) * 100) for one in sums)
            shorts = {formats.money_short(minor).replace("\u202f", ""), formats.money(minor).replace("\u202f", "")}
            assert shorts & set(amounts), (url, amounts, sums)
        elif "nothing" in text:
            assert count == 0, url
        elif numbers:
            assert count in numbers, (url, text, count)
        else:
            continue
        seen.add(key)
    return seen


def test_every_figure_of_now_opens_what_it_counts(cast: Cast, sign_in: SignIn, at: At) -> None:
    make_scored(cast)
    fill(cast, at("2026-10-16 11:00"))
    now = at("2026-10-19 19:00")
    days.close(team=cast.team, day=date(2026, 10, 19), at=now)
    now = at("2026-10-20 10:00")
    make_activity(cast.manager, now)
    client = sign_in(cast.head)
    seen = check(client, client.get("/morning/").content.decode())
    assert seen == {"entered", "overdue", "deals_bare", "deals_cold", "unreviewed", "won", "plan"}
    check(client, client.get("/morning/agenda/").content.decode())


def test_a_kept_morning_stays_as_it_was_whatever_happens_later(cast: Cast, sign_in: SignIn, at: At) -> None:
    make_scored(cast)
    fill(cast, at("2026-10-16 11:00"))
    readings.read(at=at("2026-10-19 06:30"))
    client = sign_in(cast.head)
    at("2026-10-19 09:00")
    before = client.get("/morning/?day=2026-10-19").content.decode()
    now = at("2026-10-20 15:00")
    for deal in cast.manager.deals.all():
        deal.amount_minor, deal.owner = 1, cast.teammate
        deal.save()
    cast.teammate.tasks.update(status="done", done_at=now)
    make_deal(cast.manager, "Won later", status="won", amount_minor=9_999_00)
    after = client.get("/morning/?day=2026-10-19").content.decode()
    figures = [re.sub(r"\s+", " ", inside) for _url, inside in LINK.findall(after)]
    assert figures == [re.sub(r"\s+", " ", inside) for _url, inside in LINK.findall(before)]
    assert check(client, after) >= {"overdue", "deals_bare", "won", "plan"}
    assert "as it was mailed" in after
    assert Reading.objects.get(day=date(2026, 10, 19), kept=True).moment.hour == 4


def test_a_past_morning_says_what_is_not_kept(cast: Cast, sign_in: SignIn, at: At) -> None:
    make_scored(cast)
    readings.read(at=at("2026-10-19 06:30"))
    at("2026-10-20 10:00")
    client = sign_in(cast.head)
    page = client.get("/morning/?day=2026-10-19").content.decode()
    assert "This is a past morning" in page
    assert 'id="desk-title"' not in page
    assert 'id="questions-title"' not in page
    for unknown in ("without priorities", "entered nothing yet", "First today", "not set"):
        assert unknown not in page
    assert "Nothing was kept of this morning" in client.get("/morning/?day=2026-10-18").content.decode()
    assert client.get("/morning/?day=yesterday").status_code == 404


def test_the_mornings_are_leafed_through(cast: Cast, sign_in: SignIn, at: At) -> None:
    make_scored(cast)
    for day in ("2026-10-16", "2026-10-19"):
        readings.read(at=at(f"{day} 06:30"))
    at("2026-10-20 10:00")
    client = sign_in(cast.head)
    assert 'rel="prev" href="?day=2026-10-19"' in client.get("/morning/").content.decode()
    page = client.get("/morning/?day=2026-10-16").content.decode()
    assert 'rel="next" href="?day=2026-10-19"' in page
    assert 'rel="prev"' not in page
