"""Adoption: how long entry takes and who has stopped, for whoever leads them."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from crm.models import EntryTime
from reports.adoption import Adoption, seconds
from tests.budgets import assert_budget, statements
from tests.factories.crm import make_activity, make_contact
from tests.factories.people import Cast
from tests.fixtures import Clock

SignIn = Callable[[User], Client]
URL = "/adoption/"
pytestmark = pytest.mark.django_db


def took(user: User, saved: datetime, secs: int, form: str = "log", *, phone: bool = False) -> None:
    EntryTime.objects.create(
        user=user, form=form, opened_at=saved - timedelta(seconds=secs), saved_at=saved, on_phone=phone
    )


def test_median_quartiles_and_phones_are_of_the_last_four_weeks(cast: Cast, clock: Clock) -> None:
    for number, secs in enumerate((4, 8, 12, 16, 20)):
        took(cast.manager, clock.now - timedelta(days=number), secs, phone=number == 0)
    took(cast.manager, clock.now - timedelta(days=40), 60)
    took(cast.teammate, clock.now - timedelta(days=1), 90, "composer")
    page = Adoption(cast.head, clock.now)
    anna = page.people[[person.name for person in page.people].index(str(cast.manager))]
    assert anna.times is not None
    assert (anna.times.count, anna.times.middle, anna.times.half) == (5, "12 s", "8 s – 16 s")
    assert anna.times.on_phone == 0.2
    assert [(label, times.count) for label, times in page.forms] == [("quick log", 5), ("on the card", 1)]
    assert page.times is not None
    assert page.times.middle == "14 s"
    assert (page.change, page.faster) == ("46 s less than before", True)


def test_the_trend_has_a_median_for_each_of_twelve_weeks(cast: Cast, clock: Clock) -> None:
    took(cast.manager, clock.now, 10)
    took(cast.manager, clock.now - timedelta(weeks=2), 30)
    page = Adoption(cast.owner, clock.now)
    assert page.trend == [None] * 9 + [30, None, 10]
    assert [times.count if times else 0 for _week, times in page.by_week[:3]] == [1, 0, 1]


def test_who_has_stopped_is_asked_after_three_working_days(cast: Cast, clock: Clock) -> None:
    contact = make_contact(cast.manager)
    for wall, person in (("2026-10-12 10:00", cast.manager), ("2026-10-16 10:00", cast.teammate)):
        moment = clock.set(wall)
        make_activity(person, moment, contact=contact)
    clock.set("2026-10-20 10:00")
    page = Adoption(cast.head, clock.now)
    silent = {person.name: person.silent for person in page.people}
    assert silent[str(cast.manager)] == "No entry for 5 working days"
    assert silent[str(cast.teammate)] == ""
    assert silent[str(cast.head)] == "Nothing entered yet"
    anna = next(person for person in page.people if person.name == str(cast.manager))
    assert (anna.entries, anna.days, page.active, page.entries) == (1, 1, 2, 2)


def test_entries_are_counted_with_their_days(cast: Cast, clock: Clock) -> None:
    contact = make_contact(cast.manager)
    for wall in ("2026-10-19 10:00", "2026-10-19 11:00", "2026-10-20 09:00"):
        make_activity(cast.manager, clock.set(wall), contact=contact)
    anna = next(p for p in Adoption(cast.head, clock.now).people if p.name == str(cast.manager))
    assert (anna.entries, anna.days, anna.quiet) == (3, 2, 0)


def test_a_head_sees_his_own_people_and_a_manager_nothing(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.head).get(URL).content.decode()
    assert str(cast.manager) in page
    assert str(cast.stranger) not in page
    assert str(cast.stranger) in sign_in(cast.admin).get(URL).content.decode()
    assert sign_in(cast.manager).get(URL).status_code == 404


def test_nothing_timed_yet_says_what_comes(cast: Cast, sign_in: SignIn) -> None:
    page = sign_in(cast.owner).get(URL).content.decode()
    assert "No entry was timed yet" in page
    assert "Nothing entered yet" in page


def test_two_statements_however_many_rows(cast: Cast, sign_in: SignIn, clock: Clock) -> None:
    took(cast.manager, clock.now, 5)
    contact = make_contact(cast.manager)

    def more() -> None:
        for number in range(50):
            took(cast.manager, clock.now - timedelta(minutes=number + 1), 5 + number)
            make_activity(cast.manager, clock.now, contact=contact)

    client = sign_in(cast.head)
    shell = statements(client, reverse("reports:help"))
    assert_budget(client, reverse("reports:adoption"), shell + 2, more)


def test_seconds_read_as_people_say_them() -> None:
    assert [seconds(value) for value in (0.4, 7, 59.6, 80)] == ["0 s", "7 s", "1 min 0 s", "1 min 20 s"]
