"""Three letters a day, quiet hours and days off: what waits, and with what it travels."""

import threading
from datetime import time, timedelta

import pytest
from django.core import mail
from django.db import connection

from notifications import kinds, quiet
from notifications.models import AlertSetting, Delivery, DeliveryStatus, Message, QuietHours
from notifications.services import messages, relay
from notifications.services.many import withdraw_many
from tests.factories.people import make_user

LINES = [{"label": "Meetings held", "value": 1, "threshold": 1, "result": "met", "points": 1}]


def tell(person, clock, key, kind="card_closed", **more):
    context = {"day": "2026-10-20", "points": 1, "posted": 1, "lines": LINES}
    if kind == "grant_taken":
        context = {"who": "Adam", "reason": "Import", "until": clock.now}
    return messages.tell(recipient=person, kind=kind, key=key, at=clock.now, context=context, url=f"/{key}/", **more)


def status_of(key):
    return Delivery.objects.get(message__key=key).status


@pytest.fixture
def a_digest(monkeypatch):
    """Let the evening card be a digest for once."""
    monkeypatch.setitem(kinds._kinds, "card_closed", kinds.Kind(key="card_closed", label="Card", digest=True))


def test_three_letters_go_out_a_day_and_the_fourth_waits_for_the_morning(cast, clock):
    for number in range(5):
        tell(cast.manager, clock, f"a{number}")
    assert relay.deliver_waiting(at=clock.now) == 3
    assert relay.deliver_waiting(at=clock.set("2026-10-20 19:59")) == 0
    assert Message.objects.visible_to(cast.manager).count() == 5, "the inbox has everything at once"
    assert relay.deliver_waiting(at=clock.set("2026-10-21 08:14")) == 0
    assert relay.deliver_waiting(at=clock.set("2026-10-21 08:15")) == 1
    last = mail.outbox[-1]
    assert "/a3/" in last.body
    assert "/a4/" in last.body
    assert "/a4/" in last.alternatives[0][0]
    assert not Delivery.objects.filter(status=DeliveryStatus.WAITING).exists()


def test_a_letter_with_others_counts_as_one(cast, clock):
    for number in range(6):
        tell(cast.manager, clock, f"a{number}")
    relay.deliver_waiting(at=clock.now)
    relay.deliver_waiting(at=clock.set("2026-10-21 09:00"))
    for number in range(3):
        tell(cast.manager, clock, f"b{number}")
    assert relay.deliver_waiting(at=clock.now) == 2


def test_everybody_has_three_of_his_own(cast, clock):
    for number in range(4):
        tell(cast.manager, clock, f"a{number}")
        tell(cast.teammate, clock, f"a{number}")
    assert relay.deliver_waiting(at=clock.now) == 6


def test_what_is_important_goes_out_beyond_three_and_at_night(cast, clock):
    clock.set("2026-10-24 03:00")
    for number in range(5):
        tell(cast.owner, clock, f"a{number}", kind="grant_taken")
    assert relay.deliver_waiting(at=clock.now) == 5


def test_what_is_important_does_not_use_up_the_three(cast, clock):
    for number in range(4):
        tell(cast.owner, clock, f"a{number}", kind="grant_taken")
    tell(cast.owner, clock, "b")
    assert relay.deliver_waiting(at=clock.now) == 5


@pytest.mark.parametrize(
    ("told", "goes"),
    [
        ("2026-10-20 19:59", "2026-10-20 19:59"),
        ("2026-10-20 20:00", "2026-10-21 08:15"),
        ("2026-10-21 07:59", "2026-10-21 08:15"),
        ("2026-10-21 08:00", "2026-10-21 08:00"),
        ("2026-10-23 20:00", "2026-10-26 08:15"),
        ("2026-10-24 12:00", "2026-10-26 08:15"),
    ],
)
def test_between_eight_and_eight_and_on_weekends_it_is_quiet(cast, clock, told, goes):
    at = clock.set(told)
    tell(cast.manager, clock, "a")
    end = clock.set(goes)
    while at < end:
        assert relay.deliver_waiting(at=at) == 0, at
        at += timedelta(hours=3)
    assert relay.deliver_waiting(at=end) == 1


def test_quiet_hours_are_on_the_persons_own_clock(cast, clock):
    cast.manager.zone = "Asia/Tokyo"
    cast.manager.save()
    clock.set("2026-10-20 10:00", "Europe/Warsaw")  # 17:00 in Tokyo
    tell(cast.manager, clock, "a")
    assert relay.deliver_waiting(at=clock.now) == 1
    clock.set("2026-10-20 13:00", "Europe/Warsaw")  # 20:00 in Tokyo
    tell(cast.manager, clock, "b")
    assert relay.deliver_waiting(at=clock.now) == 0
    assert relay.deliver_waiting(at=clock.set("2026-10-21 08:15", "Asia/Tokyo")) == 1


def test_the_same_time_twice_means_never_quiet(cast, clock):
    QuietHours.objects.create(user=cast.manager, starts=time(0), ends=time(0))
    clock.set("2026-10-20 23:00")
    tell(cast.manager, clock, "a")
    assert relay.deliver_waiting(at=clock.now) == 1


def test_quiet_hours_in_the_middle_of_a_day_end_on_that_day(cast, clock):
    QuietHours.objects.create(user=cast.manager, starts=time(12), ends=time(14))
    clock.set("2026-10-20 13:00")
    tell(cast.manager, clock, "a")
    assert relay.deliver_waiting(at=clock.now) == 0
    assert relay.deliver_waiting(at=clock.set("2026-10-20 14:15")) == 1


def test_a_digest_takes_along_what_had_to_wait(cast, clock, a_digest):
    clock.set("2026-10-20 21:00")
    tell(cast.owner, clock, "at-night", kind="no_hurry")
    Message.objects.filter(key="at-night").update(kind="invited", context={"by": "Adam"})
    kinds_before = kinds._kinds.pop("invited")  # for once no matter of access
    try:
        relay.deliver_waiting(at=clock.now)
        clock.set("2026-10-21 08:00")
        tell(cast.owner, clock, "digest")
        assert relay.deliver_waiting(at=clock.now) == 1
    finally:
        kinds.register(kinds_before)
    assert "Adam invites you" in mail.outbox[0].body
    assert status_of("at-night") == DeliveryStatus.SENT
    assert Delivery.objects.get(message__key="at-night").carried_by.message.key == "digest"


def test_what_went_with_a_letter_that_failed_goes_with_its_second_try(cast, clock, a_digest, monkeypatch):
    clock.set("2026-10-20 21:00")
    tell(cast.owner, clock, "a")
    tell(cast.owner, clock, "b")
    relay.deliver_waiting(at=clock.now)
    real = relay._send
    monkeypatch.setattr(relay, "_send", lambda *words: (_ for _ in ()).throw(ValueError("no")))
    assert relay.deliver_waiting(at=clock.set("2026-10-21 08:15")) == 0
    monkeypatch.setattr(relay, "_send", real)
    assert relay.deliver_waiting(at=clock.set("2026-10-21 08:16")) == 1
    assert "/a/" in mail.outbox[0].body
    assert "/b/" in mail.outbox[0].body
    assert relay.deliver_waiting(at=clock.set("2026-10-21 09:30")) == 0


def test_when_a_letter_is_given_up_what_went_with_it_goes_alone(cast, clock, a_digest):
    clock.set("2026-10-20 21:00")
    for key in ("a", "b"):
        tell(cast.owner, clock, key)
    relay.deliver_waiting(at=clock.now)
    clock.set("2026-10-21 08:15")
    relay._claim(clock.now, 10)
    Delivery.objects.filter(carried_by__isnull=True).update(status=DeliveryStatus.FAILED)
    assert relay.deliver_waiting(at=clock.now) == 1
    assert set(Delivery.objects.values_list("status", flat=True)) == {DeliveryStatus.FAILED, DeliveryStatus.SENT}


def test_what_is_of_no_use_any_more_is_withdrawn(cast, clock):
    clock.set("2026-10-20 20:30")
    tell(cast.manager, clock, "a", expires_at=clock.now + timedelta(minutes=30))
    relay.deliver_waiting(at=clock.now)
    assert relay.deliver_waiting(at=clock.set("2026-10-21 08:15")) == 0
    assert status_of("a") == DeliveryStatus.WITHDRAWN


def test_who_switched_a_kind_off_gets_it_in_the_inbox_only(cast, clock):
    AlertSetting.objects.create(user=cast.manager, kind="card_closed", email=False)
    tell(cast.manager, clock, "a")
    tell(cast.teammate, clock, "a")
    assert relay.deliver_waiting(at=clock.now) == 1
    assert mail.outbox[0].to == [cast.teammate.email]
    assert messages.unread(cast.manager)[0].count() == 1


def test_what_was_switched_off_while_it_waited_does_not_travel_along(cast, clock):
    clock.set("2026-10-20 21:00")
    tell(cast.manager, clock, "a")
    relay.deliver_waiting(at=clock.now)
    AlertSetting.objects.create(user=cast.manager, kind="card_closed", email=False)
    assert relay.deliver_waiting(at=clock.set("2026-10-21 09:00")) == 0
    assert status_of("a") == DeliveryStatus.WITHDRAWN


def test_withdrawn_before_sending_no_letter_goes_out_and_the_inbox_forgets(cast, clock):
    tell(cast.manager, clock, "a")
    assert messages.withdraw(recipient=cast.manager, key="a", at=clock.now)
    assert relay.deliver_waiting(at=clock.now) == 0
    assert status_of("a") == DeliveryStatus.WITHDRAWN
    assert not Message.objects.visible_to(cast.manager).exists()
    assert messages.unread(cast.manager)[0].count() == 0
    assert tell(cast.manager, clock, "a") is None, "told once in its period"


def test_withdrawing_touches_only_that_person_and_cause(cast, clock):
    for person in (cast.manager, cast.teammate):
        for key in ("a", "b"):
            tell(person, clock, key)
    withdraw_many(told={(cast.manager.pk, "a"), (cast.teammate.pk, "b")}, at=clock.now)
    left = set(Message.objects.filter(withdrawn_at__isnull=True).values_list("recipient", "key"))
    assert left == {(cast.manager.pk, "b"), (cast.teammate.pk, "a")}


def test_what_went_out_or_was_read_stays_as_it_is(cast, clock):
    tell(cast.manager, clock, "a")
    relay.deliver_waiting(at=clock.now)
    messages.read(message=Message.objects.get(), by=cast.manager, at=clock.now)
    assert not messages.withdraw(recipient=cast.manager, key="a", at=clock.now)
    assert status_of("a") == DeliveryStatus.SENT
    assert Message.objects.visible_to(cast.manager).exists()


def test_days_off_are_asked_of_whoever_knows_them(cast, clock, monkeypatch):
    monkeypatch.setattr(quiet, "_days_off", [lambda people, at: {cast.manager.pk}])
    tell(cast.manager, clock, "a")
    tell(cast.teammate, clock, "a")
    assert relay.deliver_waiting(at=clock.now) == 1


def test_the_decision_takes_as_many_statements_for_one_as_for_ten(cast, clock, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(quiet, "_days_off", [quiet.weekends])
    clock.set("2026-10-24 12:00")
    tell(cast.manager, clock, "a")
    with django_assert_num_queries(8) as first:
        relay._claim(clock.now, 10)
    for number in range(9):
        tell(make_user(), clock, f"a{number}")
    clock.set("2026-10-25 12:00")
    with django_assert_num_queries(len(first)):
        relay._claim(clock.now, 10)


@pytest.mark.django_db
def test_two_relays_at_once_send_a_person_no_more_than_three(real_commits, clock):
    person = make_user()
    for number in range(30):
        tell(person, clock, f"a{number}")
    both = threading.Barrier(2)

    def run():
        try:
            both.wait()
            relay.deliver_waiting(at=clock.now)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(mail.outbox) == 3
    assert Delivery.objects.filter(status=DeliveryStatus.WAITING, held=True).count() == 27
