import smtplib
import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection

from notifications import rendering, tasks
from notifications.models import Delivery, DeliveryStatus
from notifications.services import messages, relay
from tests.factories.people import make_user


def tell(recipient, at, key="grant:1"):
    context = {"who": "Adam", "reason": "Import", "until": at}
    messages.tell(recipient=recipient, kind="grant_taken", key=key, at=at, context=context, url="/grant/")


@pytest.fixture
def server(monkeypatch):
    """A mail server of which a test says what it does with each letter."""

    class Server:
        away = False
        opened = 0

        def takes(self, letter):
            """Everything, unless a test replaces this."""

    server = Server()

    class Backend(EmailBackend):
        def open(self):
            if server.away:
                raise ConnectionRefusedError("away")
            server.opened += 1

        def send_messages(self, letters):
            for letter in letters:
                server.takes(letter)
            return super().send_messages(letters)

    monkeypatch.setattr(relay, "get_connection", Backend)
    return server


def test_a_waiting_mail_goes_out_once(cast, clock, server):
    tell(cast.owner, clock.now)
    assert relay.deliver_waiting(at=clock.now) == 1
    assert relay.deliver_waiting(at=clock.now) == 0
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.sent_at, delivery.claimed_until) == (DeliveryStatus.SENT, clock.now, None)
    assert [letter.to for letter in mail.outbox] == [[cast.owner.email]]


def test_what_is_due_later_waits(cast, clock, server):
    tell(cast.owner, clock.now)
    assert relay.deliver_waiting(at=clock.now - timedelta(seconds=1)) == 0


def test_a_letter_that_fails_is_tried_again_later_each_time_and_then_given_up(cast, clock, server):
    def refuse(letter):
        raise smtplib.SMTPRecipientsRefused({"x": (550, b"no such user")})

    server.takes = refuse
    tell(cast.owner, clock.now)
    at, waits = clock.now, []
    for _ in relay.PAUSES:
        relay.deliver_waiting(at=at)
        delivery = Delivery.objects.get()
        waits.append(delivery.due_at - at)
        at = delivery.due_at
    assert waits == list(relay.PAUSES)
    relay.deliver_waiting(at=at)
    delivery.refresh_from_db()
    assert delivery.status == DeliveryStatus.FAILED
    assert "no such user" in delivery.error
    assert relay.deliver_waiting(at=at + timedelta(days=9)) == 0


def test_one_bad_letter_does_not_hold_up_the_others(cast, clock, server):
    def refuse_the_owners(letter):
        if letter.to == [cast.owner.email]:
            raise ValueError("broken template")

    server.takes = refuse_the_owners
    for number, person in enumerate([cast.owner, cast.head, cast.manager]):
        tell(person, clock.now, key=f"grant:{number}")
    assert relay.deliver_waiting(at=clock.now) == 2


def test_an_unknown_kind_is_an_error_of_its_delivery(cast, clock, server):
    messages.tell(recipient=cast.owner, kind="no_such_kind", key="1", at=clock.now)
    assert relay.deliver_waiting(at=clock.now) == 0
    assert "TemplateDoesNotExist" in Delivery.objects.get().error


def test_while_the_server_is_away_no_letter_loses_an_attempt(cast, clock, server):
    server.away = True
    tell(cast.owner, clock.now)
    tell(cast.head, clock.now)
    for minute in range(100):
        assert relay.deliver_waiting(at=clock.now + timedelta(minutes=minute)) == 0
    assert set(Delivery.objects.values_list("status", "attempts", "claimed_until")) == {("waiting", 0, None)}
    server.away = False
    assert relay.deliver_waiting(at=clock.now + timedelta(hours=2)) == 2


def test_a_line_that_is_cut_ends_the_round_and_gives_the_rest_back(cast, clock, server):
    def cut(letter):
        raise smtplib.SMTPServerDisconnected("gone")

    server.takes = cut
    for number in range(3):
        tell(cast.owner, clock.now, key=f"grant:{number}")
    relay.deliver_waiting(at=clock.now)
    assert list(Delivery.objects.order_by("pk").values_list("attempts", flat=True)) == [1, 0, 0]


def test_a_claim_of_a_relay_that_died_runs_out(cast, clock, server):
    tell(cast.owner, clock.now)
    found, parcels = relay._claim(clock.now, 10)
    assert (found, len(parcels)) == (1, 1)
    assert relay.deliver_waiting(at=clock.now + timedelta(minutes=1)) == 0
    assert relay.deliver_waiting(at=clock.now + relay.LEASE + timedelta(seconds=1)) == 1


def test_a_letter_that_kills_its_relay_is_given_up(cast, clock, server):
    tell(cast.owner, clock.now)
    at = clock.now
    for _ in range(len(relay.PAUSES) + 2):
        relay._claim(at, 10)
        at += relay.LEASE + timedelta(seconds=1)
    delivery = Delivery.objects.get()
    assert (delivery.status, delivery.error) == (DeliveryStatus.FAILED, "The relay ended each time while sending it.")


def test_who_was_switched_off_meanwhile_gets_no_mail(cast, clock, server):
    tell(cast.manager, clock.now)
    cast.manager.is_active = False
    cast.manager.save()
    relay.deliver_waiting(at=clock.now)
    assert mail.outbox == []
    assert Delivery.objects.get().status == DeliveryStatus.SENT


def test_a_round_sends_no_more_than_asked(cast, clock, server):
    for number in range(25):
        tell(cast.owner, clock.now, key=f"grant:{number}")
    assert relay.deliver_waiting(at=clock.now, most=12) == 12
    assert relay.deliver_waiting(at=clock.now) == 13


@pytest.mark.django_db
def test_two_relays_at_once_send_nothing_twice(real_commits, clock, server):
    person = make_user()
    for number in range(30):
        tell(person, clock.now, key=f"grant:{number}")

    def run():
        try:
            relay.deliver_waiting(at=clock.now)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = [letter.extra_headers["Message-ID"] for letter in mail.outbox]
    assert len(ids) == len(set(ids)) == 30


def test_without_a_mail_server_letters_become_files(cast, clock, settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    tell(cast.owner, clock.now)
    tasks.deliver()
    text = "".join(path.read_text() for path in tmp_path.iterdir())
    assert f"To: {cast.owner.email}" in text
    assert "Message-ID: <daybook-" in text


def test_the_letter_of_a_second_try_has_the_same_id(cast, clock):
    tell(cast.owner, clock.now)
    delivery = Delivery.objects.select_related("message__recipient").get()
    first, second = rendering.mail(delivery), rendering.mail(delivery)
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
