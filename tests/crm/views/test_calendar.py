"""The calendar: whose tasks and meetings it draws, when, and what it costs."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from crm.planner_calendar import Span, first_weekday
from tests.budgets import assert_budget, statements
from tests.factories.crm import make_activity, make_company, make_contact, make_deal, make_task
from tests.factories.people import Cast

SignIn = Callable[[User], Client]
WARSAW = ZoneInfo("Europe/Warsaw")
WEEK = {"start": "2026-10-19", "end": "2026-10-26"}
SHELL = {"manager": 2, "head": 3}
"""The frame's own statements: overdue tasks, unread messages, what waits for a head's decision."""


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WARSAW)


def events(client: Client, **asked: str) -> list[dict[str, Any]]:
    answer = client.get(reverse("crm:calendar-events"), WEEK | asked)
    assert answer.status_code == 200, answer.content
    return answer.json()


def titles(client: Client, **asked: str) -> list[str]:
    return [event["title"] for event in events(client, **asked)]


def test_a_week_holds_its_tasks_and_meetings_at_wall_times(cast: Cast, sign_in: SignIn) -> None:
    contact = make_contact(cast.manager, "Elena Bauer")
    make_task(cast.manager, wall("2026-10-20 09:30"), "Ring the warehouse", kind="call", contact=contact)
    make_task(cast.manager, wall("2026-10-22 00:00"), "Some time on Wednesday", due_has_time=False)
    make_activity(
        cast.manager, wall("2026-10-21 11:05"), kind="meeting", contact=contact, seconds=3600, result="agreed"
    )
    listed = events(sign_in(cast.manager))
    assert [(one["title"], one["start"], one["end"], one["allDay"], one["editable"]) for one in listed] == [
        ("Ring the warehouse", "2026-10-20T09:30", "2026-10-20T10:00", False, True),
        ("Some time on Wednesday", "2026-10-21", "2026-10-21", True, True),
        ("Elena Bauer", "2026-10-21T10:00", "2026-10-21T11:00", False, False),
    ]
    assert listed[0]["about"] == "Elena Bauer"
    assert listed[0]["move"] == reverse("crm:task-move", args=[int(listed[0]["id"].removeprefix("task-"))])
    assert listed[2]["href"] == reverse("crm:contact", args=[contact.pk])


def test_the_edges_of_the_week_are_the_readers_own_midnights(cast: Cast, sign_in: SignIn) -> None:
    for text in ("2026-10-18 23:59", "2026-10-19 00:00", "2026-10-25 23:59", "2026-10-26 00:00"):
        make_task(cast.manager, wall(text), text)
    make_task(cast.manager, wall("2026-10-19 00:00"), "whole Sunday before", due_has_time=False)
    make_task(cast.manager, wall("2026-10-26 00:00"), "whole Sunday", due_has_time=False)
    assert titles(sign_in(cast.manager)) == ["2026-10-19 00:00", "whole Sunday", "2026-10-25 23:59"]


def test_what_is_done_stays_and_what_was_dropped_or_not_held_goes(cast: Cast, sign_in: SignIn) -> None:
    at = wall("2026-10-20 09:00")
    make_task(cast.manager, at, "Finished", status="done")
    make_task(cast.manager, at, "Dropped", status="dropped")
    make_activity(cast.manager, at, kind="meeting", result="not_held", company=make_company(cast.manager))
    make_activity(cast.manager, at, kind="call", result="reached")
    only = events(sign_in(cast.manager))
    assert [(one["title"], one["state"], one["editable"], one["move"]) for one in only] == [
        ("Finished", "done", False, "")
    ]


def test_a_head_looks_at_a_colleague_or_at_everybody_of_his(cast: Cast, sign_in: SignIn) -> None:
    at = wall("2026-10-20 09:00")
    for person in (cast.manager, cast.teammate, cast.head, cast.stranger):
        make_task(person, at, f"Of {person.get_short_name()}")
    head = sign_in(cast.head)
    assert titles(head) == ["Of Hanna"]
    assert titles(head, owner=str(cast.manager.pk)) == ["Of Anna"]
    assert titles(head, owner="all") == [
        "Of Anna · Anna Manager",
        "Of Tomasz · Tomasz Teammate",
        "Of Hanna · Hanna Head",
    ]
    assert titles(head, owner=str(cast.stranger.pk)) == ["Of Hanna"], (
        "somebody else's people are as if they were not there"
    )
    assert titles(sign_in(cast.manager), owner="all") == ["Of Anna"]
    assert len(titles(sign_in(cast.owner))) == 4
    assert titles(sign_in(cast.admin)) == []


@pytest.mark.parametrize(
    ("start", "end"),
    [("", ""), ("2026-10-19", ""), ("yesterday", "today"), ("2026-10-26", "2026-10-19"), ("2026-10-19", "2026-10-19"),
     ("2026-10-01", "2026-11-13"), ("0001-01-01", "0001-01-02"), ("9999-12-30", "9999-12-31")],
)  # fmt: skip
def test_days_that_are_none_or_too_many_are_refused(cast: Cast, sign_in: SignIn, start: str, end: str) -> None:
    assert sign_in(cast.manager).get(reverse("crm:calendar-events"), {"start": start, "end": end}).status_code == 400


def test_six_weeks_are_a_month(cast: Cast, sign_in: SignIn) -> None:
    assert events(sign_in(cast.manager), start="2026-10-01T00:00:00Z", end="2026-11-12T00:00:00Z") == []


def test_the_week_begins_where_the_language_begins_it() -> None:
    for language, begins in (("en", 1), ("pl", 1), ("ru", 1), ("es", 1)):
        with translation.override(language):
            assert first_weekday() == begins
            week = Span.week_of(date(2026, 10, 25))
            assert (week.first, week.until) == (date(2026, 10, 19), date(2026, 10, 26))


def test_without_scripts_the_week_is_a_list(cast: Cast, sign_in: SignIn) -> None:
    task = make_task(cast.manager, wall("2026-10-20 09:30"), "<b>Ring</b> the warehouse")
    page = sign_in(cast.manager).get(reverse("crm:calendar"), {"week": "2026-10-22"}).content.decode()
    assert "Tuesday, 20 October" in page
    assert "&lt;b&gt;Ring&lt;/b&gt; the warehouse" in page
    assert reverse("crm:calendar-task", args=[task.pk]) in page
    assert "?week=2026-10-12" in page
    assert sign_in(cast.manager).get(reverse("crm:calendar"), {"week": "soon"}).status_code == 200


def test_one_task_is_opened_with_what_can_be_done(cast: Cast, sign_in: SignIn) -> None:
    task = make_task(cast.manager, timezone.now(), "Ring the warehouse", pushes=2)
    url = reverse("crm:calendar-task", args=[task.pk])
    page = sign_in(cast.manager).get(url, headers={"HX-Request": "true"}).content.decode()
    assert "moved 2 times" in page
    assert f'hx-get="{reverse("crm:task-move", args=[task.pk])}"' in page
    assert reverse("crm:task-move", args=[task.pk]) not in sign_in(cast.owner).get(url).content.decode()
    assert sign_in(cast.stranger).get(url).status_code == 404


def test_a_free_hour_proposes_its_time(cast: Cast, sign_in: SignIn) -> None:
    client = sign_in(cast.manager)
    page = client.get(
        reverse("crm:task-new"), {"due": "2026-10-20T14:30"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert 'value="2026-10-20"' in page
    assert 'value="14:30"' in page
    whole = client.get(reverse("crm:task-new"), {"due": "2026-10-20"}, headers={"HX-Request": "true"}).content.decode()
    assert 'value="2026-10-20"' in whole
    for wrong in ("soon", "2026-10-40", "2026-10-20T99:00", "0" * 500):
        assert client.get(reverse("crm:task-new"), {"due": wrong}).status_code == 200


@pytest.mark.parametrize("who", ["manager", "head"])
def test_it_costs_the_same_however_much_is_planned(cast: Cast, sign_in: SignIn, who: str) -> None:
    at, client = wall("2026-10-20 09:00"), sign_in(getattr(cast, who))

    def fill(count: int = 40) -> None:
        for n in range(count):
            deal = make_deal(cast.manager, f"Deal {n}", company=make_company(cast.manager, f"Company {n}"))
            make_task(cast.manager, at + timedelta(hours=n), f"Task {n}", deal=deal)
            make_activity(cast.manager, at, kind="meeting", company=deal.company)

    fill(1)
    url = f"{reverse('crm:calendar-events')}?start=2026-10-19&end=2026-10-26&owner=all"
    assert_budget(client, url, 1 if who == "manager" else 2, fill)
    assert statements(client, f"{reverse('crm:calendar')}?week=2026-10-20") <= 3 + SHELL[who]
