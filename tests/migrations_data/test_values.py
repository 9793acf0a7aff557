"""Cells as people typed them."""

from datetime import date
from decimal import Decimal

import pytest

from migrations_data.understanding import values
from migrations_data.understanding.values import Unclear


@pytest.mark.parametrize("cell", [None, "", "  ", "null", "NULL", "N/A", "-", "—", "нет данных", "#DIV/0!", "Brak"])
def test_what_stands_for_nothing_is_empty(cell):
    assert values.text(cell) == ""


@pytest.mark.parametrize("cell", ["0", 0, "None of us", "Nulls Ltd"])
def test_what_only_looks_like_nothing_is_kept(cell):
    assert values.text(cell) == str(cell)


@pytest.mark.parametrize(
    ("cell", "order", "expected"),
    [
        ("20-10-2016", "dmy", date(2016, 10, 20)),
        ("03/04/2016", "mdy", date(2016, 3, 4)),
        ("03.04.2016", "dmy", date(2016, 4, 3)),
        ("2016-10-20", "dmy", date(2016, 10, 20)),
        ("2010-01-05 00:00:00.000", "dmy", date(2010, 1, 5)),
        ("5 Jan 2016", "dmy", date(2016, 1, 5)),
        ("1/2/98", "dmy", date(1998, 2, 1)),
    ],
)
def test_dates_read_as_their_column_says(cell, order, expected):
    assert values.day(cell, order) == expected


@pytest.mark.parametrize("cell", ["TBD", "2023-02-30", "31/31/2016", "tomorrow", "12"])
def test_what_is_no_date_is_refused(cell):
    with pytest.raises(Unclear):
        values.day(cell, "dmy")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["20-10-2016", "01-02-2016"], ("dmy", True, False)),
        (["01/20/2016", "01/02/2016"], ("mdy", True, False)),
        (["01-02-2016", "03-04-2016"], ("dmy", False, False)),
        (["2016-01-02", "2016-03-04"], ("ymd", True, False)),
        (["20-10-2016", "25-10-2016", "10-20-2016"], ("dmy", True, True)),
    ],
)
def test_the_order_of_dates_is_decided_for_the_whole_column(cells, expected):
    assert values.order_of_dates(cells) == expected


@pytest.mark.parametrize(
    ("cell", "point", "expected"),
    [
        ("1 234,56", ",", "1234.56"),
        ("1,234.56", ".", "1234.56"),
        ("1.234,56 zł", ",", "1234.56"),
        ("$1,200", ".", "1200"),
        ("(500)", ".", "-500"),
        ("−12.5", ".", "-12.5"),
        (1100.04, ".", "1100.04"),
        ("1\u00a0000\u202f000", ".", "1000000"),
    ],
)
def test_amounts_are_read_however_they_are_written(cell, point, expected):
    assert values.amount(cell, point) == Decimal(expected)


@pytest.mark.parametrize("cell", ["abc", "", "12 of 30", True])
def test_what_is_no_amount_is_refused(cell):
    with pytest.raises(Unclear):
        values.amount(cell)


@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        (["13,25", "8,9"], ","),
        (["1,234", "2,500.10"], "."),
        (["1.234", "2.500"], ","),
        (["1100.04", "251"], "."),
        ([1.5], "."),
    ],
)
def test_the_decimal_mark_is_decided_for_the_whole_column(cells, mark):
    assert values.decimal_mark(cells) == mark


def test_a_cell_may_hold_several_mails_and_phones():
    assert values.mails("Anna@Example.com; kos@example.com") == ["anna@example.com", "kos@example.com"]
    assert values.phones("801-555-7712; 801-555-9999") == ["801-555-7712", "801-555-9999"]
    with pytest.raises(Unclear):
        values.mails("anna at example.com")
