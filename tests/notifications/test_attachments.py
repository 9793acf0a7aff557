"""Files, pictures and figures of a letter, as they stand in the mail that goes out."""

from email import message_from_bytes, policy

import pytest
from django.core import mail
from django.utils import timezone, translation

from notifications import attachments, kinds, rendering
from notifications.attachments import Attachment, Enclosed, NotForHim
from notifications.models import Delivery, DeliveryStatus, Message
from notifications.services import messages, relay

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PICTURE = Attachment(name="wygrane.png", content=PNG, content_type="image/png", cid="won@daybook")
TABLE = Attachment(name="Tabela kontrolna – październik.xlsx", content=b"PK\x03\x04table", content_type=EXCEL)
KIND = "password_changed"


@pytest.fixture
def provide(monkeypatch):
    """Let letters of a kind bring along what a test says."""

    def register(provider, kind=KIND):
        monkeypatch.setitem(attachments._providers, kind, provider)

    return register


def told(person, clock, key="a", kind=KIND):
    messages.tell(recipient=person, kind=kind, key=key, at=clock.now, context={"network": "10.0.0.1"}, url="/there/")
    return Delivery.objects.select_related("message__recipient").get(message__key=key)


def sent(letter):
    """The mail as whoever receives it reads it."""
    return message_from_bytes(letter.message().as_bytes(), policy=policy.default)


def shape(part):
    """The types of the parts of a mail, as nested lists."""
    inside = [shape(one) for one in part.iter_parts()] if part.is_multipart() else []
    return [part.get_content_type(), *inside]


def test_pictures_stand_beside_the_html_and_files_beside_the_letter(cast, clock, provide):
    provide(lambda message, reader: Enclosed(attachments=[TABLE, PICTURE]))
    mail_ = sent(rendering.mail(told(cast.owner, clock)))
    related = ["multipart/related", ["text/html"], ["image/png"]]
    assert shape(mail_) == ["multipart/mixed", ["multipart/alternative", ["text/plain"], related], [EXCEL]]


def test_a_picture_is_found_by_its_name_inside_and_is_no_file(cast, clock, provide):
    provide(lambda message, reader: Enclosed(attachments=[PICTURE]))
    mail_ = sent(rendering.mail(told(cast.owner, clock)))
    picture = next(part for part in mail_.walk() if part.get_content_type() == "image/png")
    assert (picture["Content-ID"], picture.get_content_disposition()) == ("<won@daybook>", "inline")
    assert picture.get_content() == PNG
    assert list(mail_.iter_attachments()) == []
    assert mail_["Subject"]
    assert mail_["To"] == cast.owner.email


def test_a_file_keeps_its_name_in_any_language(cast, clock, provide):
    provide(lambda message, reader: Enclosed(attachments=[TABLE]))
    (file,) = sent(rendering.mail(told(cast.owner, clock))).iter_attachments()
    assert (file.get_filename(), file.get_content()) == (TABLE.name, TABLE.content)


def test_a_letter_without_a_provider_is_as_before(cast, clock):
    assert shape(sent(rendering.mail(told(cast.owner, clock)))) == [
        "multipart/alternative",
        ["text/plain"],
        ["text/html"],
    ]


def test_the_words_get_what_the_provider_found(cast, clock, provide):
    provide(lambda message, reader: Enclosed(facts={"network": f"{reader.full_name} 42"}))
    letter = rendering.mail(told(cast.owner, clock))
    assert f"{cast.owner.full_name} 42" in letter.body


def test_the_provider_is_asked_in_the_recipients_language(cast, clock, provide):
    seen = []

    def note(message, reader):
        seen.append((translation.get_language(), timezone.get_current_timezone_name()))
        return Enclosed()

    provide(note)
    cast.owner.language, cast.owner.zone = "ru", "Asia/Tokyo"
    cast.owner.save()
    rendering.mail(told(cast.owner, clock))
    assert seen == [("ru", "Asia/Tokyo")]


def test_what_is_too_large_stays_behind_and_is_named(cast, clock, provide):
    huge = Attachment(name="all.xlsx", content=b"x" * (attachments.MOST + 1), content_type=EXCEL)
    provide(lambda message, reader: Enclosed(attachments=[huge, TABLE, PICTURE]))
    message = told(cast.owner, clock).message
    enclosed = attachments.of(message)
    assert enclosed.facts["too_large"] == ["all.xlsx"]
    assert enclosed.files == [TABLE]
    assert enclosed.pictures == [PICTURE]


def test_files_together_take_no_more_room_than_there_is(cast, clock, provide):
    half = attachments.MOST // 2 + 1
    files = [Attachment(name=f"{n}.xlsx", content=b"x" * half, content_type=EXCEL) for n in (1, 2)]
    provide(lambda message, reader: Enclosed(attachments=files))
    assert attachments.of(told(cast.owner, clock).message).facts["too_large"] == ["2.xlsx"]


def test_a_letter_that_is_not_for_him_any_more_is_withdrawn(cast, clock, provide):
    def refuse(message, reader):
        raise NotForHim

    provide(refuse)
    delivery = told(cast.owner, clock)
    assert relay.deliver_waiting(at=clock.now) == 0
    delivery.refresh_from_db()
    assert (delivery.status, delivery.claimed_until) == (DeliveryStatus.WITHDRAWN, None)
    assert mail.outbox == []


def test_a_second_try_after_a_crash_is_the_same_letter(cast, clock, provide):
    provide(lambda message, reader: Enclosed(attachments=[PICTURE, TABLE]))
    told(cast.owner, clock)
    relay._claim(clock.now, 10)  # and the relay dies here
    clock.set("2026-10-20 10:06")
    assert relay.deliver_waiting(at=clock.now) == 1
    delivery = Delivery.objects.get()
    assert mail.outbox[0].extra_headers["Message-ID"].startswith(f"<daybook-{delivery.pk}@")
    assert shape(sent(mail.outbox[0]))[-1] == [EXCEL]


# --- kinds that come at an hour of their own ---


@pytest.fixture
def timed(monkeypatch):
    """Let the evening card come at an hour of its own."""
    monkeypatch.setitem(kinds._kinds, "card_closed", kinds.Kind(key="card_closed", label="Card", timed=True))


def card(person, clock, key, kind="card_closed"):
    context = {"day": "2026-10-20", "points": 1, "posted": 1, "lines": []}
    return messages.tell(recipient=person, kind=kind, key=key, at=clock.now, context=context, url=f"/{key}/")


@pytest.mark.usefixtures("timed")
def test_what_somebody_set_the_hour_of_is_none_of_the_three_a_day(cast, clock):
    for number in range(5):
        card(cast.manager, clock, f"a{number}")
    assert relay.deliver_waiting(at=clock.now) == 5
    for number in range(4):
        messages.tell(recipient=cast.manager, kind="mentioned", key=f"b{number}", at=clock.now, context={"by": "A"})
    assert relay.deliver_waiting(at=clock.now) == 3


@pytest.mark.usefixtures("timed")
def test_it_keeps_the_quiet_hours_and_then_goes_alone(cast, clock):
    clock.set("2026-10-20 21:00")
    card(cast.manager, clock, "timed")
    messages.tell(recipient=cast.manager, kind="mentioned", key="word", at=clock.now, context={"by": "A"}, url="/word/")
    assert relay.deliver_waiting(at=clock.now) == 0
    assert relay.deliver_waiting(at=clock.set("2026-10-21 08:15")) == 2
    bodies = [letter.body for letter in mail.outbox]
    assert not any("/timed/" in body and "/word/" in body for body in bodies)
    assert not Delivery.objects.filter(status=DeliveryStatus.WAITING).exists()
    assert Message.objects.filter(deliveries__carried_by__isnull=False).count() == 0
