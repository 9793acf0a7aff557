"""The page of one's alerts."""

from datetime import time

import pytest

from accounts.models import Role
from notifications import kinds
from notifications.models import AlertSetting, QuietHours
from notifications.services import settings
from notifications.services.settings import UnknownKind
from tests.budgets import assert_budget
from tests.factories.people import make_user

URL = "/profile/alerts/"


@pytest.fixture(autouse=True)
def some_kinds(monkeypatch):
    """Two kinds to decide about, one of them for owners."""
    known = {
        "evening": kinds.Kind(key="evening", label="Evening card", why="Once a day."),
        "figures": kinds.Kind(key="figures", label="Figures", permission=kinds.Permission.GRANT_VIEW),
        "access": kinds.Kind(key="access", label="Access", important=True),
    }
    monkeypatch.setattr(kinds, "_kinds", known)


def test_the_page_shows_the_kinds_for_one_and_the_usual_quiet_hours(cast, sign_in):
    text = sign_in(cast.manager).get(URL).content.decode()
    assert "Evening card" in text
    assert "Once a day." in text
    assert "Figures" not in text
    assert 'value="20:00"' in text
    assert 'value="08:00"' in text
    assert "Figures" in sign_in(cast.owner).get(URL).content.decode()


def test_saving_keeps_boxes_and_hours(cast, sign_in):
    answer = sign_in(cast.owner).post(URL, {"email_figures": "on", "starts": "19:00", "ends": "07:30"}, follow=True)
    assert "Saved." in answer.content.decode()
    assert dict(AlertSetting.objects.values_list("kind", "email")) == {"evening": False, "figures": True}
    hours = QuietHours.objects.get(user=cast.owner)
    assert (hours.starts, hours.ends) == (time(19), time(7, 30))
    text = sign_in(cast.owner).get(URL).content.decode()
    assert 'value="19:00"' in text
    assert text.count("checked") == 2, "the box, and the keys' own switch"


def test_saving_twice_keeps_one_row(cast, sign_in):
    for boxes in ({"email_evening": "on"}, {}):
        sign_in(cast.manager).post(URL, {**boxes, "starts": "20:00", "ends": "08:00"})
    assert AlertSetting.objects.get().email is False


def test_a_time_that_is_none_is_named_and_nothing_saved(cast, sign_in):
    answer = sign_in(cast.manager).post(URL, {"starts": "25:00", "ends": "08:00"})
    assert answer.status_code == 422
    assert "Enter a valid time." in answer.content.decode()
    assert not QuietHours.objects.exists()
    assert not AlertSetting.objects.exists()


@pytest.mark.parametrize("kind", ["access", "figures", "nonsense"])
def test_nobody_switches_what_is_not_his_to_switch(cast, clock, kind):
    with pytest.raises(UnknownKind):
        settings.put(emails={kind: False}, starts=time(20), ends=time(8), by=cast.manager, at=clock.now)
    assert not QuietHours.objects.exists()


def test_the_page_costs_the_same_for_everybody(cast, sign_in):
    def more():
        for number in range(50):
            AlertSetting.objects.create(user=make_user(role=Role.HEAD), kind=f"kind{number}")

    assert_budget(sign_in(cast.manager), URL, 4, more)
