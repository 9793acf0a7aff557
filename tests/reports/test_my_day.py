"""My day: what each role sees first, and what it costs."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Role, User
from crm.models import Activity
from discipline.services import days
from tests.budgets import assert_budget
from tests.factories.crm import make_activity, make_company, make_contact, make_deal, make_stage, make_task
from tests.factories.discipline import make_scored
from tests.factories.people import LONG_AGO, Cast, make_user
from tests.fixtures import Clock

SignIn = Callable[[User], Client]
At = Callable[[str], datetime]
HTMX = {"HX-Request": "true"}
SHELL = 2
"""The frame's own two statements: overdue tasks and unread messages."""


@pytest.fixture
def at(clock: Clock) -> Iterator[Callable[[str], datetime]]:
    """Show one and the same time to the database and to the program."""
    with time_machine.travel(clock.now, tick=False) as traveller:

        def show(wall: str) -> datetime:
            moment = clock.set(wall)
            traveller.move_to(moment)
            return moment

        yield show


def day_of(client: Client, **headers: str) -> str:
    return client.get("/", headers=headers).content.decode()


def test_the_running_day_says_what_is_kept_and_what_is_to_go(cast: Cast, sign_in: SignIn, at: At) -> None:
    make_scored(cast)
    now = at("2026-10-20 10:00")
    for n in range(5):
        contact = make_contact(cast.manager, f"Person {n}")
        make_activity(cast.manager, now - timedelta(minutes=11 * n), contact=contact, result="reached")
    page = day_of(sign_in(cast.manager))
    assert "Good morning, Anna" in page
    assert "Tuesday, 20 October" in page
    assert "8 h left" in page
    assert "1 more meeting" in page
    assert "2 more companies" in page
    assert "Conversations" in page
    assert "of 5 rules" in page


def test_what_is_mended_leaves_the_list(cast: Cast, sign_in: SignIn, at: At) -> None:
    make_scored(cast)
    now = at("2026-10-20 10:00")
    deal = make_deal(cast.manager, "Fleet renewal", company=make_company(cast.manager, "Elbe Pharma"))
    task = make_task(cast.manager, now - timedelta(days=3), "Send the offer", deal=deal)
    bare = make_deal(cast.manager, "Bare deal")
    client = sign_in(cast.manager)
    page = day_of(client)
    assert f'hx-get="{reverse("crm:task-done", args=[task.pk])}"' in page
    assert f'hx-get="{reverse("crm:task-new")}?deal={bare.pk}"' in page
    assert "Fleet renewal · 3 days late" in page
    make_task(cast.manager, now + timedelta(days=2), deal=bare)
    values = {"result": "Sent", "next_when": "tomorrow_10"}
    assert client.post(reverse("crm:task-done", args=[task.pk]), values, headers=HTMX).status_code == 204
    page = day_of(client)
    assert reverse("crm:task-done", args=[task.pk]) not in page
    assert f"?deal={bare.pk}" not in page


def test_a_far_task_is_no_next_step(cast: Cast, sign_in: SignIn, at: At) -> None:
    now = at("2026-10-20 10:00")
    deal = make_deal(cast.manager, "Far deal")
    make_task(cast.manager, now + timedelta(days=45), deal=deal)
    assert f"?deal={deal.pk}" in day_of(sign_in(cast.manager))


def test_what_was_entered_late_is_not_promised_back(cast: Cast, sign_in: SignIn, at: At) -> None:
    make_scored(cast)
    now = at("2026-10-20 10:00")
    Activity.objects.create(
        kind="call", occurred_at=now - timedelta(days=4), performed_by=cast.manager, created_by=cast.manager,
        changed_by=cast.manager, result="reached",
    )  # fmt: skip
    page = day_of(sign_in(cast.manager))
    assert "entered too late" in page
    assert "1 record to put right" not in page


def test_tasks_of_today_and_only_ones_own(cast: Cast, sign_in: SignIn, at: At) -> None:
    now = at("2026-10-20 10:00")
    make_task(cast.manager, now + timedelta(hours=3), "Call Elena")
    make_task(cast.manager, now + timedelta(days=2), "Later one")
    make_task(cast.teammate, now + timedelta(hours=3), "Of a colleague")
    page = day_of(sign_in(cast.manager))
    assert "Call Elena" in page
    assert "Later one" not in page
    assert "Of a colleague" not in page


def test_the_plan_goes_by_the_hour_with_now_marked(cast: Cast, sign_in: SignIn, at: At) -> None:
    now = at("2026-10-20 10:20")
    make_task(cast.manager, now + timedelta(hours=3), "Call Elena")
    make_task(cast.manager, now + timedelta(minutes=20), "Write to Tomasz")
    make_task(cast.manager, now.replace(hour=22), "Until tonight", due_has_time=False)
    make_task(cast.manager, now - timedelta(days=1), "Lapsed")
    page = day_of(sign_in(cast.manager))
    plan = page[page.index('id="plan-title"') : page.index('id="next-title"')]
    places = [plan.index(f">{words}<") for words in ("Lapsed", "Until tonight", "Write to Tomasz", "Call Elena")]
    assert places == sorted(places)
    hours = re.findall(r'c-hours__row( is-now)?(?: is-past)?"><span class="c-hours__label">(\d\d:00)', plan)
    assert hours == [(" is-now" if n == 10 else "", f"{n:02}:00") for n in range(10, 19)]
    assert f"{reverse('crm:task-new')}?due=2026-10-20T14:00" in plan, "a free hour leads to a task in it"


def test_whom_to_call_back_and_what_may_be_lost_is_one_press_away(cast: Cast, sign_in: SignIn, at: At) -> None:
    at("2026-09-20 10:00")
    cold = make_deal(cast.manager, "Cold deal", stage=make_stage("Offer", cold_after_days=7))
    now = at("2026-10-20 10:00")
    make_task(cast.manager, now + timedelta(days=2), deal=cold)
    bare = make_deal(cast.manager, "Bare deal", amount_minor=12_000_00)
    missed = make_contact(cast.manager, "Elena Bauer")
    make_activity(cast.manager, now, contact=missed, result="no_answer")
    page = day_of(sign_in(cast.manager))
    assert f'hx-get="{reverse("crm:quick-log")}?contact={missed.pk}"' in page
    assert f'hx-get="{reverse("crm:task-new")}?deal={bare.pk}"' in page
    assert f'hx-get="{reverse("crm:quick-log")}?deal={cold.pk}"' in page
    assert "Cold deals" in page
    assert f'href="{reverse("crm:queue")}" data-key="q"' in page


def test_the_last_day_and_the_month_are_told_from_cards(cast: Cast, sign_in: SignIn, at: At) -> None:
    make_scored(cast)
    at("2026-10-19 19:00")
    now = at("2026-10-20 10:00")
    for day in (date(2026, 10, 16), date(2026, 10, 19)):
        days.close(team=cast.team, day=day, at=now)
    page = day_of(sign_in(cast.manager))
    card = cast.manager.scorecards.get(day=date(2026, 10, 19))
    assert reverse("discipline:card", args=[card.pk]) in page
    assert "Yesterday" in page
    assert "Missed:" in page


def test_after_the_cut_off_work_counts_for_the_next_day(cast: Cast, sign_in: SignIn, at: At) -> None:
    make_scored(cast)
    at("2026-10-23 19:00")
    page = day_of(sign_in(cast.manager))
    assert "Good evening, Anna" in page
    assert "counts for Mon 26 Oct" in page


def test_who_is_not_scored_still_has_a_day(cast: Cast, sign_in: SignIn) -> None:
    page = day_of(sign_in(cast.manager))
    assert "Your day is not scored yet" in page
    assert "Nothing waits for you" in page
    assert "Nothing more is due today" in page


def test_a_head_sees_in_one_line_where_his_people_need_him(cast: Cast, sign_in: SignIn, at: At) -> None:
    make_scored(cast)
    now = at("2026-10-20 10:00")
    make_task(cast.manager, now - timedelta(days=1))
    make_deal(cast.teammate)
    make_deal(cast.stranger)
    make_activity(cast.manager, now)
    page = day_of(sign_in(cast.head))
    strip = page[page.index('id="morning-title"') :]
    strip = strip[: strip.index("</section>")]
    assert re.findall(r"<b>(\d+)</b> ([a-z ]+)<", strip) == [
        ("1", "entered nothing yet"), ("1", "overdue"), ("1", "without a next step"),
    ]  # fmt: skip
    assert f'href="{reverse("reports:morning")}"' in strip
    assert f'href="{reverse("reports:morning")}?only=silent#people"' in strip
    assert "Anna Manager" not in strip, "names stand on the page that it leads to"


def test_a_coordinator_sees_who_is_not_counted(cast: Cast, sign_in: SignIn, at: At) -> None:
    at("2026-10-20 10:00")
    make_scored(cast)
    newcomer = make_user("Nora Newcomer")
    placed = make_user("Paul Placed")
    Membership.objects.create(user=placed, team=cast.team, starts_on=LONG_AGO)
    page = day_of(sign_in(cast.admin))
    assert reverse("accounts:person", args=[newcomer.pk]) in page
    assert "in no team" in page
    assert "in a team, under no rules" in page
    assert "Anna Manager" not in page
    assert reverse("migrations_data:import-list") in page


def test_the_preview_is_a_fragment_of_its_own(cast: Cast, sign_in: SignIn, at: At) -> None:
    make_scored(cast)
    at("2026-10-20 10:00")
    body = sign_in(cast.manager).get(reverse("reports:my-day-preview"), headers=HTMX).content.decode()
    assert 'id="day-preview"' in body
    assert "<html" not in body
    body = day_of(sign_in(cast.manager), **HTMX, **{"HX-Target": "my-day"})
    assert "<html" not in body
    assert "Fix next" in body


def test_a_stranger_is_sent_to_sign_in(client: Client, db: None) -> None:
    assert client.get("/").status_code == 302


@pytest.mark.parametrize(("who", "most"), [("manager", 6), ("head", 8), ("admin", 8)])
def test_the_page_costs_few_statements_whatever_there_is(
    cast: Cast, sign_in: SignIn, at: At, who: str, most: int
) -> None:
    make_scored(cast)
    now = at("2026-10-20 10:00")

    def fill(count: int) -> None:
        for n in range(count):
            company = make_company(cast.manager, f"Company {n}")
            deal = make_deal(cast.manager, f"Deal {n}", company=company, amount_minor=n * 100)
            make_deal(cast.manager, f"Bare {n}", company=company)
            make_task(cast.manager, now - timedelta(days=n), deal=deal, company=company)
            make_task(cast.manager, now + timedelta(hours=2), f"Today {n}")
            make_activity(cast.manager, now, company=company)
            make_activity(cast.manager, now, contact=make_contact(cast.manager, f"Missed {n}"), result="busy")
            make_user(f"Newcomer {n}", Role.MANAGER)

    days.close(team=cast.team, day=date(2026, 10, 19), at=now)
    fill(1)
    assert_budget(sign_in(getattr(cast, who)), "/", most + SHELL, lambda: fill(50))
