"""Own fields in lists: columns, filters, cells that are edited, files."""

from urllib.parse import urlencode

import pytest
import time_machine
from django.db import connection
from django.urls import reverse
from django.utils.html import escape

from accounts import policy
from crm.models import Company
from tests.budgets import assert_budget
from tests.factories.crm import make_company, make_contact, make_deal, make_field

pytestmark = pytest.mark.django_db
HTML = "<script>alert(1)</script>"
RESULTS = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "list-results"}
LIST = reverse("crm:company-list")
GRADES = ["Gold", "Łódź, north", "50 %", HTML]


@pytest.fixture
def fields(db):
    kinds = ("text", "number", "money", "date", "choice", "choices", "user")
    return {kind: make_field(kind=kind, key=kind, label=f"My {kind}", in_list=True, options=GRADES) for kind in kinds}


@pytest.fixture
def visit(cast, clock, sign_in):
    with time_machine.travel(clock.now, tick=False):
        yield sign_in(cast.manager)


@pytest.fixture
def found(visit):
    """The names that a list finds for a query."""

    def names(_query="", _list=LIST, **asked):
        answer = visit.get(f"{_list}?{_query or urlencode(asked, doseq=True)}", **RESULTS)
        assert answer.status_code == 200
        return [row["name"] for row in answer.context["list"].rows]

    return names


def put(cast, **values):
    """Three companies with these values, and one without any."""
    make_company(cast.manager, "Bare")
    [(key, listed)] = values.items()
    for name, value in zip(("Ada", "Bea", "Cid"), listed, strict=True):
        make_company(cast.manager, name, custom={key: value})


def test_a_text_is_found_by_its_beginning_or_whole(found, cast, fields):
    put(cast, text=["Łódź North", "łódź", "50% off_x"])
    assert found(**{"custom.text": "ŁÓD"}) == ["Ada", "Bea"]
    assert found(**{"custom.text": "=łódź"}) == ["Bea"]
    assert found(**{"custom.text": "50%"}) == ["Cid"]
    assert found(**{"custom.text": "5_"}) == []
    assert found(**{"custom.text": "north"}) == []
    assert found(**{"custom.text": HTML}) == []


def test_numbers_lie_between_two_ends(found, cast, fields):
    put(cast, number=["-2.5", "10", "1000"])
    assert found(**{"custom.number": "-3..10"}) == ["Ada", "Bea"]
    assert found(**{"custom.number_from": "10", "custom.number_to": ""}) == ["Bea", "Cid"]
    assert found(**{"custom.number": "..9"}) == ["Ada"]
    assert found(**{"custom.number": "1000..10"}) == ["Bea", "Cid"]
    for nonsense in ("NaN..", "x..y", "1e9..", "..", "5", "9" * 40 + ".."):
        assert found(**{"custom.number": nonsense}) == ["Ada", "Bare", "Bea", "Cid"], nonsense


def test_amounts_count_in_their_own_currency(found, cast, fields):
    put(cast, money=[[120_050, "EUR"], [1200, "JPY"], [900, "PLN"]])
    assert found(**{"custom.money": "1000..1500"}) == ["Ada", "Bea"]
    assert found(**{"custom.money": "..9"}) == ["Cid"]


def test_days_lie_between_two_ends_or_in_words(found, cast, fields):
    put(cast, date=["2026-10-20", "2026-10-25", "2027-05-01"])
    assert found(**{"custom.date": "2026-10-20..2026-10-25"}) == ["Ada", "Bea"]
    assert found(**{"custom.date": "this_week"}) == ["Ada", "Bea"]
    assert found(**{"custom.date": "..2026-10-24"}) == ["Ada"]
    assert found(**{"custom.date": "2026-02-30..x"}) == ["Ada", "Bare", "Bea", "Cid"]


def test_any_of_several_options_is_asked_for(found, cast, fields):
    put(cast, choice=["Gold", "Łódź, north", "50 %"])
    assert found(**{"custom.choice": ["Gold", "50 %25"]}) == ["Ada", "Cid"]
    assert found(**{"custom.choice": "Łódź%2C north"}) == ["Bea"]
    assert found(**{"custom.choice": "Bronze"}) == ["Ada", "Bare", "Bea", "Cid"]


def test_several_choices_are_found_by_each(found, cast, fields):
    put(cast, choices=[["Gold", "50 %"], ["50 %"], [HTML]])
    assert found(**{"custom.choices": "Gold"}) == ["Ada"]
    assert found(**{"custom.choices": "50 %25"}) == ["Ada", "Bea"]
    assert found(**{"custom.choices": [HTML, "Gold"]}) == ["Ada", "Cid"]


def test_a_colleague_is_found_and_me(found, cast, fields):
    put(cast, user=[cast.manager.pk, cast.teammate.pk, cast.stranger.pk])
    assert found(**{"custom.user": "me"}) == ["Ada"]
    assert found(**{"custom.user": f"me,{cast.teammate.pk}"}) == ["Ada", "Bea"]
    assert found(**{"custom.user": "9" * 30}) == ["Ada", "Bare", "Bea", "Cid"]


def test_what_is_empty_is_found(found, cast, fields):
    make_company(cast.manager, "Ada", custom={"text": "x", "number": "1"})
    make_company(cast.manager, "Bea", custom={"text": "x"})
    make_company(cast.manager, "Cid")
    assert found(own_missing="text") == ["Cid"]
    assert found(own_missing="number") == ["Bea", "Cid"]
    assert found(own_filled=["text", "number"]) == ["Ada"]


def test_filters_combine_and_contacts_and_deals_have_their_own(found, cast):
    for noun in ("company", "contact", "deal"):
        make_field(noun=noun, key="grade", kind="choice", options=["A", "B"], label="Grade", in_list=True)
    make_company(cast.manager, "Ada", city="Gdynia", custom={"grade": "A"})
    make_company(cast.manager, "Bea", custom={"grade": "A"})
    make_contact(cast.manager, "Nadia", custom={"grade": "B"})
    make_deal(cast.manager, "Trucks", custom={"grade": "B"})
    assert found(**{"custom.grade": "A", "city": "Gdynia"}) == ["Ada"]
    assert found(_list=reverse("crm:contact-list"), **{"custom.grade": "B"}) == ["Nadia"]
    assert found(_list=reverse("crm:deal-list"), **{"custom.grade": "B"}) == ["Trucks"]
    assert found(_list=reverse("crm:deal-list"), **{"custom.grade": "A"}) == []


def test_only_fields_for_lists_are_filters_and_none_sorts(visit, cast):
    make_field(key="shown", label="Shown only")
    make_field(key="gone", label="Retired", in_list=True, is_active=False)
    make_company(cast.manager, "Ada", custom={"shown": "x"})
    answer = visit.get(f"{LIST}?custom.shown=y&custom.gone=y&sort=custom.shown&cols=custom.shown,custom.gone")
    listing = answer.context["list"]
    assert [row["name"] for row in listing.rows] == ["Ada"]
    assert [column.key for column in listing.columns] == ["name", "custom.shown"]
    assert "own_missing" not in answer.content.decode()


def test_columns_are_chosen_and_drawn(visit, cast, fields):
    values = {
        "text": HTML, "number": "12000.5", "money": [120_050, "EUR"], "date": "2026-12-01", "choice": "Gold", "choices": ["Gold", HTML],
        "user": cast.teammate.pk,
    }  # fmt: skip
    make_company(cast.manager, "Ada", custom=values)
    make_company(cast.manager, "Bea")
    cols = ",".join(f"custom.{kind}" for kind in fields)
    shown = visit.get(f"{LIST}?cols={cols}", **RESULTS).content.decode()
    assert HTML not in shown
    for piece in (
        escape(HTML),
        "12\u202f000.5",
        "€1\u202f200.50",
        "1 Dec 2026",
        "Tomasz Teammate",
        'data-edits="custom.text"',
    ):
        assert piece in shown, piece


def test_a_list_with_own_columns_and_filters_costs_what_it_costs_without(visit, cast, fields):
    cols = ",".join(f"custom.{kind}" for kind in fields)
    asked = urlencode({"cols": f"owner,{cols}", "custom.choice": "Gold", "custom.number": "1..", "custom.user": "me"})

    def more():
        for n in range(20):
            custom = {"choice": "Gold", "number": str(n + 1), "user": cast.manager.pk, "text": f"x{n}"}
            make_company(cast.manager, f"C{n}", custom=custom)

    make_company(cast.manager, "Ada", custom={"choice": "Gold", "number": "1", "user": cast.manager.pk})
    assert_budget(visit, f"{LIST}?{asked}", 2, more, **RESULTS)


def test_who_may_not_read_own_fields_neither_sees_nor_filters_them(visit, found, cast, fields, monkeypatch):
    put(cast, text=["one", "two", "three"])
    rule = policy._by_model[Company]
    hidden = {cast.manager.role: frozenset({"custom"})}
    monkeypatch.setitem(policy._by_model, Company, policy.Rule(Company, rule.reach, rule.fields, hidden))
    assert found(**{"custom.text": "one"}) == ["Ada", "Bare", "Bea", "Cid"]
    assert found(own_missing="text") == ["Ada", "Bare", "Bea", "Cid"]
    body = visit.get(f"{LIST}?cols=custom.text").content.decode()
    assert "My text" not in body


def test_a_filter_reads_its_index(cast, fields):
    for n in range(300):
        make_company(cast.manager, f"C{n}", custom={"text": f"word {n}", "number": str(n)})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE crm_customentry")
        cursor.execute("SET LOCAL enable_seqscan = off")
        for condition, index in (
            ("text LIKE 'word 29%%'", "custom_by_text"),
            ("number BETWEEN 5 AND 7", "custom_by_number"),
        ):
            asked = f"EXPLAIN SELECT record FROM crm_customentry WHERE field_id = %s AND {condition}"
            cursor.execute(asked, [fields["text" if "LIKE" in condition else "number"].pk])
            assert index in "\n".join(row[0] for row in cursor.fetchall())


def test_files_carry_own_fields_by_their_labels(cast, clock, sign_in, fields):
    values = {
        "text": "=cmd()",
        "number": "12.5",
        "money": [120_050, "EUR"],
        "date": "2026-12-01",
        "choices": ["Gold", "50 %"],
        "user": cast.teammate.pk,
    }
    make_company(cast.manager, "Ada", custom=values)
    cols = ",".join(f"custom.{kind}" for kind in fields)
    url = reverse("crm:list-export", args=["companies"])
    answer = sign_in(cast.head).post(f"{url}?cols={cols}&kind=csv", {"kind": "csv", "query": f"cols={cols}"})
    file = b"".join(answer.streaming_content).decode()
    for piece in (
        "My text",
        "My money",
        "'=cmd()",
        "12.5",
        "1200.5",
        "EUR",
        "2026-12-01",
        "Gold; 50 %",
        "Tomasz Teammate",
    ):
        assert piece in file, piece
