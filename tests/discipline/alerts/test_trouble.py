"""When the control itself is in trouble, coordinators and owners are told at once, whatever the hour."""

from datetime import date, timedelta

import pytest
from django.core import mail

from discipline.alerts import trouble
from notifications.models import Message
from notifications.services import relay

pytestmark = pytest.mark.django_db


def letters(clock):
    relay.deliver_waiting(at=clock.now)
    return {letter.to[0]: letter for letter in mail.outbox}


def test_a_day_that_cannot_be_closed_is_told_at_night_too(cast, clock, sign_in):
    clock.set("2026-10-24 03:00")
    trouble.day_dead(team_id=cast.team.pk, day=date(2026, 10, 23), error="ValueError: broken", at=clock.now)
    sent = letters(clock)
    assert set(sent) == {cast.owner.email, cast.admin.email}
    letter = sent[cast.admin.email]
    assert letter.subject == "Sales, 23 October: the day could not be closed"
    assert "ValueError: broken" in letter.body
    assert "http://127.0.0.1:8000/control/upkeep/" in letter.body
    for person in (cast.owner, cast.admin):
        assert sign_in(person).get("/control/upkeep/").status_code == 200


def test_what_came_out_differently_is_told_once(cast, clock):
    for _ in range(2):
        trouble.verification_differs(verification_id=1, cards=2, chain_whole=True, at=clock.now)
    assert Message.objects.count() == 2
    assert letters(clock)[cast.owner.email].subject == "2 cards came out differently in the night"


def test_a_broken_chain_is_said_first(cast, clock):
    trouble.verification_differs(verification_id=1, cards=0, chain_whole=False, at=clock.now)
    assert letters(clock)[cast.owner.email].subject == "The chain of the ledger is broken"


def test_a_silence_is_told_once_and_a_new_one_again(cast, clock):
    since = clock.now - timedelta(hours=1)
    for minute in range(3):
        trouble.scheduler_silent(names={"alerts": since}, at=clock.now + timedelta(minutes=minute))
    assert Message.objects.count() == 2
    trouble.scheduler_silent(names={"alerts": clock.now}, at=clock.now + timedelta(hours=2))
    assert Message.objects.count() == 4
    letter = letters(clock)[cast.admin.email]
    assert letter.subject == "Daybook's timetable stands still"
    assert "reminders and digests" in letter.body
    assert "09:00" in letter.body
