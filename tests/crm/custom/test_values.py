"""What each kind of field takes, and how it refuses the rest."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm import custom
from crm.custom import BadValue, UnknownField, clean, shown
from tests.factories.crm import make_field

pytestmark = pytest.mark.django_db
HTML = '<script>alert(1)</script> & "x"'
EMOJI, RIGHT_TO_LEFT = "👩‍👩‍👧 ready", "שלום \u202eabc"
THIN = "\u202f"


@pytest.fixture
def fit(cast):
    """The value as it is stored in a field of a kind; `present` is what the record has."""

    def one(kind, value, present=None, **fields):
        field = make_field(kind=kind, key="it", **fields)
        there = {} if present is None else {"it": present}
        try:
            return clean("company", {"it": value}, cast.manager, there)["it"]
        finally:
            field.delete()
            custom.forget()

    return one


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("  Fleet of 12  ", "Fleet of 12"),
        ("two\r\nlines", "two\nlines"),
        (HTML, HTML),
        (EMOJI, EMOJI),
        (RIGHT_TO_LEFT, RIGHT_TO_LEFT),
        ("nul\x00 and half \ud83d a pair", "nul and half  a pair"),
        ("x" * 2_000, "x" * 2_000),
        ("   ", None),
        ("", None),
        (None, None),
    ],
)
def test_a_text_is_kept_as_it_was_written(fit, sent, stored):
    assert fit("text", sent) == stored


@pytest.mark.parametrize("sent", ["x" * 2_001, "x" * 10_000, 12, True, ["a"], {"a": 1}])
def test_a_text_is_text_and_not_too_long(fit, sent):
    with pytest.raises(BadValue) as refused:
        fit("text", sent)
    assert refused.value.field == "custom.it"


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("12", "12"),
        (" 12 000,5 ", "12000.5"),
        ("12\u202f000", "12000"),
        ("12,000.50", "12000.5"),
        ("1.234,5678", "1234.5678"),
        ("1.250", "1.25"),
        ("1.250.000", "1250000"),
        ("0,25", "0.25"),
        ("0,250", "0.25"),
        ("-3", "-3"),
        ("\u22123,5", "-3.5"),
        ("007", "7"),
        ("-0.0", "0"),
        (12.5, "12.5"),
        (0, "0"),
        (10**15 - 1, "999999999999999"),
        (Decimal("100"), "100"),
        (Decimal("1E+3"), "1000"),
        ("", None),
    ],
)
def test_a_number_is_read_as_people_and_programs_write_it(fit, sent, stored):
    assert fit("number", sent) == stored


@pytest.mark.parametrize(
    "sent",
    [
        float("nan"), float("inf"), float("-inf"), 1e300, 1e-9, "nan", "Infinity", "1e5", "1,250", "1,2,3", "twelve", "12 pcs", "１２", HTML,
        EMOJI, "9" * 10_000, 10**15, Decimal("NaN"), Decimal("sNaN"), Decimal("1.00001"), "0.12345", True, [1], {"a": 1}, "--1", ".",
    ],
)  # fmt: skip
def test_what_is_no_number_or_might_be_two_is_refused(fit, sent):
    with pytest.raises(BadValue) as refused:
        fit("number", sent)
    assert refused.value.field == "custom.it"


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ([1_200_050, "EUR"], [1_200_050, "EUR"]),
        ((0, "pln"), [0, "PLN"]),
        ({"amount_minor": 500, "currency": "JPY"}, [500, "JPY"]),
        ({"amount_minor": None, "currency": "EUR"}, None),
        ([None, "EUR"], None),
        ("", None),
    ],
)
def test_money_is_minor_units_with_a_currency(fit, sent, stored):
    assert fit("money", sent) == stored


@pytest.mark.parametrize(
    "sent",
    [
        [12.5, "EUR"], [float("nan"), "EUR"], [True, "EUR"], ["12", "EUR"], [-1, "EUR"], [10**15 + 1, "EUR"], [100, "XXQ"], [100, HTML],
        [100, 100], [100], [100, "EUR", 1], 100, "12 EUR", {"amount_minor": 12.5, "currency": "EUR"}, {"amount_minor": 5},
    ],
)  # fmt: skip
def test_money_without_whole_units_or_a_known_currency_is_refused(fit, sent):
    with pytest.raises(BadValue):
        fit("money", sent)


@pytest.mark.parametrize(
    ("sent", "stored"),
    [("2026-11-30", "2026-11-30"), (date(2028, 2, 29), "2028-02-29"), ("1000-01-01", "1000-01-01"), ("", None)],
)
def test_a_date_is_a_day(fit, sent, stored):
    assert fit("date", sent) == stored


@pytest.mark.parametrize(
    "sent",
    [
        "2026-02-30", "30.11.2026", "0226-11-30", "9999-12-31", "+12026-01-01", date(1, 1, 1), date.max, datetime(2026, 11, 30, 12, tzinfo=UTC), 20261130,
        HTML, EMOJI, "1" * 10_000, ["2026-11-30"],
    ],
)  # fmt: skip
def test_an_impossible_day_is_refused(fit, sent):
    with pytest.raises(BadValue):
        fit("date", sent)


def test_a_choice_is_one_of_the_list(fit):
    options = ["Gold", "Silver", HTML, "مَرْحَبًا", "🚚"]
    for option in options:
        assert fit("choice", option, options=options) == option
    assert fit("choice", "", options=options) is None
    for wrong in ("gold", "Bronze", ["Gold"], 1, "x" * 10_000):
        with pytest.raises(BadValue):
            fit("choice", wrong, options=options)


def test_several_choices_stand_in_the_order_of_the_list(fit):
    options = ["Trucks", "Vans", "Cars"]
    assert fit("choices", ["Cars", "Trucks", "Cars"], options=options) == ["Trucks", "Cars"]
    assert fit("choices", "Vans", options=options) == ["Vans"]
    assert fit("choices", [], options=options) is None
    for wrong in (["Cars", "Planes"], [1], {"Cars": 1}, 7, [["Cars"]]):
        with pytest.raises(BadValue):
            fit("choices", wrong, options=options)


def test_an_option_that_is_no_longer_there_stays_where_it_was(fit):
    assert fit("choice", "Bronze", "Bronze", options=["Gold"]) == "Bronze"
    assert fit("choices", ["Bronze", "Gold"], ["Bronze"], options=["Gold"]) == ["Gold", "Bronze"]
    with pytest.raises(BadValue):
        fit("choice", "Bronze", "Gold", options=["Gold"])


def test_a_colleague_is_somebody_who_works_here(fit, cast):
    for sent in (cast.teammate, cast.teammate.pk, str(cast.teammate.pk)):
        assert fit("user", sent) == cast.teammate.pk
    for wrong in (0, -1, 10**30, "x", HTML, True, 1.5, 999_999_999, ["1"]):
        with pytest.raises(BadValue):
            fit("user", wrong)


def test_a_colleague_who_left_stays_where_he_was_and_is_not_chosen_anew(fit, cast):
    cast.teammate.is_active = False
    cast.teammate.save()
    assert fit("user", cast.teammate.pk, cast.teammate.pk) == cast.teammate.pk
    for sent in (cast.teammate, cast.teammate.pk):
        with pytest.raises(BadValue):
            fit("user", sent)


def test_a_key_that_nobody_knows_is_refused_by_name(cast):
    make_field(noun="contact", key="fleet")
    make_field(key="retired", is_active=False)
    for key in ("fleet", "retired", "nothing", HTML):
        with pytest.raises(UnknownField) as refused:
            clean("company", {key: "x"}, cast.manager)
        assert refused.value.field == f"custom.{key}"


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("text", HTML, HTML),
        ("number", "12000.5", f"12{THIN}000.5"),
        ("number", "-3", "\u22123"),
        ("money", [1_200_050, "EUR"], f"€12{THIN}000.50"),
        ("date", "2026-11-30", "30 Nov 2026"),
        ("choice", "Gold", "Gold"),
        ("choices", ["Trucks", "Cars"], "Trucks, Cars"),
        ("text", None, ""),
        ("choices", [], ""),
    ],
)
def test_a_value_reads_as_people_write_it(kind, value, words):
    assert shown(make_field(kind=kind), value) == words


def test_a_colleague_reads_by_his_name_also_when_he_left(cast):
    field = make_field(kind="user")
    cast.teammate.is_active = False
    cast.teammate.save()
    assert shown(field, cast.teammate.pk) == "Tomasz Teammate"
    assert shown(field, 999_999_999) == "—"


def test_asking_again_costs_no_statement(cast):
    field = make_field(kind="user", key="buyer")
    make_field(noun="deal", key="other")
    column = {"buyer": cast.teammate.pk}
    custom.facts("company", column, cast.manager)
    with CaptureQueriesContext(connection) as captured:
        [fact] = custom.facts("company", column, cast.manager)
    assert len(captured) == 0
    assert (fact["name"], fact["label"], fact["words"]) == ("custom.buyer", field.label, "Tomasz Teammate")
