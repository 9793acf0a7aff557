"""The head's morning: whom it shows, what it says of each, and what it costs."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Role, User
from crm.models import TaskStatus
from discipline.models import Leave, LeaveStatus, Plan, Priority
from discipline.services import appeals, days
from tests.budgets import assert_budget
from tests.factories.crm import make_activity, make_deal, make_task
from tests.factories.discipline import make_scored
from tests.factories.people import LONG_AGO, Cast, make_user

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
At = Callable[[str], datetime]
PAGE = "/morning/"
SHELL = 2
"""The frame's own statements."""


def page_of(client: Client, url: str = PAGE) -> str:
    return client.get(url).content.decode()


def line_of(page: str, name: str) -> str:
    """The line of a person in the list."""
    people = page[page.index('id="people-title"') : page.index('id="agenda-title"')]
    return next(row for row in people.split("<tr>") if f'<span class="u-truncate">{name}</span>' in row)


def make_plan(user: User, by: User, target: int, month: date = date(2026, 10, 1)) -> None:
    last = (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    Plan.objects.create(user=user, metric="sum_won", first=month, last=last, target=Decimal(target), set_by=by)


def test_a_head_sees_where_his_people_need_him_and_nobody_elses(cast: Cast, sign_in: SignIn, at: At) -> None:
    make_scored(cast)
    now = at("2026-10-20 10:00")
    make_task(cast.manager, now - timedelta(days=1))
    make_deal(cast.teammate)
    make_deal(cast.stranger)
    make_activity(cast.manager, now)
    page = page_of(sign_in(cast.head))
    assert "Anna Manager" in page
    assert "Tomasz Teammate" in page
    assert "Stefan Stranger" not in page
    assert "nothing</a>" in line_of(page, "Tomasz Teammate")
    assert "nothing</a>" not in line_of(page, "Anna Manager")
    assert page.count("not set</a>") == 2


def test_who_needs_somebody_first_stands_first(cast: Cast, sign_in: SignIn, at: At) -> None:
    make_scored(cast)
    now = at("2026-10-20 10:00")
    for n in range(2):
        make_task(cast.teammate, now - timedelta(days=1), f"Late {n}")
    page = page_of(sign_in(cast.head))
    people = page[page.index('id="people-title"') :]
    assert people.index("Tomasz Teammate") < people.index("Anna Manager")


def test_the_list_narrows_to_who_entered_nothing_and_who_has_no_priorities(cast: Cast, sign_in: SignIn, at: At) -> None:
    make_scored(cast)
    now = at("2026-10-20 10:00")
    make_activity(cast.manager, now)
    task = make_task(cast.teammate, now + timedelta(hours=2), "Call Elena")
    Priority.objects.create(user=cast.teammate, day=now.date(), place=1, task=task)
    client = sign_in(cast.head)
    for only, shown in (("silent", "Tomasz Teammate"), ("unset", "Anna Manager")):
        page = page_of(client, f"{PAGE}?only={only}")
        people = page[page.index('id="people-title"') : page.index('id="agenda-title"')]
        assert shown in people
        assert people.count("<tr>") == 2, "the heading and one person"
        assert "Show everybody" in people


def test_priorities_stand_with_what_is_done(cast: Cast, sign_in: SignIn, at: At) -> None:
    make_scored(cast)
    now = at("2026-10-20 10:00")
    for place, status in ((1, TaskStatus.DONE), (2, TaskStatus.OPEN)):
        task = make_task(cast.manager, now + timedelta(hours=place), f"Thing {place}", status=status)
        Priority.objects.create(user=cast.manager, day=now.date(), place=place, task=task)
    page = page_of(sign_in(cast.head))
    assert "1/2<span" in line_of(page, "Anna Manager")
    assert "Thing 1 · Thing 2" in page


def test_who_is_away_is_no_exception(cast: Cast, sign_in: SignIn, at: At) -> None:
    make_scored(cast)
    now = at("2026-10-20 10:00")
    Leave.objects.create(
        user=cast.teammate, from_at=now - timedelta(hours=10), until_at=now + timedelta(days=2),
        status=LeaveStatus.APPROVED, asked_by=cast.teammate, decided_by=cast.head,
    )  # fmt: skip
    page = page_of(sign_in(cast.head))
    line = line_of(page, "Tomasz Teammate")
    assert "away" in line
    assert "not set" not in line
    assert "who looks after the clients?" in page


def test_free_days_ask_nobody_for_anything(cast: Cast, sign_in: SignIn, at: At) -> None:
    make_scored(cast)
    at("2026-10-18 10:00")
    page = page_of(sign_in(cast.head))
    assert "nothing</a>" not in page
    assert "not set</a>" not in page


def test_plan_pace_and_what_each_day_must_bring(cast: Cast, sign_in: SignIn, at: At) -> None:
    """The handbook's numbers: a plan of 60 000, 30 000 won; here 13 of 22 workdays are over on the 20th."""
    make_scored(cast)
    at("2026-10-01 09:00")
    make_plan(cast.manager, cast.head, 60_000)
    at("2026-10-15 12:00")
    make_deal(cast.manager, "Won", status="won", amount_minor=30_000_00)
    at("2026-10-20 09:00")
    line = line_of(page_of(sign_in(cast.head)), "Anna Manager")
    assert "€30k" in line
    assert "€60k" in line
    assert "50\u202f%" in line
    assert "<span>€3\u202f333</span>" in line, "30 000 over the 9 days left"
    assert "Watch" in line


def test_somebody_without_a_plan_shows_what_he_won(cast: Cast, sign_in: SignIn, at: At) -> None:
    make_scored(cast)
    at("2026-10-20 09:00")
    make_deal(cast.manager, "Won", status="won", amount_minor=5_000_00)
    line = line_of(page_of(sign_in(cast.head)), "Anna Manager")
    assert "€5k" in line
    assert "no plan yet" in line


def test_cards_to_review_appeals_and_leave_wait_in_one_place(cast: Cast, sign_in: SignIn, at: At) -> None:
    make_scored(cast)
    at("2026-10-19 19:00")
    now = at("2026-10-20 09:00")
    days.close(team=cast.team, day=date(2026, 10, 19), at=now)
    card = cast.manager.scorecards.get()
    appeal = appeals.open(line=card.lines.get(code="CV"), text="Three calls are missing", by=cast.manager, at=now)
    Leave.objects.create(
        user=cast.teammate, from_at=now + timedelta(days=5), until_at=now + timedelta(days=6), asked_by=cast.teammate
    )
    page = page_of(sign_in(cast.head))
    desk = page[page.index('id="desk-title"') : page.index('id="questions-title"')]
    assert "Appeal about Yesterday" in desk
    assert f"{reverse('discipline:correction-list')}?item=appeal-{appeal.pk}" in desk
    assert "Holiday leave" in desk
    assert reverse("discipline:leave-list") in desk
    assert '<span class="c-count">2</span>' in desk
    judged = card.lines.filter(result__in=("met", "missed"))
    assert f"{judged.filter(result='met').count()}/{judged.count()}<span" in line_of(page, "Anna Manager")


def test_nobody_but_a_head_has_a_morning(cast: Cast, sign_in: SignIn, at: At) -> None:
    at("2026-10-20 10:00")
    for who in (cast.manager, cast.owner, cast.admin):
        assert sign_in(who).get(PAGE).status_code == 404


def test_a_day_that_no_calendar_has_is_not_there(cast: Cast, sign_in: SignIn, at: At) -> None:
    at("2026-10-20 10:00")
    client = sign_in(cast.head)
    assert {client.get(f"{PAGE}?day={day}").status_code for day in ("x", "0001-01-01", "9999-12-31")} == {404}


def test_a_head_without_people_is_told_what_to_do(sign_in: SignIn, at: At) -> None:
    at("2026-10-20 10:00")
    page = page_of(sign_in(make_user("Lena Lonely", Role.HEAD)))
    assert "Nobody is in your teams yet" in page


def test_a_morning_costs_four_statements_whatever_there_is(cast: Cast, sign_in: SignIn, at: At) -> None:
    make_scored(cast)
    now = at("2026-10-20 10:00")
    days.close(team=cast.team, day=date(2026, 10, 19), at=now)

    def fill(count: int) -> None:
        for n in range(count):
            person = make_user(f"Newcomer {n}")
            Membership.objects.create(user=person, team=cast.team, starts_on=LONG_AGO)
            for user in (person, cast.manager):
                make_task(user, now - timedelta(days=1), f"Late {n}")
                make_deal(user, f"Deal {n}", amount_minor=n * 100)
                make_activity(user, now)
            Leave.objects.create(
                user=person, from_at=now + timedelta(days=5), until_at=now + timedelta(days=6), asked_by=person
            )

    fill(1)
    assert_budget(sign_in(cast.head), PAGE, 3 + SHELL, lambda: fill(10))
