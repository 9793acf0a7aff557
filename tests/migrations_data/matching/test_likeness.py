"""How alike two clients are: what agrees counts, what differs counts against, and what many share is no reason."""

import pytest

from migrations_data.matching.headers import what_is
from migrations_data.matching.keys import keys_of
from migrations_data.matching.likeness import ASKED, likeness
from migrations_data.matching.traits import Glance, traits


def person(name, **said):
    return traits("contact", 1, {"name": [name], **{what: [text] for what, text in said.items()}})


def company(name, **said):
    return traits("company", 1, {"name": [name], **{what: [text] for what, text in said.items()}})


def test_a_shared_mailbox_is_no_reason():
    one, other = (person(name, email="office@dune.example") for name in ("Anna Nowak", "Anna Nowacka"))
    alone = likeness("contact", one, other)
    shared = likeness("contact", one, other, lambda key: key == "moffice@dune.example")
    assert alone.reasons == ("name_alike", "email")
    assert "email" not in shared.reasons
    assert shared.score < ASKED <= alone.score


def test_names_in_another_order_are_the_same_person():
    one, other = person("Green Mitchell", birth="1956-04-09"), person("Mitchel Green", birth="09.04.1956")
    assert likeness("contact", one, other).reasons == ("birth", "name_alike")


def test_a_name_that_many_bear_is_not_enough():
    one, other = person("Jan Nowak", city="Gdynia"), person("Jan Nowak", city="Gdynia")
    assert likeness("contact", one, other).score >= ASKED
    assert likeness("contact", one, other, lambda key: key == "njannowak").score < ASKED


@pytest.mark.parametrize(
    ("one", "other"),
    [("Alfa Sp. z o.o.", "Alfa S.A."), ("ООО Ромашка", "АО Ромашка"), ("Depot 1", "Depot 2")],
)
def test_form_and_number_tell_companies_apart(one, other):
    same = {"phone": "600100200", "city": "Kraków"}
    assert likeness("company", company(one, **same), company(other, **same)).score == 0


def test_two_tax_numbers_are_two_companies():
    same = {"phone": "600100200", "city": "Kraków"}
    one, other = company("Alfa", tax_number="5250007738", **same), company("Alfa", tax_number="6346384794", **same)
    assert likeness("company", one, other).score < ASKED


def test_phones_are_known_by_their_end_and_dates_by_their_digits():
    one, other = (
        person("A B", phone="+48 600-100-200", birth="1990-02-01"),
        person("A B", phone="600100200.0", birth="01.02.1990"),
    )
    assert one.phones == other.phones
    assert one.birth == other.birth


def test_columns_without_a_field_are_known_by_their_headers():
    columns = [
        {"name": name, "field": field, "index": place}
        for place, (name, field) in enumerate([("Name", "name"), ("KodPocztowy", "note"), ("PESEL", ""), ("date_of_birth", ""), ("Amount", "note")])
    ]  # fmt: skip
    assert [what_is("contact", column) for column in columns] == ["name", "postcode", "id", "birth", ""]
    said = Glance("contact", columns).read(7, ["Anna Nowak", "30-001", "90020112345", "1990-02-01", 12])
    assert (said.pk, said.postcode, said.ids, said.birth) == (7, "30001", {"90020112345"}, "19900201")


def test_a_corrected_cell_is_read_instead():
    columns = [{"name": "Name", "field": "name", "index": 0}]
    assert Glance("contact", columns).read(1, ["Ana"], {"0": "Anna"}).name == "anna"


def test_rows_meet_by_what_others_seldom_have():
    one, other = person("Anna Nowak", postcode="30-001"), person("Nowak Ana", postcode="30-001")
    assert set(keys_of("contact", one)) & set(keys_of("contact", other)) == {"wnowak|30001"}
