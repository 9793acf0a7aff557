"""The search of everything: in the palette, and as a page."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from crm.models import SavedView
from tests.budgets import assert_budget
from tests.factories.crm import make_company, make_contact, make_deal
from tests.factories.people import Cast

SignIn = Callable[[User], Client]
PALETTE = {"HX-Request": "true", "HX-Target": "palette-hits"}
pytestmark = pytest.mark.django_db


def asked(client: Client, query: str, palette: bool = True) -> str:
    return client.get("/search/", {"q": query}, headers=PALETTE if palette else {}).content.decode()


def test_the_palette_answers_in_groups_of_options(cast: Cast, sign_in: SignIn) -> None:
    company = make_company(cast.manager, "Vogel Metall", city="Wien")
    contact = make_contact(cast.manager, "Greta Vogel", title="Buyer")
    deal = make_deal(cast.manager, "Vogel renewal", amount_minor=500_00)
    body = asked(sign_in(cast.manager), "vog")
    assert body.count('id="hit-comp') == body.count('id="hit-contact-') == body.count('id="hit-deal-') == 1
    for noun, pk in (("companies", company.pk), ("contacts", contact.pk), ("deals", deal.pk)):
        assert f'href="/{noun}/{pk}/"' in body
    assert "<html" not in body
    assert "€500" in body


def test_the_palette_offers_what_to_do_with_the_best_of_each_and_puts_it_first_when_it_is_asked_for(
    cast: Cast, sign_in: SignIn
) -> None:
    contact = make_contact(cast.manager, "Greta Vogel")
    make_contact(cast.manager, "Hans Vogel")
    body = asked(sign_in(cast.manager), "vog")
    assert body.index(f"/contacts/{contact.pk}/") < body.index("Log call with Greta Vogel")
    assert "Log call with Hans Vogel" not in body
    body = asked(sign_in(cast.manager), "log hans")
    assert body.index("Log call with Hans Vogel") < body.index('id="hit-contact-')
    assert f'hx-get="/log/?contact={contact.pk}"' in asked(sign_in(cast.manager), "log call vogel")
    assert "Log call" not in asked(sign_in(cast.owner), "vogel")


def test_kept_views_are_found_by_their_name(cast: Cast, sign_in: SignIn) -> None:
    SavedView.objects.create(user=cast.manager, page="companies", name="Coast towns", query="city=Gdynia")
    assert "/companies/?city=Gdynia" in asked(sign_in(cast.manager), "coast")
    assert "city=Gdynia" not in asked(sign_in(cast.teammate), "coast")


def test_foreign_records_are_not_found(cast: Cast, sign_in: SignIn) -> None:
    make_company(cast.stranger, "Vogel Secret")
    body = asked(sign_in(cast.manager), "vogel")
    assert "Vogel Secret" not in body
    assert "Nothing found" in body


@pytest.mark.parametrize("query", ["", " ", "x", "'); --", "\x00", "a" * 500, "& | !", "<b>"])
def test_any_text_is_answered(cast: Cast, sign_in: SignIn, query: str) -> None:
    answer = sign_in(cast.manager).get("/search/", {"q": query}, headers=PALETTE)
    assert answer.status_code == 200
    assert b"<b>\xe2\x80\x9d" not in answer.content


def test_without_scripts_it_is_a_page(cast: Cast, sign_in: SignIn) -> None:
    make_company(cast.manager, "Vogel Metall")
    body = asked(sign_in(cast.manager), "vogel", palette=False)
    assert "<html" in body
    assert "Vogel Metall" in body


def test_it_costs_the_same_with_any_number_of_hits(cast: Cast, sign_in: SignIn) -> None:
    def fill(count: int) -> None:
        for n in range(count):
            make_company(cast.manager, f"Vogel {n}")
            make_contact(cast.manager, f"Greta Vogel {n}")
            make_deal(cast.manager, f"Vogel deal {n}")

    fill(1)
    assert_budget(sign_in(cast.manager), "/search/?q=vogel", 2, lambda: fill(50), headers=PALETTE)
