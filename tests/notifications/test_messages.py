from datetime import timedelta

import pytest
from django.db import transaction

from accounts.refusals import NotAllowed
from notifications import tasks
from notifications.models import Delivery, Message
from notifications.services import messages
from notifications.services.many import Telling, tell_many


def tell(recipient, clock, key="grant:1", **more):
    facts = {"kind": "grant_taken", "context": {"who": "Adam", "reason": "Import", "until": clock.now}} | more
    return messages.tell(recipient=recipient, key=key, at=clock.now, **facts)


def test_tell_puts_a_message_and_a_mail_on_its_way(cast, clock):
    message = tell(cast.owner, clock)
    assert message.created_at == clock.now
    delivery = Delivery.objects.get()
    assert (delivery.message, delivery.due_at, delivery.attempts) == (message, clock.now, 0)


def test_the_same_cause_is_told_once(cast, clock):
    assert tell(cast.owner, clock) is not None
    assert tell(cast.owner, clock) is None
    assert tell(cast.head, clock) is not None
    assert (Message.objects.count(), Delivery.objects.count()) == (2, 2)


def test_without_email_there_is_only_the_inbox(cast, clock):
    tell(cast.owner, clock, email=False)
    assert not Delivery.objects.exists()


def test_nobody_tells_a_person_who_is_switched_off(cast, clock):
    cast.owner.is_active = False
    assert tell(cast.owner, clock) is None


def test_what_the_caller_takes_back_was_never_told(cast, clock):
    with transaction.atomic():
        tell(cast.owner, clock)
        transaction.set_rollback(True)
    assert not Message.objects.exists()


def test_the_relay_is_nudged_after_the_commit_only(cast, clock, monkeypatch, django_capture_on_commit_callbacks):
    nudged = []
    monkeypatch.setattr(tasks.deliver, "apply_async", lambda **options: nudged.append(options))
    with django_capture_on_commit_callbacks(execute=True):
        tell(cast.owner, clock)
        assert nudged == []
    assert nudged == [{"retry": False}]


def test_a_broker_that_is_away_breaks_nothing(cast, clock, settings, monkeypatch, django_capture_on_commit_callbacks):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr(tasks.deliver, "apply_async", lambda **options: pytest.fail("asked for without a broker"))
    with django_capture_on_commit_callbacks(execute=True):
        assert tell(cast.owner, clock) is not None
    assert Delivery.objects.count() == 1


def test_tell_many_tells_each_once_in_a_constant_number_of_statements(cast, clock, django_assert_num_queries):
    people = [cast.manager, cast.teammate, cast.stranger, cast.head, cast.owner]
    tellings = [Telling(recipient_id=person.pk, key="card:1") for person in people]
    with django_assert_num_queries(6):  # two of them are the savepoint's
        assert tell_many(kind="card_closed", tellings=tellings[:2], at=clock.now) == 2
    with django_assert_num_queries(6):
        assert tell_many(kind="card_closed", tellings=tellings, at=clock.now) == 5
    assert (Message.objects.count(), Delivery.objects.count()) == (5, 5)


def test_reading_keeps_the_first_time(cast, clock):
    message = tell(cast.owner, clock)
    messages.read(message=message, by=cast.owner, at=clock.now)
    later = messages.read(message=message, by=cast.owner, at=clock.now + timedelta(hours=1))
    assert later.read_at == clock.now


def test_nobody_reads_the_message_of_another(cast, clock):
    message = tell(cast.owner, clock)
    for other in (cast.admin, cast.head, cast.manager):
        with pytest.raises(NotAllowed):
            messages.read(message=message, by=other, at=clock.now)


def test_read_all_leaves_what_came_later_and_what_is_anothers(cast, clock):
    tell(cast.owner, clock)
    tell(cast.head, clock)
    Message.objects.create(recipient=cast.owner, kind="grant_taken", key="later", created_at=clock.now + timedelta(1))
    assert messages.read_all(by=cast.owner, at=clock.now) == 1
    assert messages.unread(cast.owner)[0].count() == 1
    assert messages.unread(cast.head)[0].count() == 1
