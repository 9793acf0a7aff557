"""Entries typed without a network: kept with the device's time, scored by the server's stamp, made once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.models import Activity
from tests.factories.crm import make_company

pytestmark = pytest.mark.django_db
URL = "crm:offline-log"


def sent(company, *, typed, at, **more):
    return {
        "form": "log", "key": str(uuid4()), "who": f"company:{company.pk}", "kind": "call", "result_call": "reached",
        "note": "Agreed", "next_when": "none", "typed_at": typed.isoformat(), "sent_at": at.isoformat(), **more,
    }  # fmt: skip


def test_an_entry_keeps_how_long_it_waited_whatever_the_device_thinks_the_time_is(sign_in, cast):
    company, wrong = make_company(cast.manager), timezone.now() + timedelta(days=400)
    before = timezone.now()
    answer = sign_in(cast.manager).post(reverse(URL), sent(company, typed=wrong - timedelta(hours=2), at=wrong))
    assert answer.status_code == 200
    call = Activity.objects.get()
    assert answer.json() == {"activity": call.pk}
    assert timedelta(0) <= call.device_at - (before - timedelta(hours=2)) < timedelta(seconds=20)
    assert call.occurred_at == call.device_at
    assert call.recorded_at > call.device_at + timedelta(hours=1)


def test_the_same_entry_sent_again_is_the_same_record(sign_in, cast):
    company, now = make_company(cast.manager), timezone.now()
    values, client = sent(company, typed=now - timedelta(minutes=5), at=now), sign_in(cast.manager)
    first, second = (client.post(reverse(URL), values).json() for _n in range(2))
    assert first == second
    assert Activity.objects.count() == 1


def test_a_next_step_whose_time_passed_while_the_entry_waited_is_not_overdue_at_once(sign_in, cast):
    company, now = make_company(cast.manager), timezone.now()
    values = sent(company, typed=now - timedelta(days=3), at=now, next_when="tomorrow_10")
    assert sign_in(cast.manager).post(reverse(URL), values).status_code == 200
    assert company.tasks.get().due_at > now


@pytest.mark.parametrize(
    "times",
    [
        {"typed_at": "", "sent_at": ""},
        {"typed_at": "yesterday", "sent_at": "today"},
        {"typed_at": "2026-01-02T10:00:00+00:00", "sent_at": "2026-01-01T10:00:00+00:00"},
        {"typed_at": "2020-01-01T10:00:00+00:00", "sent_at": "2026-01-01T10:00:00+00:00"},
        {"typed_at": "2026-01-01T10:00:00", "sent_at": "2026-01-01T10:00:00+00:00"},
    ],
)
def test_times_that_make_no_sense_are_refused_and_nothing_is_saved(sign_in, cast, times):
    company, now = make_company(cast.manager), timezone.now()
    answer = sign_in(cast.manager).post(reverse(URL), {**sent(company, typed=now, at=now), **times})
    assert answer.status_code == 422
    assert "Log it again" in answer.json()["message"]
    assert not Activity.objects.exists()


def test_a_client_that_is_not_ones_own_any_more_is_told(sign_in, cast):
    company, now = make_company(cast.stranger), timezone.now()
    answer = sign_in(cast.manager).post(reverse(URL), sent(company, typed=now, at=now))
    assert answer.status_code == 422
    assert "Choose whom it was with" in answer.json()["message"]
    assert not Activity.objects.exists()


def test_the_composer_of_a_card_is_understood_too(sign_in, cast):
    company, now = make_company(cast.manager), timezone.now()
    values = sent(company, typed=now, at=now, form="composer", direction="in")
    assert sign_in(cast.manager).post(reverse(URL), values).status_code == 200
    assert Activity.objects.get().direction == "in"
