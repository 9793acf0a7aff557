"""The stand-up is composed of what is known, and says nothing that is not for everybody's ears; odd patterns stay with the head."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from discipline.models import Priority
from discipline.services import appeals, days
from tests.factories.crm import make_activity, make_contact, make_deal, make_stage, make_task
from tests.factories.discipline import make_scored
from tests.factories.people import Cast

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
At = Callable[[str], datetime]
SHEET = "/morning/agenda/"


def part_of(page: str, key: str) -> str:
    """One part of the sheet."""
    return page[page.index(f'id="part-{key}"') :].split("</ul>")[0]


def test_each_part_is_filled_from_the_records(cast: Cast, sign_in: SignIn, at: At) -> None:
    make_scored(cast)
    at("2026-10-05 10:00")
    make_deal(cast.teammate, "Cold deal", stage=make_stage("Offer", cold_after_days=7))
    at("2026-10-19 11:00")
    make_deal(cast.manager, "Won", status="won", amount_minor=12_000_00)
    now = at("2026-10-19 19:00")
    days.close(team=cast.team, day=date(2026, 10, 19), at=now)
    now = at("2026-10-20 09:00")
    task = make_task(cast.manager, now + timedelta(hours=2), "Call Elena")
    Priority.objects.create(user=cast.manager, day=now.date(), place=1, task=task)
    page = sign_in(cast.head).get(SHEET).content.decode()
    assert "1 deal won, €12\u202f000" in part_of(page, "praise")
    stuck = part_of(page, "stuck")
    assert "Tomasz Teammate" in stuck
    assert "1 deal without a next step" in stuck
    assert "Anna Manager" not in stuck
    first = part_of(page, "first")
    assert "Call Elena" in first
    assert "not set yet: which three things come first?" in first
    assert "1 deal has gone cold: go on with it, or close it?" in part_of(page, "decide")
    assert "Room for decisions" in page


def test_what_is_between_two_people_is_not_on_the_sheet(cast: Cast, sign_in: SignIn, at: At) -> None:
    make_scored(cast)
    at("2026-10-19 19:00")
    now = at("2026-10-20 09:00")
    days.close(team=cast.team, day=date(2026, 10, 19), at=now)
    card = cast.manager.scorecards.get()
    appeals.open(line=card.lines.get(code="CV"), text="Three calls are missing", by=cast.manager, at=now)
    page = sign_in(cast.head).get(SHEET).content.decode()
    sheet = page[page.index('class="c-sheet"') : page.index("Room for decisions")].lower()
    for word in ("appeal", "three calls", "point", "missed", "penalt"):
        assert word not in sheet


def test_a_quiet_morning_still_has_something_to_ask(cast: Cast, sign_in: SignIn, at: At) -> None:
    make_scored(cast)
    at("2026-10-20 09:00")
    page = sign_in(cast.head).get(SHEET).content.decode()
    assert "Ask who is content with what since the last stand-up." in page
    assert "Nothing is overdue and every deal has its next step. Say so." in page


def test_an_odd_pattern_is_a_question_about_ones_own_people(cast: Cast, sign_in: SignIn, at: At) -> None:
    make_scored(cast)
    now = at("2026-10-19 17:50")
    for person in (cast.manager, cast.stranger):
        for n in range(6):
            make_activity(person, now, contact=make_contact(person, f"Person {n}"))
    now = at("2026-10-19 19:00")
    for team in (cast.team, cast.other_team):
        days.close(team=team, day=date(2026, 10, 19), at=now)
    at("2026-10-20 09:00")
    page = sign_in(cast.head).get("/morning/").content.decode()
    asked = page[page.index('id="questions-title"') :]
    assert "Anna Manager" in asked
    assert "could they be written down as they happen?" in asked
    assert f"{reverse('discipline:signals')}?from=2026-10-13&amp;until=2026-10-20&amp;team={cast.team.pk}" in asked
    assert "Stefan Stranger" not in page
