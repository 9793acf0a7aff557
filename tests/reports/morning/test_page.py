"""The head's morning: whom it shows, what it says of each, and that every figure opens what it counts."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from discipline.services import days
from tests.factories.crm import make_activity, make_deal, make_task
from tests.factories.discipline import make_scored
from tests.factories.people import Cast

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
At = Callable[[str], datetime]
PAGE = "/morning/"


def test_a_head_sees_where_his_people_need_him_and_nobody_elses(cast: Cast, sign_in: SignIn, at: At) -> None:
    make_scored(cast)
    now = at("2026-10-20 10:00")
    make_task(cast.manager, now - timedelta(days=1))
    make_deal(cast.teammate)
    make_deal(cast.stranger)
    make_activity(cast.manager, now)
    page = sign_in(cast.head).get(PAGE).content.decode()
    assert "Anna Manager" in page
    assert "Tomasz Teammate" in page
    assert "Stefan Stranger" not in page
    assert page.count("nothing</a>") == 1, "only the teammate entered nothing"
