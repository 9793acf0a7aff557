"""Contracts, complaints and purchases of the API; purchases also by the thousand."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.services import tokens
from crm.models import Complaint, Contract, Product, Purchase, Task
from tests.factories.crm import make_company, make_complaint, make_contract, make_purchase

pytestmark = pytest.mark.django_db
DAY = "2026-10-01"


@pytest.fixture
def company(cast, clock):
    return make_company(cast.manager, tax_key="5250007738")


@pytest.fixture
def send(api, cast):
    """Send a list of purchases as the head, or somebody else."""

    def post(entries, user=None):
        return api(user or cast.head).client.post("/api/v1/purchases/bulk/", entries, format="json")

    return post


def entry(company=None, key="inv-1", **words):
    named = {"company": company.pk} if company else {}
    return {"external_id": key, "kind": "shipment", "day": DAY, "amount_minor": 12_000, **named, **words}


@pytest.mark.parametrize("noun", ["contracts", "complaints", "purchases"])
def test_they_are_read_by_their_own_people_and_are_not_there_for_others(api, cast, clock, company, noun):
    makers = {
        "contracts": lambda: make_contract(company, clock.now.date()),
        "complaints": lambda: make_complaint(company, clock.now),
        "purchases": lambda: make_purchase(company, clock.now.date()),
    }
    record = makers[noun]()
    for user in (cast.manager, cast.head, cast.owner):
        assert api(user).get(f"{noun}/{record.pk}/").json()["id"] == record.pk
    for user in (cast.teammate, cast.stranger, cast.other_head, cast.admin):
        assert api(user).get(f"{noun}/{record.pk}/").status_code == 404
        assert api(user).get(f"{noun}/").json()["results"] == []
        assert api(user).patch(f"{noun}/{record.pk}/", number="x", subject="x").status_code in (400, 404)
    assert api(cast.owner).delete(f"{noun}/{record.pk}/").status_code == 404


@pytest.mark.parametrize("noun", ["contracts", "complaints", "purchases"])
def test_a_list_costs_as_much_with_one_as_with_many(api, cast, clock, company, noun):
    def add():
        make_contract(company, clock.now.date())
        make_complaint(company, clock.now)
        make_purchase(company, clock.now.date())

    asked = api(cast.head)

    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert asked.get(f"{noun}/").status_code == 200
        return len(captured)

    add()
    few = cost()
    for _ in range(4):
        add()
    assert cost() == few <= 6


def test_a_contract_is_entered_once_changed_renewed_and_ended(api, company, clock):
    words = {"company": company.pk, "title": "Maintenance", "starts_on": "2026-01-01", "ends_on": "2026-12-31"}
    first = api().post("contracts/", **words, external_id="c-1")
    again = api().post("contracts/", **words, external_id="c-1")
    assert (first.status_code, again.status_code) == (201, 200)
    pk = first.json()["id"]
    changed = api().patch(f"contracts/{pk}/", amount_minor=500, seen_at=first.json()["changed_at"])
    assert (changed.status_code, changed.json()["amount_minor"]) == (200, 500)
    following = api().post(f"contracts/{pk}/renew/", amount_minor=600).json()
    assert (following["starts_on"], following["ends_on"], following["amount_minor"]) == (
        "2027-01-01",
        "2027-12-31",
        600,
    )
    ended = api().post(f"contracts/{following['id']}/end/", on="2027-06-30", reason="Closed down").json()
    assert (ended["status"], ended["note"]) == ("ended", "Closed down")
    assert not Task.objects.open().exists()
    assert api().post(f"contracts/{pk}/end/").json()["code"] == "contract_over"


def test_what_two_programs_changed_is_answered_with_both(api, cast, company):
    contract = api().post("contracts/", company=company.pk, title="A", starts_on="2026-01-01").json()
    Contract.objects.update(title="B", changed_by=cast.head)
    answer = api().patch(f"contracts/{contract['id']}/", title="C", seen_at=contract["changed_at"])
    assert answer.status_code == 409
    assert Contract.objects.get().title == "B"


def test_a_complaint_is_taken_down_answered_and_opened_again(api, company, clock):
    made = api().post("complaints/", company=company.pk, subject="Leaks", due_at="2026-10-23").json()
    assert made["due_at"] == "2026-10-24T00:00:00+02:00"
    answered = api().post(f"complaints/{made['id']}/settle/", answer="Sent anew").json()
    assert (answered["status"], answered["answer"]) == ("settled", "Sent anew")
    assert api().post(f"complaints/{made['id']}/refuse/", answer="No").status_code == 422
    assert api().post(f"complaints/{made['id']}/reopen/", due_at="2026-10-25T10:00:00Z").json()["status"] == "open"
    assert Complaint.objects.get().due_at == datetime(2026, 10, 25, 10, 0, tzinfo=UTC)
    assert api().post("complaints/", subject="Nobody's").json()["field"] == "company"


def test_one_purchase_comes_and_comes_again(api, cast, company):
    first = api(cast.head).post("purchases/", **entry(company))
    again = api(cast.head).post("purchases/", **entry(company, amount_minor=-300))
    assert (first.status_code, again.status_code) == (201, 200)
    assert (again.json()["id"], again.json()["amount_minor"]) == (first.json()["id"], -300)
    wrong = api(cast.head).post("purchases/", **entry(None, "x", tax_number="999"))
    assert (wrong.status_code, wrong.json()["code"]) == (422, "company_unknown")
    assert api(cast.head).post("purchases/", **{**entry(company), "external_id": ""}).status_code == 400
    assert api(cast.head).delete(f"purchases/{first.json()['id']}/").status_code == 204
    assert not Purchase.objects.live().exists()


def test_each_of_many_has_its_own_answer_in_order(send, company):
    pump = Product.objects.create(name="Pump", name_key="pump")
    answer = send(
        [
            entry(company, "a", product=pump.pk),
            entry(None, "b", tax_number="PL5250007738"),
            entry(company, "a", product=pump.pk),
            entry(company, "c", kind="gift"),
            entry(company, "d", amount_minor=0),
            entry(company, "e", surprise=1),
            "nonsense",
            entry(company, "f", product=10**18),
            {**entry(company, "g"), "company": 10**30},
        ]
    )
    assert answer.status_code == 200
    said = [(one["external_id"], one["outcome"], one.get("code", "")) for one in answer.json()]
    assert said == [
        ("a", "created", ""),
        ("b", "created", ""),
        ("a", "same", ""),
        ("c", "refused", "invalid"),
        ("d", "refused", "amount_missing"),
        ("e", "refused", "invalid"),
        ("", "refused", "invalid"),
        ("f", "refused", "product_unknown"),
        ("g", "refused", "invalid"),
    ]
    assert Purchase.objects.count() == 2


def test_a_thousand_cost_as_many_statements_as_two(send, company):
    def cost(count, amount):
        with CaptureQueriesContext(connection) as captured:
            answer = send([entry(company, f"{count}-{n}", amount_minor=amount) for n in range(count)])
        assert answer.status_code == 200
        return len(captured)

    assert cost(2, 100) == cost(1000, 100)
    assert Purchase.objects.count() == 1002


def test_more_than_a_thousand_or_no_list_is_refused(send, company):
    assert send([entry(company, str(n)) for n in range(1001)]).status_code == 400
    assert send(entry(company)).status_code == 400
    assert send([]).json() == []
    assert not Purchase.objects.exists()


def test_only_heads_and_coordinators_send_them(send, cast, company):
    for user in (cast.manager, cast.teammate, cast.owner):
        assert send([entry(company)], user).status_code == 404
    foreign = send([entry(company)], cast.other_head).json()
    assert foreign[0]["code"] == "company_unknown"
    assert send([entry(company)], cast.admin).json()[0]["outcome"] == "created"


def test_a_program_needs_a_token_with_that_scope(cast, clock, company):
    client = APIClient()
    for scopes, status in ((["purchase.edit"], 200), (["purchase.view"], 404)):
        _token, secret = tokens.make(by=cast.admin, at=clock.now, name="Accounts", scopes=scopes)
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
        assert client.post("/api/v1/purchases/bulk/", [entry(company)], format="json").status_code == status


def test_purchases_are_filtered_by_day_and_kind(api, company, cast, clock):
    for day, kind in ((1, "shipment"), (10, "payment")):
        make_purchase(company, clock.now.date().replace(day=day), kind=kind)
    results = api(cast.head).get("purchases/", day_from="2026-10-05").json()["results"]
    assert [one["kind"] for one in results] == ["payment"]
    assert len(api(cast.head).get("purchases/", kind="shipment", company=company.pk).json()["results"]) == 1
