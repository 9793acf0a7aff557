"""Own fields in the API: read, sent, filtered by, described."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import policy
from crm.models import Company, Contact, Deal
from tests.factories.crm import make_company, make_contact, make_deal, make_field

pytestmark = pytest.mark.django_db
MODELS = {"companies": Company, "contacts": Contact, "deals": Deal}
MAKE = {"companies": make_company, "contacts": make_contact, "deals": make_deal}
HTML = "<script>alert(1)</script>"
LIST = ["Gold", "Silver"]


@pytest.fixture
def fields(db):
    kinds = ("text", "number", "money", "date", "choice", "choices", "user")
    return [
        make_field(noun=noun, kind=kind, key=kind, label=f"My {kind}", options=LIST, in_list=True)
        for noun in ("company", "contact", "deal")
        for kind in kinds
    ]


def values(cast):
    return {
        "text": HTML, "number": "12.5", "money": {"amount_minor": 120_050, "currency": "EUR"}, "date": "2026-12-01",
        "choice": "Gold", "choices": ["Gold", "Silver"], "user": cast.teammate.pk,
    }  # fmt: skip


NAMED = {"companies": {"name": "Acme"}, "contacts": {"name": "Nadia"}, "deals": {"title": "Trucks"}}


@pytest.mark.parametrize("noun", MODELS)
def test_values_are_sent_read_and_changed_by_their_keys(api, cast, stage, fields, noun):
    made = api().post(f"{noun}/", **NAMED[noun], custom=values(cast))
    assert made.status_code == 201, made.content
    assert made.json()["custom"] == values(cast)
    where = f"{noun}/{made.json()['id']}/"
    changed = api().patch(where, custom={"number": 7, "choice": None, "choices": []})
    assert changed.json()["custom"] == {**values(cast), "number": "7", "choice": None, "choices": None}
    assert api().get(where).json()["custom"]["text"] == HTML
    stored = MODELS[noun].objects.get().custom
    assert stored["money"] == [120_050, "EUR"]
    assert "choice" not in stored


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"number": "a lot"}, "custom.number"),
        ({"number": True}, "custom.number"),
        ({"money": 12}, "custom.money"),
        ({"money": {"amount_minor": 1.5, "currency": "EUR"}}, "custom.money"),
        ({"date": "2026-02-30"}, "custom.date"),
        ({"choice": "Bronze"}, "custom.choice"),
        ({"choices": ["Gold", "Bronze"]}, "custom.choices"),
        ({"user": 999_999}, "custom.user"),
        ({"user": "somebody"}, "custom.user"),
        ({"text": "x" * 10_000}, "custom.text"),
        ({"text": {"a": 1}}, "custom.text"),
        ({"colour": "red"}, "custom.colour"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(api, cast, fields, sent, field):
    company = make_company(cast.manager)
    answer = api().patch(f"companies/{company.pk}/", custom=sent)
    assert answer.status_code == 422, answer.content
    assert field in answer.content.decode()
    company.refresh_from_db()
    assert company.custom == {}


@pytest.mark.parametrize("sent", ["text", ["a"], 5, None])
def test_custom_is_an_object(api, cast, fields, sent):
    company = make_company(cast.manager)
    assert api().patch(f"companies/{company.pk}/", custom=sent).status_code == 400


def test_retired_fields_are_not_told(api, cast):
    make_field(key="gone", is_active=False)
    company = make_company(cast.manager, custom={"gone": "x"})
    assert api().get(f"companies/{company.pk}/").json()["custom"] == {}


@pytest.mark.parametrize(
    ("query", "finds"),
    [
        ({"custom.text": "one"}, ["Ada"]),
        ({"custom.number": "5..20"}, ["Bea"]),
        ({"custom.choices": "Silver"}, ["Bea"]),
        ({"custom.choices": "Gold,Silver"}, ["Ada", "Bea"]),
        ({"custom.date": "2026-12-01.."}, ["Ada"]),
        ({"custom.user": "me"}, ["Ada"]),
        ({"custom.money": "..1300"}, ["Ada"]),
    ],
)
def test_lists_are_filtered_by_own_fields(api, cast, fields, query, finds):
    ada = {
        "text": "one",
        "number": "1",
        "choices": ["Gold"],
        "date": "2026-12-01",
        "user": cast.manager.pk,
        "money": [120_050, "EUR"],
    }
    make_company(cast.manager, "Ada", custom=ada)
    make_company(cast.manager, "Bea", custom={"text": "two", "number": "10", "choices": ["Silver"]})
    make_company(cast.stranger, "Cid", custom=ada)
    found = api().get("companies/", ordering="id", **query).json()["results"]
    assert [one["name"] for one in found] == finds


@pytest.mark.parametrize(
    "query", [{"custom.nothing": "x"}, {"custom.number": "NaN"}, {"custom.choice": "Bronze"}, {"custom.user": "x"}]
)
def test_a_filter_that_is_not_there_or_makes_no_sense_is_refused(api, fields, query):
    assert api().get("companies/", **query).status_code == 400


def test_who_may_not_read_own_fields_neither_reads_nor_filters_nor_writes_them(api, cast, fields, monkeypatch):
    rule = policy._by_model[Company]
    hidden = {cast.manager.role: frozenset({"custom"})}
    monkeypatch.setitem(policy._by_model, Company, policy.Rule(Company, rule.reach, rule.fields, hidden))
    company = make_company(cast.manager, custom={"text": "secret"})
    assert "custom" not in api().get(f"companies/{company.pk}/").json()
    assert api().get("companies/", **{"custom.text": "secret"}).status_code == 400
    assert api().patch(f"companies/{company.pk}/", custom={"text": "x"}).status_code == 400


def test_the_fields_in_use_are_told(api, cast):
    make_field(noun="deal", kind="choice", key="grade", label="Grade", options=LIST, hint="How good")
    make_field(key="gone", is_active=False)
    [told] = api().get("fields/", noun="deal").json()["results"]
    expected = {"noun": "deal", "key": "grade", "label": "Grade", "kind": "choice", "options": LIST, "hint": "How good"}
    assert {name: told[name] for name in expected} == expected
    assert len(api().get("fields/").json()["results"]) == 1


def test_own_fields_cost_a_list_no_statement(api, cast):
    make_company(cast.manager, custom={"user": cast.teammate.pk})

    def cost():
        api().get("companies/")
        with CaptureQueriesContext(connection) as captured:
            api().get("companies/")
        return len(captured)

    bare = cost()
    make_field(kind="user", key="user")
    make_field(kind="money", key="money")
    make_company(cast.manager, custom={"user": cast.teammate.pk})
    assert cost() == bare
