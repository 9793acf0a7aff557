"""Own fields in the forms of companies, contacts and deals."""

import pytest
from django.urls import reverse
from django.utils.html import escape

from crm.models import Company, Contact, Deal
from tests.budgets import statements
from tests.factories.crm import make_company, make_contact, make_deal, make_field, make_stage

pytestmark = pytest.mark.django_db
HTML = "<script>alert(1)</script>"
LIST = ["Gold", "Silver", HTML]


@pytest.fixture
def fields(db):
    """One field of each kind for each noun."""
    kinds = ("text", "number", "money", "date", "choice", "choices", "user")
    return [
        make_field(noun=noun, kind=kind, key=kind, label=f"My {kind}", hint=f"About <b>{kind}</b>", options=LIST)
        for noun in ("company", "contact", "deal")
        for kind in kinds
    ]


def values(cast):
    return {
        "custom.text": HTML, "custom.number": "12 000,5", "custom.money_0": "1 200.50", "custom.money_1": "EUR",
        "custom.date": "2026-12-01", "custom.choice": "Gold", "custom.choices": ["Silver", HTML], "custom.user": cast.teammate.pk,
    }  # fmt: skip


def stored(cast):
    return {
        "text": HTML, "number": "12000.5", "money": [120_050, "EUR"], "date": "2026-12-01", "choice": "Gold",
        "choices": ["Silver", HTML], "user": cast.teammate.pk,
    }  # fmt: skip


@pytest.fixture
def visit(cast, clock, sign_in):
    return sign_in(cast.manager)


def text(response):
    return response.content.decode()


def test_new_records_take_own_fields(visit, cast, fields):
    stage = make_stage()
    visit.post(reverse("crm:company-new"), {"name": "Acme", **values(cast)})
    visit.post(reverse("crm:contact-new"), {"name": "Nadia Bauer", **values(cast)})
    visit.post(
        reverse("crm:deal-new"),
        {"title": "Trucks", "currency": "EUR", "stage": stage.pk, "next_when": "tomorrow_10", **values(cast)},
    )
    for model in (Company, Contact, Deal):
        assert model.objects.get().custom == stored(cast)


@pytest.mark.parametrize("noun", ["company", "contact", "deal"])
def test_what_is_there_is_shown_and_only_changes_are_saved(visit, cast, fields, noun):
    make = {"company": make_company, "contact": make_contact, "deal": make_deal}[noun]
    record = make(cast.manager, custom={**stored(cast), "retired": "kept"})
    url = reverse(f"crm:{noun}-edit", args=[record.pk])
    shown = text(visit.get(url))
    assert HTML not in shown
    assert escape(HTML) in shown
    for piece in ("More details", "12000.5", "1200.50", "2026-12-01", "Tomasz Teammate", "About &lt;b&gt;"):
        assert piece in shown, piece
    name = "title" if noun == "deal" else "name"
    visit.post(url, {name: "Other name", "currency": "EUR", **values(cast), "custom.number": "7"})
    record.refresh_from_db()
    assert getattr(record, name) == "Other name"
    assert record.custom == {**stored(cast), "number": "7", "retired": "kept"}


def test_emptied_fields_are_cleared(visit, cast, fields):
    record = make_company(cast.manager, custom=stored(cast))
    empty = dict.fromkeys(values(cast), "") | {"custom.choices": []}
    visit.post(reverse("crm:company-edit", args=[record.pk]), {"name": "Acme", "currency": "EUR", **empty})
    record.refresh_from_db()
    assert record.custom == {}


@pytest.mark.parametrize(
    ("name", "wrong", "says"),
    [
        ("custom.text", "x" * 10_000, "at most 2000 characters"),
        ("custom.number", "a lot", "Write a number in figures"),
        ("custom.number", "NaN", "Write a number in figures"),
        ("custom.number", "9" * 16, "too large"),
        ("custom.money_0", "-5", "below zero"),
        ("custom.money_0", "Infinity", "Write the amount in figures"),
        ("custom.date", "2026-02-30", "Enter a valid date"),
        ("custom.date", "0026-02-20", "Look at the year"),
        ("custom.choice", "Bronze", "Choose one from the list"),
        ("custom.choices", ["Bronze"], "Choose one from the list"),
        ("custom.user", "999999999", "Choose a colleague who works here"),
        ("custom.user", "x", "Choose a colleague from the list"),
    ],
)
def test_a_wrong_value_is_said_under_its_field_and_nothing_is_lost(visit, cast, fields, name, wrong, says):
    response = visit.post(reverse("crm:company-new"), {"name": "Żółw", **values(cast), name: wrong})
    assert response.status_code == 422
    assert says in text(response)
    assert '<details class="c-form__own" open>' in text(response)
    assert "Żółw" in text(response)
    assert escape(HTML) in text(response)
    assert not Company.objects.exists()


def test_an_option_that_was_removed_and_a_colleague_who_left_stay_while_others_change(visit, cast):
    make_field(kind="choice", key="grade", label="Grade", options=["Gold"])
    make_field(kind="user", key="buyer", label="Buyer")
    cast.teammate.is_active = False
    cast.teammate.save()
    record = make_company(cast.manager, custom={"grade": "Bronze", "buyer": cast.teammate.pk})
    url = reverse("crm:company-edit", args=[record.pk])
    assert 'value="Bronze" selected' in text(visit.get(url))
    sent = {
        "name": "Acme",
        "currency": "EUR",
        "city": "Gdynia",
        "custom.grade": "Bronze",
        "custom.buyer": cast.teammate.pk,
    }
    visit.post(url, sent)
    record.refresh_from_db()
    assert (record.city, record.custom) == ("Gdynia", {"grade": "Bronze", "buyer": cast.teammate.pk})


def test_a_stage_asks_for_its_own_field_in_place(visit, cast):
    make_field(noun="deal", key="site", label="Delivery site")
    make_field(noun="deal", key="other", label="Not asked")
    offer = make_stage("Offer", position=1, required_fields=["custom.site"])
    deal = make_deal(cast.manager, stage=make_stage("New"))
    url = reverse("crm:deal-enter", args=[deal.pk, offer.pk])
    asked = text(visit.get(url))
    assert "Delivery site" in asked
    assert "Not asked" not in asked
    assert visit.post(url, {"custom.site": ""}).status_code == 422
    visit.post(url, {"custom.site": "Gdynia"})
    deal.refresh_from_db()
    assert (deal.stage, deal.custom) == (offer, {"site": "Gdynia"})


def test_without_own_fields_no_group_is_drawn(visit):
    assert "More details" not in text(visit.get(reverse("crm:company-new")))


@pytest.mark.parametrize("noun", ["company", "contact", "deal"])
def test_own_fields_cost_a_form_no_statement(visit, cast, noun, db):
    make = {"company": make_company, "contact": make_contact, "deal": make_deal}[noun]
    record = make(cast.manager, custom=stored(cast))
    urls = [reverse(f"crm:{noun}-edit", args=[record.pk]), reverse(f"crm:{noun}-new")]
    visit.get(urls[0])
    bare = [statements(visit, url) for url in urls]
    for kind in ("text", "number", "money", "date", "choice", "choices", "user"):
        make_field(noun=noun, kind=kind, key=kind, label=f"My {kind}", options=LIST)
    for url in urls:
        visit.get(url)
    assert [statements(visit, url) for url in urls] == bare


def test_who_may_not_write_own_fields_is_not_asked_for_them(visit, cast, fields, monkeypatch):
    from accounts import policy

    rule = policy._by_model[Company]
    hidden = {cast.manager.role: frozenset({"custom"})}
    monkeypatch.setitem(policy._by_model, Company, policy.Rule(Company, rule.reach, rule.fields, hidden))
    assert "My text" not in text(visit.get(reverse("crm:company-new")))
    visit.post(reverse("crm:company-new"), {"name": "Acme", **values(cast)})
    assert Company.objects.get().custom == {}
