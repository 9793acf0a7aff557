"""What a card says about itself: tax numbers, phones, countries and names, and the two parts of its quality."""

from decimal import Decimal

import pytest

from crm import names, phones, tax
from crm.countries import code_of
from crm.models import Company
from crm.quality import completeness, validity


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("525-000-77-38", "PL"),
        ("PL 525 000 77 38", "PL"),
        ("7707083893", "RU"),
        ("500100732259", "RU"),
        ("12345678Z", "ES"),
        ("X1234567L", "ES"),
        ("A58818501", "ES"),
        ("ESP2807900B", "ES"),
        ("DE 811 128 135", "DE"),
        ("12-3456789", "US"),
        ("5260001246", ""),
    ],
)
def test_a_tax_number_that_can_be_one(number, country):
    assert tax.is_plausible(number, country)


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("525-000-77-39", "PL"),
        ("0000000000", "PL"),
        ("123", "PL"),
        ("7707083894", "RU"),
        ("500100732258", "RU"),
        ("12345678A", "ES"),
        ("A58818502", "ES"),
        ("none", "DE"),
        ("1111111", "US"),
        ("1234", ""),
        ("1" * 10 + "2" * 10, ""),
    ],
)
def test_a_tax_number_that_cannot(number, country):
    assert not tax.is_plausible(number, country)


@pytest.mark.parametrize(
    ("number", "key"), [("PL 525-000-77-38", "5250007738"), ("ESB58818501", "ESB58818501"), ("AB", "AB"), ("", "")]
)
def test_a_tax_number_is_compared_without_the_letters_of_its_country(number, key):
    assert tax.key(number) == key
    assert tax.key("ES B-58818501", "ES") == "B58818501"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Polska", "PL"),
        ("poland", "PL"),
        ("pl", "PL"),
        ("Россия", "RU"),
        ("España", "ES"),
        ("USA", "US"),
        ("Elbonia", ""),
    ],
)
def test_a_country_is_known_in_the_languages_of_the_product(text, code):
    assert code_of(text) == code


def test_a_phone_is_the_same_with_and_without_its_prefix():
    assert phones.key("600 100 200", "PL") == phones.key("+48 600-100-200", "ES") == "00200100684"
    assert phones.key("12345", "PL") == "54321"
    assert phones.is_valid("600 100 200", "PL")
    assert not phones.is_valid("12345", "PL")
    assert not phones.is_valid("no number", "PL")


@pytest.mark.parametrize(("query", "end"), [("0 200", "0020"), ("200", ""), ("depot 2000", ""), ("+48 60", "0684")])
def test_a_search_is_taken_for_the_end_of_a_phone_only_when_it_looks_like_one(query, end):
    assert phones.end_asked(query) == end


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("Acme Sp. z o.o.", "acme"),
        ("Acme Sp. z o.o. Sp. k.", "acme"),
        ("ООО «Ромашка»", "ромашка"),
        ("Talleres Peña S.L.", "talleres pena"),
        ("Foo GmbH & Co. KG", "foo"),
        ("Sp. z o.o.", "sp z o o"),
        ("AS Roma", "as roma"),
    ],
)
def test_the_legal_form_is_no_part_of_the_name(name, core):
    assert names.core(name) == core


def test_a_name_sorts_by_itself_and_not_by_the_legal_form_in_front():
    assert names.key("ООО «Ромашка»") == "ромашка ооо"


def test_the_parts_of_quality_are_shares():
    card = Company(name="Acme", phone="12345", email="office@acme.pl", country="Poland", domain="acme")
    assert completeness(card) == Decimal("0.667")
    assert validity(card, "PL") == Decimal("0.333")
    assert (completeness(Company()), validity(Company(), "PL")) == (0, 0)
