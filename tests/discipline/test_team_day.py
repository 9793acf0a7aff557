"""The team's day from the short rows of cards: the same as the cards say, in two statements, with what the days before were like."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import Error, connection, transaction
from django.test import Client

from accounts.models import User
from discipline import team_day
from discipline.models import DaySheet, Scheme, ScoreLine
from discipline.services import days
from discipline.sql import DAY_SHEETS
from tests.budgets import assert_budget, statements
from tests.factories.crm import make_activity, make_contact
from tests.factories.discipline import make_assignment
from tests.factories.people import Cast, make_user
from tests.fixtures import Clock

SignIn = Callable[[User], Client]
SHELL = 4
"""The bell, the counts of the sidebar, and the reader's own settings."""
TUESDAY = date(2026, 10, 20)
pytestmark = pytest.mark.django_db


@pytest.fixture
def three_days(scored: Scheme, clock: Clock, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tuesday to Thursday are closed; the manager calls on the last day only."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock.now)
    for n in range(3):
        day = TUESDAY + timedelta(days=n)
        if n == 2:
            for minute in range(5):
                clock.set(f"{day} 09:0{minute}")
                make_activity(cast.manager, clock.now, note="Talked.", contact=make_contact(cast.manager, f"N{minute}"))
        days.close(team=cast.team, day=day, at=clock.set(f"{day} 18:30"))
    clock.set("2026-10-23 08:00")


def test_a_sheet_says_what_the_card_and_its_lines_say_and_stays(three_days: None) -> None:
    assert DaySheet.objects.count() == 6
    for sheet in DaySheet.objects.select_related("card__user"):
        lines = ScoreLine.objects.filter(card=sheet.card).select_related("rule").order_by("position")
        assert (sheet.points, sheet.name, sheet.day) == (sheet.card.points, sheet.card.user.full_name, sheet.card.day)
        assert [(one[0], one[1], one[3], one[4], one[5]) for one in sheet.lines] == [
            (line.code, line.metric, None if line.value is None else float(line.value), line.result, line.points)
            for line in lines
        ]
    with pytest.raises(Error), transaction.atomic():
        DaySheet.objects.update(points=99)


def test_the_day_has_its_cells_and_the_days_before_as_trends(three_days: None, cast: Cast) -> None:
    closed = team_day.read(cast.head, cast.team, None)
    assert (closed.day, closed.earlier, closed.later) == (date(2026, 10, 22), date(2026, 10, 21), None)
    assert closed.page is not None
    rows = {row["person"]: row for row in closed.page.rows}
    mine = [card.points for card in cast.manager.scorecards.order_by("day")]
    assert rows["Anna Manager"]["trend"] == mine
    assert rows["Anna Manager"]["total"] == mine[-1]
    calls = next(n for n, label in enumerate(closed.page.columns) if label == "Conversations")
    assert closed.page.trends[calls] == [0.0, 0.0, 50.0]
    first = team_day.read(cast.head, cast.team, TUESDAY)
    assert (first.earlier, first.later) == (None, date(2026, 10, 21))
    nothing = team_day.read(cast.head, cast.team, date(2026, 10, 18))
    assert (nothing.page, nothing.later) == (None, TUESDAY)


def test_the_page_takes_two_statements_whatever_the_people(
    three_days: None, scored: Scheme, cast: Cast, clock: Clock, sign_in: SignIn
) -> None:
    client = sign_in(cast.head)
    page = client.get("/team-day/?day=2026-10-22").content.decode()
    assert len(re.findall(r'class="c-heat__trend', page)) > 2

    def more() -> None:
        for number in range(20):
            person = make_user(f"More {number}", team=cast.team)
            make_assignment(person, cast.team, scored, cast.admin, on=date(2026, 10, 23))
        days.close(team=cast.team, day=date(2026, 10, 23), at=clock.set("2026-10-23 18:30"))

    assert_budget(client, "/team-day/", 2 + SHELL, more)
    assert client.get("/team-day/").content.decode().count("More ") > 20


def test_the_rows_of_older_cards_were_made_when_the_table_came(three_days: None) -> None:
    before = list(DaySheet.objects.order_by("pk").values())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE discipline_daysheet DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM discipline_daysheet")
        cursor.execute(DAY_SHEETS.format(which="IS NOT NULL"))
        cursor.execute("ALTER TABLE discipline_daysheet ENABLE TRIGGER USER")
    assert list(DaySheet.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("who", ["head", "owner"])
def test_a_card_takes_two_statements(three_days: None, cast: Cast, sign_in: SignIn, who: str) -> None:
    card = cast.manager.scorecards.order_by("-day")[0]
    client = sign_in(getattr(cast, who))
    page = client.get(f"/cards/{card.pk}/").content.decode()
    assert 'rel="prev"' in page
    assert (f"/cards/{card.pk}/correct/" in page) == (who == "head")
    assert statements(client, f"/cards/{card.pk}/") == 2 + 1, "and the counts of the shell"
