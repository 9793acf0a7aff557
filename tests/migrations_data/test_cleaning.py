"""Names, phones, codes and amounts put in order."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrations_data.understanding import cleaning, values
from migrations_data.understanding.values import Unclear


@pytest.mark.parametrize(
    ("said", "better"),
    [
        ("JAN KOWALSKI", "Jan Kowalski"),
        ("роман", "Роман"),
        ("anna-maria nowak", "Anna-Maria Nowak"),
        ("SEAN O'NEIL", "Sean O'Neil"),
        ("Jan van Dyk", "Jan van Dyk"),
        ('"Ola Kos"', "Ola Kos"),
        ("A. J.", "A. J."),
    ],
)
def test_names_of_people_lose_shouting_and_quotes(said, better):
    assert cleaning.person(said) == better


@pytest.mark.parametrize(
    ("said", "better"),
    [
        ("BIRCH LABORATORIES SP. Z O.O.", "Birch Laboratories SP. Z O.O."),
        ('ООО "РОМАШКА"', 'ООО "Ромашка"'),
        ("«Ромашка»", "Ромашка"),
        ("IBM", "IBM"),
        ("LOTOS SA", "LOTOS SA"),
        ("birch labs", "Birch Labs"),
        ("eBay", "eBay"),
        ("Birch GmbH", "Birch GmbH"),
    ],
)
def test_names_of_companies_keep_short_words_and_legal_forms(said, better):
    assert cleaning.firm(said) == better


@given(st.text(max_size=60))
def test_putting_a_name_right_twice_changes_nothing_more(said):
    once = cleaning.person(values.text(said))
    assert cleaning.person(once) == once


@pytest.mark.parametrize(
    ("cell", "country", "numbers"),
    [
        (48600100200.0, "PL", ["+48 600 100 200"]),
        ("48600100200.0", "PL", ["+48 600 100 200"]),
        ("600 100 200; 22 555 01 01", "PL", ["+48 600 100 200", "+48 22 555 01 01"]),
        ("8 (912) 345-67-89", "RU", ["+7 912 345-67-89"]),
        ("+8909848484", "PL", ["+8909848484"]),
        ("600100200 / 600100200", "PL", ["+48 600 100 200"]),
    ],
)
def test_phones_get_the_prefix_of_their_country_when_they_can_exist_there(cell, country, numbers):
    assert cleaning.phone_numbers(cell, country) == numbers


def test_a_phone_that_a_table_program_rounded_is_no_phone():
    with pytest.raises(Unclear):
        cleaning.phone_numbers("4.86E+10", "PL")


@pytest.mark.parametrize(
    ("cells", "beside", "country"),
    [
        (["600100200", "22 555 01 01"], [], "PL"),
        (["(604) 555-0197", "206-555-0100"], [], "US"),
        (["0351-6563115", "0291-6250276"], ["AR"], "AR"),
        (["912 345-67-89", "8 912 345 67 80"], ["RU"], "RU"),
        (["+48 600 100 200"], [], "PL"),
        (["1", "2"], [], "PL"),
    ],
)
def test_the_country_of_phones_is_the_one_in_which_most_can_exist(cells, beside, country):
    assert cleaning.country_of_phones(cells, home="PL", beside=beside) == country


@pytest.mark.parametrize(
    ("cell", "code", "rounded"),
    [
        ("004001", "004001", False),
        (123.0, "123", False),
        ("123.0", "123", False),
        ("304352691595641", "304352691595641", False),
        ("1.23E+15", "1230000000000000", True),
        (1.2345678901234567e19, "12345678901234567000", True),
        ("A-17", "A-17", False),
    ],
)
def test_codes_lose_what_a_table_program_made_of_them(cell, code, rounded):
    assert cleaning.code(cell) == (code, rounded)


@pytest.mark.parametrize(
    ("cell", "amount", "currency"),
    [
        ("1 200,50 zł", "1200.50", "PLN"),
        ("$1,200.00", "1200.00", "USD"),
        ("1.200,50 €", "1200.50", "EUR"),
        ("USD 1,200", "1200", "USD"),
        ("1200 руб.", "1200", "RUB"),
        ("1'200.50", "1200.50", ""),
        ("(12,5)", "-12.5", ""),
    ],
)
def test_amounts_are_read_with_the_currency_beside_them(cell, amount, currency):
    assert values.amount(cell) == Decimal(amount)
    assert cleaning.currency_of(cell) == currency


@pytest.mark.parametrize("cell", ["C001", "L0033", "Apt. 2A", "5 lbs."])
def test_codes_with_letters_are_no_money(cell):
    assert not cleaning.is_money(cell)


@given(
    st.decimals(min_value=-(10**12), max_value=10**12, places=2),
    st.sampled_from([(",", "."), (" ", ","), (".", ","), ("", ".")]),
)
def test_an_amount_with_cents_reads_back_however_it_is_grouped(amount, marks):
    group, point = marks
    whole, cents = f"{abs(amount):,.2f}".split(".")
    said = ("-" if amount < 0 else "") + whole.replace(",", group) + point + cents
    assert values.amount(said, point) == amount


@given(st.dates(min_value=values.date(1970, 1, 1), max_value=values.date(2069, 12, 31)))
def test_a_date_reads_back_in_every_way_of_writing_it(day):
    assert values.day(day.isoformat(), values.MONTH_FIRST) == day
    assert values.day(f"{day:%d.%m.%Y}", values.DAY_FIRST) == day
    assert values.day(f"{day:%m/%d/%y}", values.MONTH_FIRST) == day
    assert values.day(f"{day:%B %d, %Y}", values.DAY_FIRST) == day


@pytest.mark.parametrize(
    ("said", "iso"),
    [("25 kwietnia 2023", "2023-04-25"), ("15 мая 2023 г.", "2023-05-15"), ("abril 25, 2023", "2023-04-25"), ("Oct 12, 23 14:30", "2023-10-12")],
)  # fmt: skip
def test_months_are_read_as_words_in_four_languages(said, iso):
    assert values.day(said, values.DAY_FIRST).isoformat() == iso


@pytest.mark.parametrize("said", ["Tomorrow", "TBD", "2023-02-30", "Marsylia 12 34", "Sheet 12"])
def test_what_is_no_date_is_none(said):
    with pytest.raises(Unclear):
        values.day(said, values.DAY_FIRST)


def test_marks_are_set_in_many_ways():
    assert all(values.flag(cell) for cell in (True, 1, 1.0, "1.0", "yes", "ДА", "tak", "sí", "X", "VIP"))
    assert not any(values.flag(cell) for cell in (False, 0, "no", "нет", "nie", "abc"))


def test_street_postcode_and_region_become_one_address():
    row = {"address": "Długa 5, 90-001 Łódź", "postcode": "90-001", "region": "łódzkie"}
    cleaning.address(row)
    assert row == {"address": "Długa 5, 90-001 Łódź, łódzkie"}
