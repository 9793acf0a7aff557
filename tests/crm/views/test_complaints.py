"""The pages of complaints and returns: the list, one of them, and its verbs."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.models import Complaint, ComplaintKind, ComplaintStatus, Task
from crm.services import complaints
from tests.budgets import assert_budget
from tests.factories.crm import make_company, make_complaint, make_contact, make_purchase
from tests.factories.people import Cast

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
LIST = {"HX-Request": "true", "HX-Target": "list"}


@pytest.fixture
def company(cast: Cast):
    return make_company(cast.manager)


@pytest.fixture
def browser(cast: Cast, sign_in):
    return sign_in(cast.manager)


@pytest.fixture
def complaint(company, cast: Cast) -> Complaint:
    return complaints.add(by=cast.manager, at=timezone.now(), company=company, subject="Two pumps leak")


def listed(browser, **query: str) -> set[str]:
    page = browser.get(reverse("crm:complaint-list"), query)
    return {row["subject"] for row in page.context["list"].rows}


def test_the_list_costs_two_statements_however_long(company, browser) -> None:
    now = timezone.now()
    make_complaint(company, now)
    url = reverse("crm:complaint-list")
    assert_budget(
        browser, url, 2, lambda: [make_complaint(company, now + timedelta(hours=n)) for n in range(60)], headers=LIST
    )


def test_it_is_narrowed_by_what_is_late_and_what_came_back(company, browser) -> None:
    now = timezone.now()
    make_complaint(company, now - timedelta(days=1), subject="Late")
    make_complaint(company, now + timedelta(days=1), subject="Return", kind=ComplaintKind.RETURN)
    make_complaint(company, now - timedelta(days=9), subject="Over", status=ComplaintStatus.SETTLED, closed_at=now)
    assert listed(browser, late="1") == {"Late"}
    assert listed(browser, kind="return") == {"Return"}
    assert listed(browser, status="settled") == {"Over"}
    assert listed(browser, q="ret") == {"Return"}
    assert listed(browser, q="acme") == {"Late", "Return", "Over"}


def test_on_the_card_of_a_person_it_is_about_him_and_his_company(cast: Cast, company, browser) -> None:
    contact = make_contact(cast.manager, company=company)
    form = browser.get(reverse("crm:complaint-new"), {"contact": contact.pk}, **HTMX).context["form"]
    assert (form["contact"].value(), form["company"].value()) == (str(contact.pk), company.pk)


def test_it_is_taken_down_and_its_owner_named(cast: Cast, company, browser) -> None:
    sent = {
        "kind": "return", "company": company.pk, "subject": "Wrong model", "currency": "EUR",
        "due_at": (timezone.localdate() + timedelta(days=9)).isoformat(),
    }  # fmt: skip
    answer = browser.post(reverse("crm:complaint-new"), sent, **HTMX)
    assert answer.status_code == 204
    assert "Anna Manager" in answer["HX-Trigger"]
    assert Complaint.objects.get().kind == ComplaintKind.RETURN
    assert Task.objects.open().get().owner == cast.manager


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"subject": ""}, "subject"),
        ({"subject": "x" * 201}, "subject"),
        ({"due_at": "2020-01-01"}, "due_at"),
        ({"due_at": "soon"}, "due_at"),
        ({"kind": "praise"}, "kind"),
        ({"company": ""}, "company"),
    ],
)
def test_a_mistake_is_told_at_its_field(company, browser, wrong: dict[str, str], field: str) -> None:
    sent = {"kind": "complaint", "company": company.pk, "subject": "A", "currency": "EUR", "due_at": "2099-01-01"}
    answer = browser.post(reverse("crm:complaint-new"), {**sent, **wrong}, **HTMX)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert not Complaint.objects.exists()


def test_answering_asks_how_it_ended_and_can_be_undone(complaint: Complaint, browser) -> None:
    url = reverse("crm:complaint-answer", args=[complaint.pk])
    assert browser.post(url, {"how": "settled", "answer": ""}, **HTMX).status_code == 422
    answer = browser.post(url, {"how": "refused", "answer": "Out of warranty"}, **HTMX)
    complaint.refresh_from_db()
    assert (answer.status_code, complaint.status, complaint.answer) == (204, "refused", "Out of warranty")
    undo = reverse("crm:complaint-reopen", args=[complaint.pk])
    assert undo in answer["HX-Trigger"]
    assert browser.post(undo, **HTMX).status_code == 204
    complaint.refresh_from_db()
    assert complaint.status == ComplaintStatus.OPEN


def test_an_answer_to_what_a_colleague_answered_is_refused(complaint: Complaint, cast: Cast, browser) -> None:
    form = browser.get(reverse("crm:complaint-answer", args=[complaint.pk]), **HTMX).context["form"]
    complaints.settle(complaint=complaint, answer="Done", by=cast.head, at=timezone.now())
    sent = {"how": "refused", "answer": "No", "seen_at": form["seen_at"].value()}
    answer = browser.post(reverse("crm:complaint-answer", args=[complaint.pk]), sent, **HTMX)
    assert answer.status_code == 422
    assert Complaint.objects.get().answer == "Done"


def test_editing_keeps_the_day_unless_it_is_changed(complaint: Complaint, browser) -> None:
    url = reverse("crm:complaint-edit", args=[complaint.pk])
    form = browser.get(url, **HTMX).context["form"]
    typed = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    before = complaint.due_at
    assert browser.post(url, {**typed, "note": "Called twice"}, **HTMX).status_code == 204
    complaint.refresh_from_db()
    assert (complaint.due_at, complaint.note) == (before, "Called twice")


def test_one_opens_by_itself_as_a_page(complaint: Complaint, browser) -> None:
    text = browser.get(reverse("crm:complaint", args=[complaint.pk])).content.decode()
    assert "<title>" in text
    assert "Two pumps leak" in text


def test_purchases_are_listed_in_two_statements_and_by_period(cast: Cast, company, sign_in) -> None:
    browser = sign_in(cast.head)
    make_purchase(company, timezone.localdate() - timedelta(days=10), 5_000, number="FV 1")
    make_purchase(company, timezone.localdate() - timedelta(days=50), -2_000, number="FV 2")
    url = reverse("crm:purchase-list")
    assert [row["number"] for row in browser.get(url, {"period": "30"}).context["list"].rows] == ["FV 1"]
    assert [row["number"] for row in browser.get(url, {"back": "1"}).context["list"].rows] == ["FV 2"]
    assert [row["number"] for row in browser.get(url, {"q": "fv 2"}).context["list"].rows] == ["FV 2"]
    today = timezone.localdate()
    assert_budget(
        browser, url, 2, lambda: [make_purchase(company, today - timedelta(days=n)) for n in range(60)], headers=LIST
    )


def test_a_cancelled_document_is_taken_back(cast: Cast, company, sign_in) -> None:
    purchase = make_purchase(company, timezone.localdate())
    answer = sign_in(cast.head).post(reverse("crm:purchase-take-back", args=[purchase.pk]), **HTMX)
    assert answer.status_code == 204
    assert not sign_in(cast.owner).get(reverse("crm:purchase-list")).context["list"].rows
