"""What is behind a figure: as many records and of the same sum as the screen said, also when they have changed since."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from django.utils.html import escape
from openpyxl import load_workbook

from accounts.models import AccessEvent, EventKind, User
from accounts.services import memberships
from discipline.services import days
from reports.behind import asked, link
from reports.behind.page import Behind
from reports.figures import FIGURES
from reports.figures.sums import Sums
from reports.models import TeamReading
from reports.services import readings
from tests.budgets import statements
from tests.factories.crm import make_deal, make_task
from tests.factories.discipline import make_scored
from tests.factories.people import Cast
from tests.fixtures import Clock

SHELL = 1
"""The count of unread messages."""
SignIn = Callable[[User], Client]
pytestmark = pytest.mark.django_db


def opened(user: User, url: str, clock: Clock) -> Behind:
    parts = urlsplit(url)
    return Behind(user, asked.read(parts.path.split("/")[2], QueryDict(parts.query), now=clock.now), clock.now)


def test_count_and_sum_are_the_figures_though_the_deals_changed_since(cast: Cast, clock: Clock) -> None:
    first = make_deal(cast.manager, "Lathes", amount_minor=100_00)
    make_deal(cast.teammate, "Mills", amount_minor=50_00)
    make_deal(cast.stranger, "Drills", amount_minor=7_00)
    at = clock.set("2026-10-20 10:10")
    readings.read(at=at)
    clock.set("2026-10-21 12:00")
    first.amount_minor, first.owner, first.title = 900_00, cast.stranger, "Lathes, again"
    first.save()
    for user, team in ((cast.owner, None), (cast.head, cast.team), (cast.owner, cast.other_team)):
        said = Sums.of(TeamReading.objects.get(team=team).figures).whole("deals_open")
        page = opened(user, link("deals_open", at=at, team=team.pk if team else None), clock)
        assert (page.count, page.minor) == (said.count, said.minor)
    assert [row.name for row in page.rows] == ["Drills"]
    mine = opened(cast.owner, link("deals_open", at=at, person=cast.manager.pk), clock)
    assert [(row.name, row.amount) for row in mine.rows] == [("Lathes", "€100")]


def test_a_head_opens_what_his_teams_have_and_a_manager_his_own(cast: Cast, clock: Clock) -> None:
    for owner in (cast.manager, cast.teammate, cast.stranger):
        make_deal(owner, str(owner), amount_minor=100)
    at = clock.set("2026-10-20 10:10")
    counts = {
        user: opened(user, link("deals_open", at=at), clock).count for user in (cast.manager, cast.head, cast.owner)
    }
    assert counts == {cast.manager: 1, cast.head: 2, cast.owner: 3}
    assert opened(cast.manager, link("deals_open", at=at, person=cast.teammate.pk), clock).count == 0


def test_who_is_moved_with_a_date_that_is_past_stays_where_the_morning_counted_him(cast: Cast, clock: Clock) -> None:
    make_deal(cast.manager)
    make_deal(cast.teammate)
    at = clock.set("2026-10-20 10:10")
    readings.read(at=at)
    memberships.place(user=cast.teammate, team=cast.other_team, on=date(2026, 10, 20), by=cast.admin)
    for user, team, count in ((cast.owner, cast.team, 2), (cast.head, None, 2), (cast.other_head, None, 0)):
        assert opened(user, link("deals_open", at=at, team=team.pk if team else None), clock).count == count
    later = clock.set("2026-10-20 11:00")
    counts = [opened(user, link("deals_open", at=later), clock).count for user in (cast.head, cast.other_head)]
    assert counts == [1, 1]


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Auckland"])
def test_a_card_stands_under_its_day_on_every_clock(cast: Cast, clock: Clock, zone: str) -> None:
    clock.set("2026-10-12 08:00")
    make_scored(cast)
    at = clock.set("2026-10-16 18:31")
    days.close(team=cast.team, day=date(2026, 10, 16), at=at)
    with timezone.override(ZoneInfo(zone)):
        page = opened(cast.head, link("unreviewed", at=clock.set("2026-10-16 19:00")), clock)
        assert {row.day for row in page.rows} == {date(2026, 10, 16)}


def test_the_page_leads_on_and_back_and_takes_two_statements(cast: Cast, clock: Clock, sign_in: SignIn) -> None:
    make_task(cast.manager, clock.set("2026-10-19 10:00"), "Call <b>back</b>", deal=make_deal(cast.manager))
    at = clock.set("2026-10-20 10:10")
    client, url = sign_in(cast.head), link("overdue", at=at, team=cast.team.pk, back="/morning/?day=1#people")
    page = client.get(url).content.decode()
    assert escape("Call <b>back</b>") in page
    assert 'href="/morning/?day=1#people"' in page
    assert f"/deals/{cast.manager.deals.get().pk}/" in page
    few = statements(client, url)
    for _n in range(5):
        make_task(cast.manager, clock.set("2026-10-19 10:00"), deal=make_deal(cast.manager))
    assert (few, statements(client, url)) == (SHELL + 2, SHELL + 2)


@pytest.mark.parametrize("key", sorted(FIGURES))
def test_every_figure_opens_for_the_owner_with_and_without_a_team(
    key: str, cast: Cast, clock: Clock, sign_in: SignIn
) -> None:
    client, at = sign_in(cast.owner), clock.set("2026-10-20 10:10")
    for narrowed in ({}, {"team": cast.team.pk}, {"person": cast.manager.pk}, {"parts": ["1", "x"]}):
        assert client.get(link(key, at=at, **narrowed)).status_code == 200


def test_what_no_page_links_to_is_not_there(cast: Cast, clock: Clock, sign_in: SignIn) -> None:
    client, at = sign_in(cast.head), clock.now
    strange = [
        "/behind/nothing/?at=2026-10-20T08:00:00%2B00:00",
        "/behind/won/",
        "/behind/won/?at=2026-10-20",
        "/behind/won/?at=2999-10-20T08:00:00%2B00:00",
        link("won", at=at, team=cast.other_team.pk),
        link("won", at=at) + "&person=x",
        "/behind/won/?at=0001-01-01T00:00:00%2B00:00",
    ]
    assert client.get(link("won", at=at) + "&page=999999999999999999").status_code == 200
    assert {client.get(url).status_code for url in strange} == {404}
    assert 'href="//evil' not in client.get(link("won", at=at, back="//evil.example/")).content.decode()


def test_the_file_holds_the_same_rows_and_leaves_a_trace(cast: Cast, clock: Clock, sign_in: SignIn) -> None:
    make_deal(cast.manager, "=1+1", amount_minor=100_50)
    query = link("deals_open", at=clock.set("2026-10-20 10:10")).partition("?")[2]
    answer = sign_in(cast.head).post("/behind/deals_open/export/", {"kind": "xlsx", "query": query})
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    row = [cell.value for cell in sheet[2]]
    assert (row[0], row[5], row[6]) == ("=1+1", 100.5, "EUR")
    assert AccessEvent.objects.get(kind=EventKind.EXPORTED).detail["rows"] == 1
