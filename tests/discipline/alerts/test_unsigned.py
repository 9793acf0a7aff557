"""Reminding people to sign, every working morning until they did."""

import pytest
from django.core import mail

from discipline.services import schemes, sign_offs
from discipline.services.schemes import RuleSpec
from notifications.models import Message

pytestmark = pytest.mark.django_db
KIND = "rules_unsigned"
SUBJECT = "Sign the rules: Classic, version 2"
STRICTER = (RuleSpec(code="MT", metric="meetings_held", threshold=3),)


@pytest.fixture
def version(scored, cast, clock):
    """On Tuesday at ten new rules are published; they hold from Wednesday."""
    return schemes.publish(name="Classic", rules=STRICTER, on=None, by=cast.admin, at=clock.now)


@pytest.mark.parametrize(("at", "number"), [("08:59", 0), ("09:00", 1), ("17:59", 1), ("18:00", 0)])
def test_it_comes_from_nine_until_the_cut_off(version, cast, run_at, told, at, number):
    run_at(f"2026-10-21 {at}")
    assert len(told(cast.manager, KIND)) == number


def test_the_day_before_new_rules_begin_they_are_asked_for_already(version, cast, run_at, told):
    run_at("2026-10-20 10:01")
    (message,) = told(cast.manager, KIND)
    assert message.context["day"] == "2026-10-21"


def test_it_comes_every_working_morning_until_they_are_signed(version, cast, clock, run_at, told):
    for day in (21, 22, 23, 24, 25, 26):
        run_at(f"2026-10-{day} 09:00")
        run_at(f"2026-10-{day} 12:00")
    assert [message.created_at.day for message in told(cast.manager, KIND)] == [21, 22, 23, 26]
    sign_offs.sign(version=version, by=cast.manager, at=clock.set("2026-10-26 13:00"))
    run_at("2026-10-27 09:00")
    assert Message.objects.filter(recipient=cast.manager, kind=KIND).count() == 4
    assert Message.objects.filter(recipient=cast.teammate, kind=KIND).count() == 5


def test_signed_before_the_letter_goes_out_it_is_withdrawn(version, cast, clock, run_at, mail_at, told):
    run_at("2026-10-21 09:00")
    sign_offs.sign(version=version, by=cast.manager, at=clock.set("2026-10-21 09:00:30"))
    mail_at("2026-10-21 09:01")
    assert told(cast.manager, KIND) == []
    assert (cast.manager.email, SUBJECT) not in [(letter.to[0], letter.subject) for letter in mail.outbox]
    assert (cast.teammate.email, SUBJECT) in [(letter.to[0], letter.subject) for letter in mail.outbox]


def test_the_letter_says_by_when_and_for_which_day(version, cast, mail_at, sign_in):
    mail_at("2026-10-23 09:00")
    letter = next(one for one in mail.outbox if (one.to[0], one.subject) == (cast.manager.email, SUBJECT))
    assert "by 18:00 today, so that Monday 26 October counts" in letter.body
    assert f"http://127.0.0.1:8000/rules/?version={version.pk}" in letter.body
    assert sign_in(cast.manager).get(f"/rules/?version={version.pk}").status_code == 200


def test_who_signed_is_not_asked(scored, cast, run_at):
    run_at("2026-10-21 09:00")
    assert not Message.objects.filter(kind=KIND).exists()
