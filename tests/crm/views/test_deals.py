"""A deal's own page, the list of deals, and the verbs on them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from crm.models import Deal, DealProduct, DealStatus, LossReason, Product, Share, Stage, Task
from tests.budgets import assert_budget
from tests.factories.crm import make_activity, make_company, make_contact, make_deal, make_stage, make_task
from tests.factories.people import Cast

SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}
VERBS = ["edit", "lines", "win", "lose", "reopen", "give", "delete"]


@pytest.fixture
def stages(db: None) -> list[Stage]:
    return [make_stage("New", position=1), make_stage("Offer", position=2)]


def url(deal: Deal, verb: str = "") -> str:
    return reverse(f"crm:deal-{verb}" if verb else "crm:deal", args=[deal.pk])


def send(client: Client, deal: Deal, verb: str, **values: object) -> Any:
    return client.post(url(deal, verb), values, headers=HTMX)


def page(client: Client, deal: Deal) -> str:
    return client.get(url(deal)).content.decode()


def test_the_page_shows_where_the_deal_stands_and_what_comes_next(
    cast: Cast, sign_in: SignIn, stages: list[Stage]
) -> None:
    company = make_company(cast.manager, "Elbe Pharma")
    deal = make_deal(cast.manager, stage=stages[0], company=company, amount_minor=2_100_000, note="Wants two dates")
    deal.contacts.add(make_contact(cast.manager, "Elena Bauer", title="Plant manager"))
    make_task(cast.manager, timezone.now() + timedelta(days=1), "Send the offer", deal=deal)
    make_activity(cast.manager, timezone.now(), deal=deal, note="Asked for a quote")
    shown = page(sign_in(cast.manager), deal)
    for word in (
        "€21\u202f000",
        "Elbe Pharma",
        "Elena Bauer",
        "Send the offer",
        "Asked for a quote",
        "Wants two dates",
    ):
        assert word in shown
    assert shown.count('aria-current="step"') == 1


def test_the_history_says_in_words_what_became_of_it(cast: Cast, sign_in: SignIn, stages: list[Stage]) -> None:
    deal = make_deal(cast.manager, stage=stages[0], amount_minor=100_00)
    client = sign_in(cast.head)
    client.post(url(deal, "move"), {"stage": stages[1].pk})
    send(client, deal, "edit", title=deal.title, currency="EUR", amount_minor="250")
    send(client, deal, "give", to=cast.teammate.pk)
    shown = page(client, deal)
    assert "Opened in New" in shown
    assert "From New to Offer" in shown
    assert "Amount €100, now €250" in shown
    assert "Given by Anna Manager to Tomasz Teammate" in shown


def test_a_shared_deal_opens_for_the_colleague_but_is_not_his_to_give(
    cast: Cast, sign_in: SignIn, stages: list[Stage]
) -> None:
    deal = make_deal(cast.manager, stage=stages[0])
    client = sign_in(cast.teammate)
    assert client.get(url(deal)).status_code == 404
    Share.objects.create(user=cast.teammate, deal=deal, shared_by=cast.manager)
    shown = page(client, deal)
    assert "Log call" in shown
    assert url(deal, "give") not in shown
    assert send(client, deal, "give", to=cast.stranger.pk).status_code == 404


def test_an_owner_reads_without_verbs(cast: Cast, sign_in: SignIn, stages: list[Stage]) -> None:
    deal = make_deal(cast.manager, stage=stages[0])
    client = sign_in(cast.owner)
    shown = page(client, deal)
    assert deal.title in shown
    for verb in VERBS:
        assert url(deal, verb) not in shown
        assert send(client, deal, verb).status_code == 404


@pytest.mark.parametrize("verb", ["", *VERBS])
def test_a_stranger_finds_nothing_and_changes_nothing(
    cast: Cast, sign_in: SignIn, stages: list[Stage], verb: str
) -> None:
    deal = make_deal(cast.manager, stage=stages[0])
    reason = LossReason.objects.create(name="Price")
    client = sign_in(cast.stranger)
    assert client.get(url(deal, verb)).status_code == 404
    if verb:
        values = {"title": "Stolen", "reason": reason.pk, "to": cast.stranger.pk}
        assert send(client, deal, verb, **values).status_code == 404
    after = Deal.objects.get(pk=deal.pk)
    assert (after.title, after.status, after.owner, after.deleted_at) == (
        deal.title,
        DealStatus.OPEN,
        cast.manager,
        None,
    )


def test_a_new_deal_comes_with_its_first_step_once(cast: Cast, sign_in: SignIn, stages: list[Stage]) -> None:
    company, contact = make_company(cast.manager), make_contact(cast.manager)
    client = sign_in(cast.manager)
    assert client.get(f"{reverse('crm:deal-new')}?company={company.pk}", headers=HTMX).status_code == 200
    values = {
        "title": "Fleet renewal", "company": company.pk, "contacts": [contact.pk], "amount_minor": "12.500,50", "currency": "EUR",
        "stage": stages[0].pk, "next_when": "tomorrow_10", "next_kind": "call", "key": "0b5f4a3a-1111-4222-8333-444455556666",
    }  # fmt: skip
    for _again in range(2):
        assert client.post(reverse("crm:deal-new"), values, headers=HTMX).status_code == 204
    deal = Deal.objects.get()
    assert (deal.amount_minor, deal.company, deal.owner) == (1_250_050, company, cast.manager)
    assert list(deal.contacts.all()) == [contact]
    assert Task.objects.get().deal == deal


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": ""}, "This field is required"),
        ({"amount_minor": "a lot"}, "Write the amount in figures"),
        ({"amount_minor": "-5"}, "cannot be below zero"),
        ({"company": "999999"}, "Select a valid choice"),
        ({"next_when": "own"}, "Choose the date and time"),
    ],
)
def test_a_wrong_deal_comes_back_with_what_is_wrong(
    cast: Cast, sign_in: SignIn, stages: list[Stage], wrong: dict[str, str], said: str
) -> None:
    values = {"title": "X", "currency": "EUR", "stage": stages[0].pk, "next_when": "none"} | wrong
    answer = sign_in(cast.manager).post(reverse("crm:deal-new"), values, headers=HTMX)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Deal.objects.exists()


def test_a_foreign_company_cannot_be_named(cast: Cast, sign_in: SignIn, stages: list[Stage]) -> None:
    foreign = make_company(cast.stranger, "Secret client")
    values = {"title": "X", "currency": "EUR", "stage": stages[0].pk, "next_when": "none", "company": foreign.pk}
    answer = sign_in(cast.manager).post(reverse("crm:deal-new"), values, headers=HTMX)
    assert answer.status_code == 422
    assert "Secret client" not in answer.content.decode()


def test_editing_sends_only_what_changed_and_does_not_write_over_a_colleague(
    cast: Cast, sign_in: SignIn, stages: list[Stage]
) -> None:
    deal = make_deal(cast.manager, stage=stages[0], amount_minor=100_00)
    client = sign_in(cast.manager)
    seen = deal.changed_at.isoformat()
    values = {"title": "Renamed", "amount_minor": "100", "currency": "EUR", "seen_at": seen}
    assert send(client, deal, "edit", **values).status_code == 204
    deal.refresh_from_db()
    assert (deal.title, deal.amount_minor) == ("Renamed", 100_00)
    answer = send(client, deal, "edit", **values | {"title": "Again"})
    assert answer.status_code == 422
    assert "Somebody changed this field too" in answer.content.decode()
    deal.refresh_from_db()
    assert deal.title == "Renamed"


def test_another_currency_takes_the_figure_along(cast: Cast, sign_in: SignIn, stages: list[Stage]) -> None:
    deal = make_deal(cast.manager, stage=stages[0], amount_minor=100_00, currency="EUR")
    assert (
        send(sign_in(cast.manager), deal, "edit", title=deal.title, amount_minor="100", currency="PLN").status_code
        == 204
    )
    deal.refresh_from_db()
    assert (deal.amount_minor, deal.currency) == (100_00, "PLN")


def test_lost_asks_for_the_reason_and_where_it_matters_for_the_competitor(
    cast: Cast, sign_in: SignIn, stages: list[Stage]
) -> None:
    rival = LossReason.objects.create(name="Competitor", asks_competitor=True)
    deal = make_deal(cast.manager, stage=stages[0])
    client = sign_in(cast.manager)
    answer = send(client, deal, "lose")
    assert answer.status_code == 422
    assert "Choose why it was lost" in answer.content.decode()
    assert "which competitor" in send(client, deal, "lose", reason=rival.pk).content.decode()
    assert send(client, deal, "lose", reason=rival.pk, competitor="Rival & Co").status_code == 204
    deal.refresh_from_db()
    assert (deal.status, deal.loss_reason, deal.competitor) == (DealStatus.LOST, rival, "Rival & Co")
    assert "Lost Today to Rival &amp; Co: Competitor." in page(client, deal)


def test_won_and_opened_again(cast: Cast, sign_in: SignIn, stages: list[Stage]) -> None:
    deal = make_deal(cast.manager, stage=stages[0])
    client = sign_in(cast.manager)
    for _again in range(2):
        assert send(client, deal, "win").status_code == 204
    assert "Won Today" in page(client, deal)
    assert send(client, deal, "reopen", stage=stages[1].pk).status_code == 204
    deal.refresh_from_db()
    assert (deal.status, deal.stage) == (DealStatus.OPEN, stages[1])


def test_products_are_put_in_and_taken_out(cast: Cast, sign_in: SignIn, stages: list[Stage]) -> None:
    plan = Product.objects.create(name="Service plan", price_minor=1000_00)
    deal = make_deal(cast.manager, stage=stages[0])
    client = sign_in(cast.manager)
    assert send(client, deal, "lines", product_0=plan.pk, quantity_0="2", price_0="900").status_code == 204
    line = DealProduct.objects.get()
    assert (line.quantity, line.price_minor) == (2, 900_00)
    assert "€1\u202f800" in page(client, deal)
    answer = send(client, deal, "lines", product_0=plan.pk, quantity_0="1", product_1=plan.pk, quantity_1="1")
    assert answer.status_code == 422
    assert "stands in the deal twice" in answer.content.decode()
    assert send(client, deal, "lines", product_0="").status_code == 204
    assert not DealProduct.objects.exists()


def test_giving_leads_back_to_the_board(cast: Cast, sign_in: SignIn, stages: list[Stage]) -> None:
    deal = make_deal(cast.manager, stage=stages[0])
    answer = send(sign_in(cast.manager), deal, "give", to=cast.teammate.pk)
    assert answer["HX-Redirect"] == reverse("crm:deal-board")
    deal.refresh_from_db()
    assert deal.owner == cast.teammate


def test_only_a_head_deletes(cast: Cast, sign_in: SignIn, stages: list[Stage]) -> None:
    deal = make_deal(cast.manager, stage=stages[0])
    assert send(sign_in(cast.manager), deal, "delete").status_code == 404
    assert send(sign_in(cast.head), deal, "delete")["HX-Redirect"] == reverse("crm:deal-board")
    deal.refresh_from_db()
    assert deal.deleted_at is not None


def test_something_logged_on_the_page_comes_back_in_its_timeline(
    cast: Cast, sign_in: SignIn, stages: list[Stage]
) -> None:
    deal = make_deal(cast.manager, stage=stages[0])
    values = {
        "who": f"deal:{deal.pk}",
        "kind": "call",
        "result_call": "reached",
        "note": "Agreed",
        "next_when": "tomorrow_10",
    }
    answer = sign_in(cast.manager).post(reverse("crm:activity-log"), values, headers=HTMX)
    assert answer.status_code == 200
    body = answer.content.decode()
    assert 'id="composer"' in body
    assert "Agreed" in body
    assert "Call again" in body
    assert deal.activities.get().performed_by == cast.manager


def test_the_list_shows_filters_and_sorts(cast: Cast, sign_in: SignIn, stages: list[Stage]) -> None:
    make_deal(cast.manager, "Open one", stage=stages[0])
    make_deal(cast.manager, "Won one", stage=stages[0], status=DealStatus.WON)
    make_deal(cast.stranger, "Foreign one", stage=stages[0])
    client = sign_in(cast.manager)
    shown = client.get(reverse("crm:deal-list")).content.decode()
    assert "Open one" in shown
    assert "Won one" in shown
    assert "Foreign one" not in shown
    shown = client.get(reverse("crm:deal-list"), {"status": "open", "bare": "1", "sort": "-amount"}).content.decode()
    assert "Open one" in shown
    assert "Won one" not in shown


def test_the_list_costs_two_statements(cast: Cast, sign_in: SignIn, stages: list[Stage]) -> None:
    def fill(count: int) -> None:
        for n in range(count):
            deal = make_deal(cast.manager, f"Deal {n}", stage=stages[0], company=make_company(cast.manager, f"C {n}"))
            make_task(cast.manager, timezone.now() + timedelta(days=n), deal=deal)

    fill(1)
    headers = HTMX | {"HX-Target": "list-results"}
    assert_budget(sign_in(cast.manager), reverse("crm:deal-list"), 2, lambda: fill(49), headers=headers)


def test_the_page_costs_the_same_however_much_hangs_on_the_deal(
    cast: Cast, sign_in: SignIn, stages: list[Stage]
) -> None:
    deal = make_deal(cast.manager, stage=stages[0])
    product = Product.objects.create(name="Plan")

    def fill(count: int) -> None:
        for n in range(count):
            make_task(cast.manager, timezone.now() + timedelta(days=n), deal=deal)
            make_activity(cast.manager, timezone.now(), deal=deal, note=f"Note {n}")
            deal.contacts.add(make_contact(cast.manager, f"Person {n}"))
            Deal.objects.filter(pk=deal.pk).update(amount_minor=n * 100)

    DealProduct.objects.create(deal=deal, product=product, price_minor=100)
    fill(2)
    shell = 2  # the counts beside the bell and the tasks
    assert_budget(sign_in(cast.manager), url(deal), 10 + shell, lambda: fill(50))
