"""Own fields on cards: shown among the facts, edited in place, in no further statement."""

import pytest
from django.urls import reverse
from django.utils.html import escape

from accounts import policy
from crm.models import Company
from tests.budgets import statements
from tests.factories.crm import make_company, make_contact, make_deal, make_field

pytestmark = pytest.mark.django_db
MAKE = {"company": make_company, "contact": make_contact, "deal": make_deal}
HTML = "<script>alert(1)</script>"
HTMX = {"HTTP_HX_REQUEST": "true"}
KINDS = ("text", "number", "money", "date", "choice", "choices", "user")


@pytest.fixture
def visit(cast, clock, sign_in):
    return sign_in(cast.manager)


def fields(noun):
    for kind in KINDS:
        make_field(noun=noun, kind=kind, key=kind, label=f"My {kind}", options=["Gold", HTML])


def values(cast):
    return {
        "text": HTML, "number": "12000.5", "money": [120_050, "EUR"], "date": "2026-12-01", "choice": "Gold", "choices": ["Gold", HTML],
        "user": cast.teammate.pk,
    }  # fmt: skip


def text(response):
    return response.content.decode()


def inline(noun, pk, name):
    return reverse("crm:inline", args=[noun, pk, f"custom.{name}"])


@pytest.mark.parametrize("noun", MAKE)
def test_a_card_shows_what_is_filled_in(visit, cast, noun):
    fields(noun)
    record = MAKE[noun](cast.manager, custom=values(cast))
    shown = text(visit.get(reverse(f"crm:{noun}", args=[record.pk])))
    assert HTML not in shown
    for piece in (escape(HTML), "12\u202f000.5", "€1\u202f200.50", "1 Dec 2026", "Tomasz Teammate", "My choices"):
        assert piece in shown, piece


@pytest.mark.parametrize("noun", MAKE)
def test_own_fields_cost_a_card_no_statement(visit, cast, noun):
    record = MAKE[noun](cast.manager, custom=values(cast))
    url = reverse(f"crm:{noun}", args=[record.pk])
    visit.get(url)
    bare = statements(visit, url)
    fields(noun)
    visit.get(url)
    assert statements(visit, url) == bare


@pytest.mark.parametrize(
    ("name", "sent", "stored"),
    [
        ("text", {"custom.text": "hello"}, "hello"),
        ("number", {"custom.number": "1 250,5"}, "1250.5"),
        ("money", {"custom.money_0": "10", "custom.money_1": "PLN"}, [1000, "PLN"]),
        ("date", {"custom.date": "2027-01-02"}, "2027-01-02"),
        ("choice", {"custom.choice": HTML}, HTML),
        ("choices", {"custom.choices": ["Gold"]}, ["Gold"]),
        ("user", {"custom.user": "me"}, None),
    ],
)
@pytest.mark.parametrize("noun", MAKE)
def test_each_kind_is_edited_where_it_stands(visit, cast, noun, name, sent, stored):
    fields(noun)
    record = MAKE[noun](cast.manager, custom={"other": "kept"})
    url = inline(noun, record.pk, name)
    editor = text(visit.get(url, **HTMX))
    assert f'name="custom.{name}' in editor
    if name == "user":
        sent, stored = {"custom.user": cast.head.pk}, cast.head.pk
    assert visit.post(url, sent, **HTMX).status_code == 200
    record.refresh_from_db()
    assert record.custom == {"other": "kept", name: stored}


def test_a_wrong_value_brings_the_editor_back(visit, cast):
    fields("company")
    record = make_company(cast.manager)
    for name, wrong, says in (
        ("number", {"custom.number": "x" * 10_000}, "Write a number"),
        ("date", {"custom.date": "2026-02-30"}, "valid date"),
        ("choice", {"custom.choice": "Bronze"}, "Choose one"),
        ("user", {"custom.user": "999999"}, "works here"),
    ):
        response = visit.post(inline("company", record.pk, name), wrong, **HTMX)
        assert response.status_code == 422
        assert says in text(response)
    record.refresh_from_db()
    assert record.custom == {}


def test_strangers_and_retired_fields_have_no_editor(visit, cast, sign_in):
    make_field(key="gone", is_active=False)
    make_field(key="text", label="My text")
    record = make_company(cast.manager, custom={"gone": "x"})
    assert visit.get(inline("company", record.pk, "gone"), **HTMX).status_code == 404
    assert sign_in(cast.stranger).get(inline("company", record.pk, "text"), **HTMX).status_code == 404


def test_who_may_not_read_own_fields_does_not_see_them_on_a_card(visit, cast, monkeypatch):
    fields("company")
    record = make_company(cast.manager, custom={"text": "secret words"})
    rule = policy._by_model[Company]
    hidden = {cast.manager.role: frozenset({"custom"})}
    monkeypatch.setitem(policy._by_model, Company, policy.Rule(Company, rule.reach, rule.fields, hidden))
    shown = text(visit.get(reverse("crm:company", args=[record.pk])))
    assert "secret words" not in shown
    assert "My text" not in shown
    assert visit.get(inline("company", record.pk, "text"), **HTMX).status_code == 404
