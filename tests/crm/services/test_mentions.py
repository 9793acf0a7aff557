"""Colleagues named in a note: found, told once, shown; and who is not told."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from crm import mentions as text
from crm.models import Activity, Mention
from crm.services import activities, mentions, shares
from notifications.models import Delivery, Message
from tests.factories.crm import make_activity, make_company, make_deal
from tests.factories.people import Cast, make_user
from tests.fixtures import Clock

SignIn = Callable[[User], Client]
HTMX = {"HTTP_HX_REQUEST": "true"}


def log(by: User, at: datetime, note: str, **about: Any) -> Activity:
    return activities.log(by=by, at=at, kind="note", occurred_at=at, note=note, **about)


def told(user: User) -> list[Message]:
    return list(Message.objects.filter(recipient=user, kind="mentioned", withdrawn_at__isnull=True))


def test_who_is_named_and_may_see_the_client_is_told_with_a_way_to_it(cast: Cast, clock: Clock) -> None:
    company = make_company(cast.manager)
    note = log(cast.manager, clock.now, f"Please look at the price, @{cast.head.full_name}!", company=company)
    (message,) = told(cast.head)
    assert message.url == f"{reverse('crm:company', args=[company.pk])}#activity-{note.pk}"
    assert message.context["client"] == "Acme"
    assert Delivery.objects.filter(message=message).count() == 1
    assert list(Mention.objects.values_list("user", "by")) == [(cast.head.pk, cast.manager.pk)]


def test_who_may_not_see_the_client_is_told_nothing_and_the_author_hears_it(cast: Cast, sign_in: SignIn) -> None:
    company = make_company(cast.manager)
    sent = {
        "who": f"company:{company.pk}", "kind": "note", "note": f"Ask @{cast.stranger.full_name}", "next_when": "none",
    }  # fmt: skip
    answer = sign_in(cast.manager).post(reverse("crm:activity-log"), sent, **HTMX)
    assert f"Not told, because the client is not theirs to see: {cast.stranger.full_name}" in answer["HX-Trigger"]
    assert not Mention.objects.exists()
    assert not told(cast.stranger)


def test_the_author_and_plain_addresses_are_nobody(cast: Cast, clock: Clock) -> None:
    company = make_company(cast.manager)
    note = log(
        cast.manager, clock.now, f"@{cast.manager.full_name} wrote to x@hanna.example and @nobody", company=company
    )
    assert not Mention.objects.exists()
    assert mentions.not_told(note) == []


def test_taking_the_name_out_takes_the_message_back_and_a_new_one_is_told(cast: Cast, clock: Clock) -> None:
    company = make_company(cast.manager)
    shares.share(record=company, with_=cast.teammate, by=cast.manager, at=clock.now)
    note = log(cast.manager, clock.now, f"@{cast.head.full_name}", company=company)
    activities.edit(activity=note, by=cast.manager, at=clock.now, note=f"@{cast.teammate.full_name} knows")
    assert [mention.user for mention in Mention.objects.all()] == [cast.teammate]
    assert not told(cast.head)
    assert len(told(cast.teammate)) == 1
    activities.edit(activity=note, by=cast.manager, at=clock.now, note=f"@{cast.teammate.full_name} knows it all")
    assert len(told(cast.teammate)) == 1


def test_a_deleted_activity_leads_nobody_to_it(cast: Cast, clock: Clock) -> None:
    note = log(cast.manager, clock.now, f"@{cast.head.full_name}", company=make_company(cast.manager))
    activities.delete(activity=note, by=cast.manager, at=clock.now)
    assert not told(cast.head)
    assert not Mention.objects.exists()


def test_on_a_deal_the_way_leads_to_what_the_colleague_sees(cast: Cast, clock: Clock) -> None:
    deal = make_deal(cast.manager, company=make_company(cast.stranger, "Out of reach"))
    log(cast.manager, clock.now, f"@{cast.head.full_name}", deal=deal)
    assert told(cast.head)[0].url.startswith(reverse("crm:deal", args=[deal.pk]))


@pytest.mark.parametrize(
    ("note", "found"),
    [
        ("@Anna Manager", {"Anna Manager"}),
        ("(@anna manager, @Anna Manager-Jones)", {"Anna Manager", "Anna Manager-Jones"}),
        ("@Anna Managers", set()),
        ("x@Anna Manager", set()),
        ("@@Anna Manager", set()),
        ("@", set()),
    ],
)
def test_a_name_is_a_whole_name_behind_an_at_sign(note: str, found: set[str], cast: Cast) -> None:
    make_user("Anna Manager-Jones")
    assert {person.full_name for person in text.named_in(note)} == found


def test_the_text_is_escaped_around_the_chip(cast: Cast) -> None:
    shown = text.marked("<b>@Anna Manager</b> & @Other", ["Anna Manager"])
    assert shown == '&lt;b&gt;<span class="c-mention">@Anna Manager</span>&lt;/b&gt; &amp; @Other'
    assert text.marked("<b>nobody</b>", []) == "<b>nobody</b>"


def test_the_timeline_shows_the_name_as_a_chip(cast: Cast, clock: Clock, sign_in: SignIn) -> None:
    company = make_company(cast.manager)
    log(cast.manager, clock.now, f"<script>alert(1)</script> @{cast.head.full_name}", company=company)
    body = sign_in(cast.manager).get(reverse("crm:company", args=[company.pk])).content.decode()
    assert f'<span class="c-mention">@{cast.head.full_name}</span>' in body
    assert "<script>alert(1)" not in body


def test_only_colleagues_who_may_see_the_client_are_offered(cast: Cast, clock: Clock, sign_in: SignIn) -> None:
    company = make_company(cast.manager)
    client, address = sign_in(cast.manager), reverse("crm:suggest-mention")

    def offered(query: str = "", of: str = f"company:{company.pk}") -> set[str]:
        return {one["name"] for one in client.get(address, {"of": of, "q": query}).json()}

    assert offered() == {cast.head.full_name, cast.owner.full_name}
    shares.share(record=company, with_=cast.stranger, by=cast.manager, at=clock.now)
    assert cast.stranger.full_name in offered()
    assert offered("hann") == {cast.head.full_name}
    assert client.get(address, {"of": "company:0", "q": ""}).status_code == 404
    foreign = make_company(cast.stranger, "Foreign")
    assert client.get(address, {"of": f"company:{foreign.pk}"}).status_code == 404


def test_a_note_without_a_sign_costs_nothing(
    cast: Cast, clock: Clock, django_assert_num_queries: Callable[[int], Any]
) -> None:
    activity = make_activity(cast.manager, clock.now, company=make_company(cast.manager), note="Nobody here")
    with django_assert_num_queries(0):
        mentions.keep(activity=activity, by=cast.manager, at=clock.now)
        assert mentions.not_told(activity) == []
