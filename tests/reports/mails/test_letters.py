"""The letters of reports as they arrive: their parts, words, pictures and files, for whoever reads them."""

from __future__ import annotations

import re
from datetime import date, time
from email import message_from_bytes, policy
from html.parser import HTMLParser
from io import BytesIO

import openpyxl
import pytest
from django.core import mail

from accounts.models import AccessEvent, EventKind, Role, User
from discipline import alerts
from discipline.services import days
from notifications import attachments
from notifications.models import Delivery, DeliveryStatus
from notifications.services import relay
from reports.mails import letter as letters
from reports.models import Report, ReportShare
from reports.services import readings, report_mails
from tests.factories.crm import make_deal
from tests.factories.discipline import make_scored
from tests.factories.people import make_user
from tests.reports.company.scene import make_scene

pytestmark = pytest.mark.django_db
CANARY = "Zqforeigner"


class Markup(HTMLParser):
    """What stands in a letter: the names of its elements, its pictures and links, its words."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.pictures, self.links, self.words = [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag == "img":
            self.pictures.append(dict(attrs))
        if tag == "a":
            self.links.append(dict(attrs)["href"])

    def handle_data(self, data):
        self.words.append(data)


class Read:
    """A letter as its recipient's program reads it."""

    def __init__(self, letter):
        self.mail = message_from_bytes(letter.message().as_bytes(), policy=policy.default)
        parts = {part.get_content_type(): part for part in self.mail.walk()}
        self.text = parts["text/plain"].get_content()
        self.html = parts["text/html"].get_content()
        self.markup = Markup(self.html)
        self.files = {part.get_filename(): part.get_content() for part in self.mail.iter_attachments()}
        self.pictures = {
            part["Content-ID"].strip("<>"): part.get_content() for part in self.mail.walk() if part["Content-ID"]
        }

    @property
    def subject(self):
        return " ".join(str(self.mail["Subject"]).split())  # a long one is folded

    def sheet(self):
        (content,) = (one for name, one in self.files.items() if name.endswith(".xlsx"))
        book = openpyxl.load_workbook(BytesIO(content))
        return " ".join(
            str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell
        )


def only(letters):
    (letter,) = letters
    return Read(letter)


def test_a_report_says_its_figures_in_the_text_and_as_a_picture(set_up, mail_at, cast):
    set_up()
    make_deal(cast.manager, amount_minor=100_00)
    make_deal(cast.manager, amount_minor=50_00)
    read = only(mail_at("2026-10-26 08:00"))
    assert "Deals by owner, 26 October · 2" in read.subject
    for words in (read.text, read.html):
        assert "Anna Manager" in words
        assert re.search(r"Anna Manager\W.*\b2\b", " ".join(words.split()))
    (picture,) = read.markup.pictures
    assert "Anna Manager: 2" in picture["alt"]
    assert read.pictures[picture["src"].removeprefix("cid:")].startswith(b"\x89PNG")
    assert "Hanna Head has this sent to you" in read.html


def test_letters_need_no_script_and_load_nothing_from_elsewhere(set_up, mail_at, cast):
    set_up()
    make_deal(cast.manager)
    read = only(mail_at("2026-10-26 08:00"))
    assert not {"script", "link", "iframe", "form", "svg", "object"} & set(read.markup.tags)
    assert not re.search(r"class=|\son\w+=", read.html)
    assert {one["src"].partition(":")[0] for one in read.markup.pictures} == {"cid"}
    assert set(re.findall(r"https?://[^/\"'\s<]+", read.html)) == {"http://127.0.0.1:8000"}


def test_without_its_style_sheet_a_letter_is_the_same(set_up, mail_at, cast):
    set_up()
    read = only(mail_at("2026-10-26 08:00"))
    bare = re.sub(r"<style>.*?</style>", "", read.html, flags=re.DOTALL)
    styled = re.findall(r"<(?:td|th|table|a|p|h1|h2|img|div|body)\b(?![^>]*style=)[^>]*>", bare)
    assert [tag for tag in styled if not tag.startswith('<a href="http://127.0.0.1:8000/"')] == []


def test_everybody_gets_his_own_reach_and_no_foreign_word(set_up, mail_at, cast):
    definition = {
        "source": "deals",
        "rows": ["owner"],
        "columns": ["stage"],
        "period": {"kind": "all"},
        "show": "pivot",
    }
    report = Report.objects.create(user=cast.head, name="Open", definition=definition)
    for role in ("manager", "head"):
        ReportShare.objects.create(report=report, role=role)
    User.objects.filter(pk=cast.stranger.pk).update(full_name=CANARY)
    for owner, number in ((cast.manager, 1), (cast.teammate, 2), (cast.stranger, 4)):
        for _ in range(number):
            make_deal(owner, title=CANARY)
    set_up(cast.manager, cast.head, report=report, with_excel=True, with_pdf=True)
    found = {letter.to[0]: Read(letter) for letter in mail_at("2026-10-26 08:00")}
    own, heads = found[cast.manager.email], found[cast.head.email]
    assert own.subject.endswith("· 1")
    assert heads.subject.endswith("· 3")
    assert CANARY not in own.text + own.html + heads.text + heads.html + heads.sheet()
    assert not any(name.endswith(".xlsx") for name in own.files), "who may take nothing out is mailed no file"
    assert [name.rpartition(".")[2] for name in heads.files] == ["pdf", "xlsx"]
    assert "Anna Manager" in heads.sheet()


def test_files_that_leave_the_house_leave_a_trace(set_up, mail_at, cast):
    set_up(cast.head, with_excel=True)
    make_deal(cast.manager)
    mail_at("2026-10-26 08:00")
    event = AccessEvent.objects.get(kind=EventKind.EXPORTED)
    assert (event.by, event.detail["list"], event.detail["report"]) == (cast.head, "mail", "Deals by owner")


@pytest.mark.parametrize(
    ("language", "name", "month"),
    [
        ("pl", "Wygrane powyżej 100 000 zł – październik", "października"),
        ("ru", "Сделки «Весна»: выиграно", "октября"),
        ("es", "Negocios de mañana", "octubre"),
        ("en", "Gewonnene Aufträge über 100 000 €", "October"),
    ],
)
def test_the_subject_is_the_same_after_its_way_through_the_mail(set_up, mail_at, cast, report, language, name, month):
    Report.objects.filter(pk=report.pk).update(name=name)
    User.objects.filter(pk=cast.manager.pk).update(language=language)
    set_up(with_pdf=True)
    read = only(mail_at("2026-10-26 08:00"))
    assert read.subject.startswith(name)
    assert month.lower() in read.subject.lower()
    assert f'<html lang="{language}">' in read.html
    assert f"{name}-2026-10-26.pdf".replace(":", " ").split() == " ".join(read.files).split()


def test_who_lost_the_right_meanwhile_gets_nothing(set_up, run_at, mail_at, cast, report):
    set_up()
    run_at("2026-10-26 08:00")
    ReportShare.objects.filter(report=report).delete()
    assert mail_at("2026-10-26 08:01") == []
    assert Delivery.objects.get().status == DeliveryStatus.WITHDRAWN


def test_in_quiet_hours_it_waits_and_then_comes_whole(set_up, mail_at, cast):
    set_up(hour=time(6), with_pdf=True)
    make_deal(cast.manager)
    assert mail_at("2026-10-26 06:00") == []
    read = only(mail_at("2026-10-26 08:15"))
    assert len(read.files) == 1
    assert read.pictures


def test_a_file_that_is_too_large_is_left_out_and_said_so(set_up, mail_at, cast, monkeypatch):
    monkeypatch.setattr(attachments, "MOST", 20_000)
    set_up(cast.head, with_pdf=True)
    make_deal(cast.manager)
    read = only(mail_at("2026-10-26 08:00"))
    assert read.files == {}
    assert "is too large for a mail. Open the report and save it there." in read.text
    assert "is too large for a mail" in read.html


def test_a_try_comes_at_once_to_whoever_asked_alone(set_up, mail_at, cast, clock):
    mail = set_up(cast.manager)
    clock.set("2026-10-24 23:00")
    report_mails.send_now(mail=mail, by=cast.head, at=clock.now)
    assert [letter.to for letter in mail_at("2026-10-24 23:01")] == [[cast.head.email]]


def test_the_owners_week_shows_what_the_screen_shows(mail_at, cast, clock, sign_in):
    scene = make_scene(cast, clock)
    read = only([one for one in mail_at("2026-10-26 08:00") if one.to == [cast.owner.email]])
    screen = sign_in(cast.owner).get(f"/company/?day={scene.kept.day.isoformat()}").context["screen"]
    shown = " ".join(read.text.split())
    for cell in screen.strip:
        assert " ".join(f"{cell.label}: {cell.shown}".split()) in shown
    blocks = [block for block in screen.blocks if not block.is_empty]
    for block in blocks:
        assert block.title in read.text
        assert " ".join(block.says.split()) in shown
    assert 2 <= len(read.markup.pictures) <= 3
    assert all(re.search(r"\d", one["alt"]) for one in read.markup.pictures)
    assert f"http://127.0.0.1:8000/company/?day={scene.kept.day.isoformat()}" in read.markup.links
    assert blocks[0].facts[0].shown in read.sheet()


def test_a_second_owner_of_the_same_language_costs_no_second_picture(mail_at, cast, clock, monkeypatch):
    make_scene(cast, clock)
    make_user("Second Owner", "owner")
    drawn = []
    monkeypatch.setattr(letters, "picture", lambda svg: drawn.append(svg) or b"\x89PNG")
    letters._drawn.cache_clear()
    assert len([one for one in mail_at("2026-10-26 08:00") if "week" in one.subject]) == 2
    letters._drawn.cache_clear()
    assert 2 <= len(drawn) <= 3


def test_the_heads_morning_brings_figures_a_chart_and_the_control_table(cast, clock):
    clock.set("2026-10-12 08:00")
    make_scored(cast)
    for day in (15, 16):
        days.close(team=cast.team, day=date(2026, 10, day), at=clock.set(f"2026-10-{day} 18:31"))
    make_deal(cast.manager, amount_minor=700_00)
    readings.read(at=clock.set("2026-10-19 07:00"))
    clock.set("2026-10-19 08:00")
    alerts.run(now=clock.now)
    relay.deliver_waiting(at=clock.now)
    read = only([one for one in mail.outbox if one.to == [cast.head.email] and "kept every rule" in one.subject])
    assert "Open deals: €700 (1 deal)" in read.text.replace("\u202f", " ")
    assert "Conversations" in read.text
    assert "Rules kept by day" in read.markup.pictures[0]["alt"]
    assert "Anna Manager" in read.sheet()


def test_who_leads_nobody_any_more_gets_no_morning_of_a_team(cast, clock):
    clock.set("2026-10-12 08:00")
    make_scored(cast)
    days.close(team=cast.team, day=date(2026, 10, 16), at=clock.set("2026-10-16 18:31"))
    alerts.run(now=clock.set("2026-10-19 08:00"))
    User.objects.filter(pk=cast.head.pk).update(role=Role.MANAGER)
    relay.deliver_waiting(at=clock.now)
    assert [
        one.subject for one in mail.outbox if one.to == [cast.head.email] and "kept every rule" in one.subject
    ] == []
    letter = Delivery.objects.get(message__kind="team_morning", message__recipient=cast.head)
    assert letter.status == DeliveryStatus.WITHDRAWN


def test_the_control_table_names_who_missed_most_first(set_up, mail_at, cast, clock):
    clock.set("2026-10-12 08:00")
    make_scored(cast)
    days.close(team=cast.team, day=date(2026, 10, 16), at=clock.set("2026-10-16 18:31"))
    set_up(cast.head, cast.manager, screen="control", with_excel=True, with_pdf=True)
    found = [one for one in mail_at("2026-10-26 08:00") if "control" in one.subject]
    assert [one.to for one in found] == [[cast.head.email]]
    read = only(found)
    assert "Times missed" in read.text
    assert "Anna Manager" in read.text
    assert "Anna Manager" in read.sheet()
    assert [name.rpartition(".")[2] for name in read.files] == ["xlsx", "pdf"]


def test_a_head_may_have_his_morning_at_an_hour_of_his_own(set_up, mail_at, cast, clock):
    set_up(cast.head, screen="morning", rhythm="workdays", hour=time(13), with_pdf=True)
    make_deal(cast.manager, amount_minor=700_00)
    make_deal(cast.stranger, amount_minor=9_999_00)
    readings.read(at=clock.set("2026-10-26 07:00"))
    read = only([one for one in mail_at("2026-10-26 13:00") if one.to == [cast.head.email]])
    assert "Open deals: €700 (" in read.text
    assert "Your team's morning, 26 October" in read.subject
    assert "9\u202f999" not in read.text + read.html
    assert all(content.startswith(b"%PDF") for content in read.files.values())
    assert len(read.files) == 1
