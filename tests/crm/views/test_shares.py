"""A client shared with a colleague, who then works with him, until it is taken back."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from crm.models import Share
from tests.factories.crm import make_company, make_contact, make_deal
from tests.factories.people import Cast

SignIn = Callable[[User], Client]
HTMX = {"HTTP_HX_REQUEST": "true"}
MAKE = {"company": make_company, "contact": make_contact, "deal": make_deal}


@pytest.mark.parametrize("noun", ["company", "contact", "deal"])
def test_sharing_opens_the_card_and_taking_back_closes_it(noun: str, cast: Cast, sign_in: SignIn) -> None:
    record = MAKE[noun](cast.manager)
    card, add = reverse(f"crm:{noun}", args=[record.pk]), reverse("crm:share-add", args=[noun, record.pk])
    client = sign_in(cast.manager)
    assert client.get(add, **HTMX).status_code == 200
    assert client.post(add, {"with_": cast.teammate.pk}, **HTMX).status_code == 204
    assert client.post(add, {"with_": cast.teammate.pk}, **HTMX).status_code == 204
    share = Share.objects.get()
    assert sign_in(cast.teammate).get(card).status_code == 200
    end = reverse("crm:share-delete", args=[share.pk])
    assert sign_in(cast.manager).post(end, **HTMX).status_code == 204
    assert sign_in(cast.teammate).get(card).status_code == 404


def test_a_colleague_must_be_chosen_who_works_with_clients(cast: Cast, sign_in: SignIn) -> None:
    add = reverse("crm:share-add", args=["company", make_company(cast.manager).pk])
    client = sign_in(cast.manager)
    for who in ("", "nobody", cast.owner.pk, cast.admin.pk, cast.manager.pk):
        assert client.post(add, {"with_": who}, **HTMX).status_code == 422
    assert not Share.objects.exists()


def test_what_is_lent_is_not_lent_on(cast: Cast, sign_in: SignIn) -> None:
    company = make_company(cast.manager)
    share = Share.objects.create(company=company, user=cast.teammate, shared_by=cast.manager)
    client = sign_in(cast.teammate)
    add = reverse("crm:share-add", args=["company", company.pk])
    assert client.post(add, {"with_": cast.stranger.pk}, **HTMX).status_code == 404
    assert add not in client.get(reverse("crm:company", args=[company.pk])).content.decode()
    assert client.post(reverse("crm:share-delete", args=[share.pk]), **HTMX).status_code == 204


def test_a_stranger_neither_shares_nor_ends_a_share(cast: Cast, sign_in: SignIn) -> None:
    company = make_company(cast.manager)
    share = Share.objects.create(company=company, user=cast.teammate, shared_by=cast.manager)
    client = sign_in(cast.stranger)
    add = reverse("crm:share-add", args=["company", company.pk])
    assert client.post(add, {"with_": cast.stranger.pk}, **HTMX).status_code == 404
    assert client.post(reverse("crm:share-delete", args=[share.pk]), **HTMX).status_code == 404
    assert Share.objects.get() == share
