"""Bad input to the forms of the workplace: a clear message or a right result, nothing lost, nothing executed."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from accounts.models import User
from crm.models import Activity, Contact, File, Pipeline, Stage, Task
from crm.services import files
from tests.factories.crm import make_activity, make_company, make_contact, make_deal, make_stage, make_task
from tests.factories.people import Cast

SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}
KEY = "0b5f4a3a-1111-4222-8333-444455556666"
pytestmark = pytest.mark.django_db

STRANGE = {
    "html": '<script>alert(1)</script><img src=x onerror="alert(2)">',
    "emoji": "👨‍👩‍👧 👍🏽 🇵🇱",
    "right to left": "שלום مرحبا \u202eabc\u202c",
    "template": "{{ 7|add:7 }} {% csrf_token %} %(x)s ${1}",
    "long": "ж" * 10_000,
}


class World:
    """What the forms are about, and who sends them."""

    def __init__(self, cast: Cast) -> None:
        self.company = make_company(cast.manager, "Elbe Pharma")
        self.contact = make_contact(cast.manager, "Elena Bauer", company=self.company)
        self.stage = make_stage("New")
        self.deal = make_deal(cast.manager, "Fleet renewal", stage=self.stage, company=self.company)
        self.task = make_task(cast.manager, timezone.now() + timedelta(days=1), "Call", contact=self.contact)
        self.activity = make_activity(cast.manager, timezone.now(), contact=self.contact)

    def form(self, name: str) -> tuple[str, dict[str, Any], tuple[str, ...]]:
        """The address of a form, what makes it complete, and its fields for text."""
        who, next_ = f"company:{self.company.pk}", {"next_when": "own", "next_own": "2031-03-04T10:00"}
        call = {"who": who, "kind": "call", "result_call": "reached", **next_}
        return {
            "company": ("crm:company-new", {"name": "Acme"}, ("name", "city", "address", "industry", "note")),
            "contact": ("crm:contact-new", {"name": "Ada"}, ("name", "title", "city", "note")),
            "deal": (
                "crm:deal-new", {"title": "Vans", "currency": "EUR", "stage": self.stage.pk, **next_}, ("title", "note", "next_title"),
            ),
            "task": ("crm:task-new", {"title": "Call", "kind": "call", "due_when": "tomorrow_10"}, ("title", "note")),
            "log": ("crm:quick-log", call, ("note", "next_title")),
            "composer": ("crm:activity-log", call, ("note", "next_title")),
            "done": (f"crm:task-done {self.task.pk}", {"kind": "call", "result_call": "busy", **next_}, ("note", "next_title")),
            "drop": (f"crm:task-drop {self.task.pk}", next_, ("result", "next_title")),
            "activity": (f"crm:activity-edit {self.activity.pk}", {"result": "reached"}, ("note",)),
            "lose": (f"crm:deal-lose {self.deal.pk}", {}, ("competitor",)),
        }[name]  # fmt: skip


@pytest.fixture
def world(cast: Cast) -> World:
    return World(cast)


def address(named: str) -> str:
    name, *keys = named.split()
    return reverse(name, args=[int(key) for key in keys])


@pytest.mark.parametrize("kind", STRANGE)
@pytest.mark.parametrize(
    "name", ["company", "contact", "deal", "task", "log", "composer", "done", "drop", "activity", "lose"]
)
def test_any_text_is_kept_or_comes_back_with_a_message(
    world: World, cast: Cast, sign_in: SignIn, name: str, kind: str
) -> None:
    url, complete, fields = world.form(name)
    client = sign_in(cast.manager)
    sent = complete | dict.fromkeys(fields, STRANGE[kind])
    answer = client.post(address(url), sent, headers=HTMX)
    page = answer.content.decode()
    assert answer.status_code in (200, 204, 422)
    assert "<script>alert(1)" not in page
    assert "<img src=x" not in page
    if answer.status_code == 422:
        assert "c-field__error" in page or "c-notice" in page
        assert page.count(escape(STRANGE[kind])) >= 1, "what was typed is lost"


@pytest.mark.parametrize("kind", ["html", "emoji", "right to left", "template"])
def test_a_text_reads_back_as_it_was_typed(world: World, cast: Cast, sign_in: SignIn, kind: str) -> None:
    text, client = STRANGE[kind], sign_in(cast.manager)
    sent = {"who": f"contact:{world.contact.pk}", "kind": "note", "note": text, "next_when": "none"}
    assert client.post(reverse("crm:quick-log"), sent, headers=HTMX).status_code == 204
    assert Activity.objects.latest("pk").note == text
    page = client.get(reverse("crm:contact", args=[world.contact.pk])).content.decode()
    assert escape(text) in page
    assert "<script>alert(1)" not in page


@pytest.mark.parametrize("phone", ["12", "call me", "+48 22 555 01 97 " * 10, "<b>1</b>", "🙂", "+" * 30])
def test_a_wrong_phone_is_told_and_stays_in_the_form(cast: Cast, sign_in: SignIn, phone: str) -> None:
    answer = sign_in(cast.manager).post(reverse("crm:contact-new"), {"name": "Ada", "phones": phone}, headers=HTMX)
    assert answer.status_code == 422
    assert "c-field__error" in answer.content.decode()
    assert escape(phone.strip()) in answer.content.decode()
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    "when", ["2026-02-31T10:00", "2026-13-01T10:00", "0000-00-00T00:00", "tomorrow", "9999999-01-01T10:00"]
)
@pytest.mark.parametrize("field", ["next_own", "ended"])
def test_an_impossible_date_is_told(world: World, cast: Cast, sign_in: SignIn, field: str, when: str) -> None:
    sent = {
        "who": f"company:{world.company.pk}",
        "kind": "call",
        "result_call": "reached",
        "note": "Kept",
        "next_when": "own",
    }
    answer = sign_in(cast.manager).post(reverse("crm:quick-log"), sent | {field: when}, headers=HTMX)
    assert answer.status_code == 422
    assert "c-field__error" in answer.content.decode()
    assert "Kept</textarea>" in answer.content.decode()
    assert Activity.objects.count() == 1


@pytest.mark.parametrize("day", ["2026-02-31", "31.02.2026", "x", "-1"])
def test_an_impossible_day_of_a_task_is_told(cast: Cast, sign_in: SignIn, day: str) -> None:
    sent = {"title": "Call", "kind": "call", "due_when": "own", "due_date": day, "due_time": "25:99"}
    answer = sign_in(cast.manager).post(reverse("crm:task-new"), sent, headers=HTMX)
    assert answer.status_code == 422
    assert answer.content.decode().count("c-field__error") >= 2
    assert not Task.objects.exists()


def test_back_after_saving_with_other_words_loses_nothing(world: World, cast: Cast, sign_in: SignIn) -> None:
    sent = {"who": f"company:{world.company.pk}", "kind": "note", "note": "First", "next_when": "none", "key": KEY}
    client = sign_in(cast.manager)
    for url in (reverse("crm:quick-log"), reverse("crm:activity-log")):
        client.post(url, sent, headers=HTMX)
        assert client.post(url, sent, headers=HTMX).status_code in (200, 204)
        again = client.post(url, sent | {"note": "Second"}, headers=HTMX)
        assert again.status_code == 422
        assert "saved already" in again.content.decode()
        assert "Second</textarea>" in again.content.decode()
    assert list(Activity.objects.filter(kind="note").values_list("note", flat=True)) == ["First"]


def test_a_task_ticked_off_twice_with_other_words_loses_nothing(world: World, cast: Cast, sign_in: SignIn) -> None:
    client, url = sign_in(cast.manager), reverse("crm:task-done", args=[world.task.pk])
    assert client.post(url, {"kind": "done", "note": "Sent", "next_when": "none"}, headers=HTMX).status_code == 204
    assert client.post(url, {"kind": "done", "note": "Sent", "next_when": "none"}, headers=HTMX).status_code == 204
    again = client.post(url, {"kind": "done", "note": "Not sent", "next_when": "none"}, headers=HTMX)
    assert again.status_code == 422
    assert "Not sent</textarea>" in again.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("empty.pdf", b"", "This file is empty."),
        ("page.html", b"<script>", "This type of file is not accepted."),
        ("offer.pdf", b"MZ program", "This type of file is not accepted."),
        ("large.txt", b"x" * 2_000, "larger"),
    ],
)
def test_a_file_that_is_none_is_told(
    world: World, cast: Cast, sign_in: SignIn, name: str, content: bytes, told: str
) -> None:
    with patch.object(files, "LARGEST", 1_000):
        answer = sign_in(cast.manager).post(
            reverse("crm:file-add", args=["company", world.company.pk]),
            {"upload": SimpleUploadedFile(name, content)}, headers=HTMX,
        )  # fmt: skip
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not File.objects.exists()


def test_a_deal_is_not_dragged_into_another_pipeline(world: World, cast: Cast, sign_in: SignIn) -> None:
    other = make_stage("Elsewhere", pipeline=Pipeline.objects.create(name="Service"))
    url = reverse("crm:deal-move", args=[world.deal.pk])
    answer = sign_in(cast.manager).post(url, {"stage": other.pk}, headers=HTMX)
    assert answer.status_code == 422
    world.deal.refresh_from_db()
    assert world.deal.stage == world.stage
    assert Stage.objects.get(pk=other.pk).pipeline_id != world.stage.pipeline_id


@pytest.mark.parametrize("url", ["crm:quick-log", "crm:task-list", "crm:deal-board"])
def test_a_part_of_a_page_is_sent_to_sign_in_once_the_session_is_over(client: Client, url: str) -> None:
    headers = HTMX | {"HX-Current-URL": "http://testserver/tasks/?kind=call"}
    answer = client.post(reverse(url), {"note": "Long"}, headers=headers)
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == "/sign-in/?next=/tasks/%3Fkind%3Dcall"
    evil = client.get(reverse(url), headers=HTMX | {"HX-Current-URL": "https://evil.example//evil.example/x"})
    assert evil["HX-Redirect"] == "/sign-in/?next=/evil.example/x"


def test_a_place_in_a_list_that_goes_too_deep_is_none(cast: Cast, sign_in: SignIn) -> None:
    deep = urlsafe_b64encode(b"[" * 3000).decode()
    assert sign_in(cast.manager).get(reverse("crm:company-list"), {"after": deep}).status_code == 200


def test_what_a_form_says_that_was_seen_may_be_nonsense(cast: Cast, sign_in: SignIn) -> None:
    company = make_company(cast.manager)
    values = {"name": "Acme two", "currency": "EUR", "seen_at": company.changed_at.isoformat(), "seen": "[" * 5000}
    answer = sign_in(cast.manager).post(reverse("crm:company-edit", args=[company.pk]), values, headers=HTMX)
    assert answer.status_code in (204, 422)
