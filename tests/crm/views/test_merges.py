"""The pages of duplicates: who sees which pair, what comparing shows, and what merging, undoing and parting answer."""

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.models import Company, DuplicatePair, Merge, PairStatus
from crm.services import activities, companies, contacts, duplicate_search, merges, shares
from tests.budgets import assert_budget
from tests.factories.crm import make_field

LIST = "/duplicates/"
SHELL = 2
"""Statements of the frame of every page: what is overdue, and what is unread."""


def two(cast, clock, by=None, name="Acme"):
    """Two alike of one owner, entered long ago, with the pair that was found."""
    by = by or cast.manager
    was = clock.now
    clock.set("2026-06-01 10:00")
    made = [companies.add(by=by, at=clock.now, name=name, city="Łódź", overridden=True) for _ in range(2)]
    clock.set(was.isoformat())
    duplicate_search.run(at=clock.now)
    return made


def url(one, other, noun="company"):
    return reverse("crm:merge", args=[noun, one.pk, other.pk])


def test_a_pair_is_shown_to_who_may_edit_both_and_to_nobody_else(cast, clock, sign_in):
    one, other = two(cast, clock)
    theirs = companies.add(by=cast.stranger, at=clock.now, name="Acme SA", city="Łódź", overridden=True)
    duplicate_search.run(at=clock.now)
    assert DuplicatePair.objects.count() == 3
    for user, seen in ((cast.manager, 1), (cast.head, 1), (cast.stranger, 0), (cast.teammate, 0), (cast.admin, 0)):
        page = sign_in(user).get(LIST).content.decode()
        assert page.count("data-pair-open") == seen, user
        assert "Acme SA" not in page
    assert sign_in(cast.owner).get(LIST).status_code == 404
    shares.share(record=theirs, with_=cast.manager, by=cast.stranger, at=clock.now)
    assert sign_in(cast.manager).get(LIST).content.decode().count("data-pair-open") == 3
    assert sign_in(cast.stranger).get(url(one, other)).status_code == 404
    assert sign_in(cast.stranger).get(url(one, theirs)).status_code == 404


def test_pairs_come_by_score_and_are_narrowed_by_noun_and_reason(cast, clock, sign_in):
    by = cast.manager
    two(cast, clock)
    for phone in ("+48 22 555 01 97", "22 555 01 97"):
        companies.add(by=by, at=clock.now, name="Zebra", phone=phone, tax_number="5260250274", overridden=True)
        contacts.add(by=by, at=clock.now, name="Jan Lis", emails=["jan@zebra.example"], overridden=True)
    duplicate_search.run(at=clock.now)
    client = sign_in(by)
    page = client.get(LIST).content.decode()
    assert page.index("Zebra") < page.index("Acme")
    assert "Jan Lis" not in page
    assert "Jan Lis" in client.get(LIST, {"noun": "contact"}).content.decode()
    narrowed = client.get(LIST, {"reason": "company.tax"}).content.decode()
    assert "Zebra" in narrowed and "Acme" not in narrowed  # noqa: PT018
    assert client.get(LIST, {"noun": "nothing", "reason": "%00"}).status_code == 200


def test_not_the_same_is_said_with_one_press_and_taken_back(cast, clock, sign_in):
    two(cast, clock)
    pair = DuplicatePair.objects.get()
    client = sign_in(cast.manager)
    answer = client.post(reverse("crm:duplicate-part", args=[pair.pk]), headers={"HX-Request": "true"})
    again = reverse("crm:duplicate-again", args=[pair.pk])
    assert answer.status_code == 204
    assert again in answer.headers["HX-Trigger"]
    pair.refresh_from_db()
    assert (pair.status, pair.decided_by) == (PairStatus.DIFFERENT, cast.manager)
    assert "Nothing is there twice" in client.get(LIST).content.decode()
    client.post(again, headers={"HX-Request": "true"})
    pair.refresh_from_db()
    assert pair.status == PairStatus.OPEN
    assert sign_in(cast.stranger).post(again).status_code == 404


def test_the_page_shows_what_differs_what_is_the_same_and_what_comes_together(cast, clock, sign_in):
    one, other = two(cast, clock)
    make_field(label="Fleet")
    companies.edit(company=other, by=cast.manager, at=clock.now, phone="+48 22 555 01 97", employees=12)
    Company.objects.filter(pk=other.pk).update(custom={"fleet": "12 trucks"})
    activities.log(by=cast.manager, at=clock.now, kind="note", occurred_at=clock.now, company=other, note="Hi")
    page = sign_in(cast.manager).get(url(one, other)).content.decode()
    for words in ("+48 22 555 01 97", "12 trucks", "Łódź", "Activities", 'name="take-phone" value="second" checked'):
        assert words in page, words
    assert 'name="take-city"' not in page, "what is the same is not asked"


def test_the_preview_says_what_was_chosen(cast, clock, sign_in):
    one, other = two(cast, clock)
    companies.edit(company=other, by=cast.manager, at=clock.now, name="Acme Polska", phone="+48 22 555 01 97")
    asked = {"keeps": "first", "take-name": "second", "take-phone": "first"}
    headers = {"HX-Request": "true", "HX-Target": "merge-preview"}
    part = sign_in(cast.manager).get(url(one, other), asked, headers=headers).content.decode()
    assert part.count("<aside") == 1
    assert "Acme Polska" in part
    assert "+48 22 555 01 97" not in part


def sent(client, one, other, **more):
    return client.post(
        url(one, other),
        {"seen_first": one.changed_at.isoformat(), "seen_second": other.changed_at.isoformat(), **more},
        follow=False,
    )


def test_merging_goes_back_to_the_list_with_a_way_to_undo_it_and_old_addresses_lead_on(cast, clock, sign_in):
    one, other = two(cast, clock)
    client = sign_in(cast.manager)
    answer = sent(client, one, other, keeps="second", next="/duplicates/?noun=company")
    assert answer.url == "/duplicates/?noun=company"
    made = Merge.objects.get()
    assert (made.survivor, made.merged) == (other.pk, one.pk)
    undo = reverse("crm:merge-undo", args=[made.pk])
    assert f'hx-post="{undo}"' in client.get(answer.url).content.decode()
    assert client.get(reverse("crm:company", args=[one.pk])).url == reverse("crm:company", args=[other.pk])
    assert sent(client, one, other).url == reverse("crm:company", args=[other.pk]), "sent twice"
    assert sent(client, one, other, next="https://elsewhere.example/").url == reverse("crm:company", args=[other.pk])
    assert sign_in(cast.stranger).get(reverse("crm:company", args=[one.pk])).status_code == 404
    client = sign_in(cast.manager)
    assert undo in client.get(reverse("crm:merge-list")).content.decode()
    assert client.post(undo).url == reverse("crm:merge-list")
    assert "is a client of its own again" in client.get(reverse("crm:merge-list")).content.decode()
    assert client.get(reverse("crm:company", args=[one.pk])).status_code == 200


def test_an_edit_meanwhile_shows_the_page_again_with_what_is_there_now(cast, clock, sign_in):
    one, other = two(cast, clock)
    clock.set("2026-10-20 11:00")
    companies.edit(company=Company.objects.get(pk=other.pk), by=cast.head, at=clock.now, city="Gdańsk")
    client = sign_in(cast.manager)
    answer = sent(client, one, other)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Gdańsk" in page
    assert "while you were editing" in page
    assert not Merge.objects.exists()


def test_two_tax_numbers_ask_for_a_second_look(cast, clock, sign_in):
    one, other = two(cast, clock)
    for record, number in ((one, "5260250274"), (other, "5250007738")):
        companies.edit(company=record, by=cast.manager, at=clock.now, tax_number=number)
    client = sign_in(cast.manager)
    assert sent(client, one, other).status_code == 422
    assert sent(client, one, other, overridden="on").status_code == 302


def test_what_is_refused_is_said_on_the_page(cast, clock, sign_in):
    mine, theirs = two(cast, clock)[0], companies.add(by=cast.teammate, at=clock.now, name="Acme twice")
    shares.share(record=theirs, with_=cast.manager, by=cast.teammate, at=clock.now)
    client = sign_in(cast.manager)
    answer = sent(client, mine, theirs, **{"take-owner": "first"})
    assert answer.status_code == 422
    assert "belongs to Tomasz Teammate" in answer.content.decode()
    assert sent(client, mine, theirs, **{"take-owner": "second"}).status_code == 302


def test_undoing_tells_what_was_changed_since_and_when_it_is_too_late(cast, clock, sign_in):
    one, other = two(cast, clock)
    companies.edit(company=other, by=cast.manager, at=clock.now, industry="Food")
    made = merges.merge(noun="company", survivor=one.pk, merged=other.pk, choices={}, by=cast.manager, at=clock.now)
    Merge.objects.update(at="2026-01-01T10:00Z")
    client = sign_in(cast.manager)
    undo = reverse("crm:merge-undo", args=[made.pk])
    assert "within 30 days" in client.post(undo, follow=True).content.decode()
    page = client.get(reverse("crm:merge-list")).content.decode()
    assert undo not in page
    companies.edit(company=Company.objects.get(pk=one.pk), by=cast.manager, at=clock.now, industry="Beverages")
    Merge.objects.update(at=timezone.now())
    assert "left as it is: Industry" in client.post(undo, follow=True).content.decode()


def test_the_other_one_is_picked_from_the_card(cast, clock, sign_in):
    one, other = two(cast, clock)
    client = sign_in(cast.manager)
    ask = reverse("crm:merge-with", args=["company", one.pk])
    assert client.get(ask).status_code == 200
    assert client.post(ask, {"other": other.pk}).url == url(one, other)
    assert client.post(ask, {"other": one.pk}).status_code == 422
    assert ask in client.get(reverse("crm:company", args=[one.pk])).content.decode()


def test_two_selected_rows_of_a_list_are_compared(cast, clock, sign_in):
    one, other = two(cast, clock)
    client = sign_in(cast.manager)
    ask = reverse("crm:merge-picked", args=["company"])
    assert client.post(ask, {"ids": f"{other.pk},{one.pk}"}).url == url(one, other)
    answer = client.post(ask, {"ids": f"{one.pk},nonsense"}, headers={"HX-Request": "true"})
    assert "Select exactly two" in answer.headers["HX-Trigger"]
    assert ask in client.get(reverse("crm:company-list")).content.decode()


@pytest.mark.parametrize(
    "wrong", ["/merge/deal/1/2/", "/merge/company/1/1/", "/merge/company/1/999999/", "/merge/deal/1/with/"]
)
def test_what_cannot_be_merged_is_not_there(cast, clock, sign_in, wrong):
    assert sign_in(cast.manager).get(wrong).status_code == 404


def test_pages_cost_the_same_however_much_there_is(cast, clock, sign_in):
    one, other = two(cast, clock)
    client = sign_in(cast.manager)

    def more():
        for n in range(3):
            two(cast, clock, name=f"Zebra {n}")
            activities.log(by=cast.manager, at=clock.now, kind="note", occurred_at=clock.now, company=one, note="Hi")
            contacts.add(by=cast.manager, at=clock.now, name=f"Jan {n}", company=other, overridden=True)

    assert_budget(client, LIST, SHELL + 2, more)
    assert_budget(client, url(one, other), SHELL + 3, more)
    merges.merge(noun="company", survivor=one.pk, merged=other.pk, choices={}, by=cast.manager, at=clock.now)

    def merged():
        for n in range(3):
            pair = two(cast, clock, name=f"Yak {n}")
            merges.merge(
                noun="company", survivor=pair[0].pk, merged=pair[1].pk, choices={}, by=cast.manager, at=clock.now
            )

    assert_budget(client, reverse("crm:merge-list"), SHELL + 1, merged)
