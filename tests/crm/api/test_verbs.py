"""The verbs of the API: the same services, and refusals that tell the next step."""

import pytest

from crm.models import Activity, CompanySettings, DealStatus, LossReason, NextStep, Pipeline, Product, Share, Task
from tests.factories.crm import make_company, make_contact, make_deal, make_stage, make_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def deal(cast, clock, stage):
    return make_deal(cast.manager, company=make_company(cast.manager), stage=stage)


def test_a_refused_move_names_the_rule_and_the_field(api, deal):
    offer = make_stage("Offer", required_fields=["amount_minor"])
    answer = api().post(f"deals/{deal.pk}/move/", stage=offer.pk)
    assert answer.status_code == 422
    assert answer.json() == {
        "code": "required_fields_missing",
        "message": "Fill in amount first, then move the deal to Offer.",
        "field": "amount_minor",
    }
    api().patch(f"deals/{deal.pk}/", amount_minor=5000)
    assert api().post(f"deals/{deal.pk}/move/", stage=offer.pk).json()["stage"] == offer.pk


def test_a_deal_does_not_leave_its_pipeline(api, deal):
    elsewhere = make_stage("Renewal", Pipeline.objects.create(name="Service"))
    answer = api().post(f"deals/{deal.pk}/move/", stage=elsewhere.pk)
    assert (answer.status_code, answer.json()["field"]) == (422, "stage")


def test_a_deal_is_won_lost_with_a_reason_and_reopened(api, deal):
    reason = LossReason.objects.create(name="Competitor", asks_competitor=True)
    assert api().post(f"deals/{deal.pk}/win/").json()["status"] == DealStatus.WON
    assert api().post(f"deals/{deal.pk}/lose/", reason=reason.pk).json()["code"] == "deal_closed"
    assert api().post(f"deals/{deal.pk}/reopen/").json()["status"] == DealStatus.OPEN
    for words, code in (({}, "loss_reason_missing"), ({"reason": reason.pk}, "competitor_missing")):
        answer = api().post(f"deals/{deal.pk}/lose/", **words)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    lost = api().post(f"deals/{deal.pk}/lose/", reason=reason.pk, competitor="Beta").json()
    assert (lost["status"], lost["loss_reason"], lost["competitor"]) == (DealStatus.LOST, reason.pk, "Beta")


def test_a_deal_is_opened_with_lines_contacts_and_its_first_task(api, cast, clock, stage):
    nadia, tyre = make_contact(cast.manager), Product.objects.create(name="Tyre", price_minor=9900, currency="PLN")
    answer = (
        api()
        .post(
            "deals/",
            title="Fleet",
            currency="pln",
            contacts=[nadia.pk],
            lines=[{"product": tyre.pk, "quantity": "2.5"}],
            first_task={"title": "Call", "due": "2026-10-23", "kind": "call"},
        )
        .json()
    )
    assert answer["lines"] == [{"product": tyre.pk, "quantity": "2.500", "price_minor": 9900}]
    assert (answer["contacts"], answer["currency"]) == ([nadia.pk], "PLN")
    assert answer["next_task_due"] == "2026-10-24T00:00:00+02:00"
    assert Task.objects.get().kind == "call"


@pytest.mark.parametrize("amount", [10.5, "10.5", True, "many"])
def test_an_amount_is_a_whole_number(api, stage, clock, amount):
    answer = api().post("deals/", title="Fleet", amount_minor=amount)
    assert (answer.status_code, list(answer.json())) == (400, ["amount_minor"])


def test_a_negative_amount_is_refused_by_the_rule(api, stage, clock):
    answer = api().post("deals/", title="Fleet", amount_minor=-1)
    assert (answer.status_code, answer.json()["field"]) == (422, "amount_minor")


def test_a_warning_may_be_overridden_by_sending_the_same_again(api, cast, clock, deal):
    task = make_task(cast.manager, clock.now, deal=deal)
    answer = api().post(f"tasks/{task.pk}/done/", result="Sent")
    assert answer.status_code == 409
    assert (answer.json()["code"], answer.json()["field"]) == ("next_step_missing", "next_step")
    assert "overridden" in answer.json()["overridden"]
    done = api().post(f"tasks/{task.pk}/done/", result="Sent", overridden=True)
    assert (done.status_code, done.json()["status"], done.json()["result"]) == (200, "done", "Sent")


def test_where_the_company_insists_a_next_step_is_a_must(api, cast, clock, deal):
    CompanySettings.objects.create(pk=1, next_step=NextStep.MUST)
    task = make_task(cast.manager, clock.now, deal=deal)
    assert api().post(f"tasks/{task.pk}/drop/", overridden=True).status_code == 422
    step = {"title": "Call", "due": "2026-10-23T10:00:00+02:00"}
    assert api().post(f"tasks/{task.pk}/drop/", next_step=step).json()["status"] == "dropped"
    assert Task.objects.open().get().due_has_time


def test_a_duplicate_is_told_without_what_the_person_may_not_see(api, cast, clock):
    make_company(cast.manager, "Secret Transport", tax_number="5250007738", tax_key="5250007738")
    answer = api(cast.stranger).post("companies/", name="Other", tax_number="525-000-77-38")
    assert answer.status_code == 409
    assert answer.json()["message"] == "A company with this tax number is already in the CRM. Ask your head about it."
    assert "Secret" not in answer.content.decode()
    again = api(cast.stranger).post("companies/", name="Other", tax_number="525-000-77-38", overridden=True)
    assert again.status_code == 201


def test_the_third_move_of_a_task_needs_a_reason(api, cast, clock, stage):
    task = make_task(cast.manager, clock.now)
    for day in (23, 24):
        assert api().post(f"tasks/{task.pk}/move/", due=f"2026-10-{day}").status_code == 200
    answer = api().post(f"tasks/{task.pk}/move/", due="2026-10-26")
    assert (answer.status_code, answer.json()["field"]) == (422, "reason")
    assert api().post(f"tasks/{task.pk}/move/", due="2026-10-26", reason="Ill").json()["pushes"] == 3


@pytest.mark.parametrize("due", ["", "tomorrow", "2026-13-01", None, 5])
def test_a_due_date_is_a_date_or_an_instant(api, clock, stage, due):
    answer = api().post("tasks/", title="Call", due=due)
    assert (answer.status_code, list(answer.json())) == (400, ["due"])


def test_a_closed_task_is_reopened(api, cast, clock):
    task = make_task(cast.manager, clock.now, status="done")
    assert api().post(f"tasks/{task.pk}/reopen/").json()["status"] == "open"


@pytest.mark.parametrize("noun", ["companies", "contacts", "deals"])
def test_what_is_given_away_is_out_of_sight(api, cast, clock, stage, noun):
    make = {"companies": make_company, "contacts": make_contact, "deals": make_deal}[noun]
    record = make(cast.manager)
    assert api().post(f"{noun}/{record.pk}/give/", to=cast.teammate.pk).status_code == 204
    assert api(cast.teammate).get(f"{noun}/{record.pk}/").json()["owner"] == cast.teammate.pk


def test_a_given_task_stays_in_sight_of_who_set_it(api, cast, clock):
    task = make_task(cast.manager, clock.now)
    answer = api().post(f"tasks/{task.pk}/give/", to=cast.teammate.pk)
    assert (answer.status_code, answer.json()["owner"]) == (200, cast.teammate.pk)


def test_somebody_who_left_is_not_known_as_an_owner(api, cast, clock):
    cast.teammate.is_active = False
    cast.teammate.save()
    record = make_company(cast.manager)
    assert api().post(f"companies/{record.pk}/give/", to=cast.teammate.pk).status_code == 400


@pytest.mark.parametrize("verb", ["move", "win", "lose", "reopen", "give"])
def test_a_verb_on_a_deal_beyond_reach_is_not_there(api, cast, deal, verb):
    later, reason = make_stage("Later"), LossReason.objects.create(name="Price")
    words = {"move": {"stage": later.pk}, "lose": {"reason": reason.pk}, "give": {"to": cast.stranger.pk}}.get(verb, {})
    for user in (cast.stranger, cast.teammate, cast.admin, cast.owner):
        assert api(user).post(f"deals/{deal.pk}/{verb}/", **words).status_code == 404
    deal.refresh_from_db()
    assert (deal.status, deal.owner, deal.stage.name) == (DealStatus.OPEN, cast.manager, "New")


def test_a_colleague_with_a_shared_deal_moves_it_but_does_not_give_it(api, cast, deal):
    Share.objects.create(user=cast.stranger, deal=deal, shared_by=cast.manager)
    later = make_stage("Later")
    assert api(cast.stranger).post(f"deals/{deal.pk}/move/", stage=later.pk).status_code == 200
    assert api(cast.stranger).post(f"deals/{deal.pk}/give/", to=cast.stranger.pk).status_code == 404


def test_a_contact_moves_to_another_company(api, cast, clock):
    nadia, acme = make_contact(cast.manager), make_company(cast.manager)
    answer = api().post(f"contacts/{nadia.pk}/move/", to=acme.pk, title="Buyer", on="2026-10-01").json()
    assert (answer["company"], answer["title"]) == (acme.pk, "Buyer")
    late = api().post(f"contacts/{nadia.pk}/move/", to=None, on="2026-10-21")
    assert (late.status_code, late.json()["field"]) == (422, "on")


def test_a_call_finishes_its_task_and_sets_the_next_one(api, cast, clock, deal):
    task = make_task(cast.manager, clock.now, deal=deal)
    words = {"kind": "call", "occurred_at": "2026-10-20T07:58:00Z", "task": task.pk, "result": "reached"}
    assert api().post("activities/", **words).status_code == 409
    answer = api().post("activities/", **words, next_step={"title": "Send the offer", "due": "2026-10-23"})
    assert (answer.status_code, answer.json()["deal"], answer.json()["source"]) == (201, deal.pk, "manual")
    assert Task.objects.open().get().title == "Send the offer"


def test_a_call_in_the_future_is_refused(api, clock):
    answer = api().post("activities/", kind="call", occurred_at="2126-10-20T08:06:00Z")
    assert (answer.status_code, answer.json()["code"]) == (422, "in_the_future")
    assert not Activity.objects.exists()


def test_more_requests_than_the_rate_allows_are_asked_to_wait(api, monkeypatch):
    from rest_framework.throttling import UserRateThrottle

    monkeypatch.setattr(UserRateThrottle, "THROTTLE_RATES", {"user": "2/minute"})
    asked = api()
    assert [asked.get("tags/").status_code for _turn in range(3)] == [200, 200, 429]
    assert api(None).get("tags/")["Retry-After"]
