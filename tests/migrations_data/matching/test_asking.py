"""Rows that may be somebody are asked about; what is alike only by a shared mailbox is not."""

import pytest

from migrations_data.models import ImportQuestion, ImportRow, Outcome
from tests.migrations_data.tables import preview

pytestmark = pytest.mark.django_db

HEAD = "id,company,nip,phone,email,street,city,employees\n"


def companies(*lines):
    return {"companies.csv": HEAD + "\n".join(lines) + "\n"}


def questions(of):
    """By row: what it may be, the record or the number of the other row, and why."""
    found = {}
    for one in ImportQuestion.objects.filter(of_import=of).select_related("row"):
        found[one.row.number] = [
            ("record", each["record"], each["reasons"])
            if each["record"]
            else ("row", ImportRow.objects.get(pk=each["row"]).number, each["reasons"])
            for each in one.candidates
        ]
    return found


def test_a_slip_in_the_name_with_the_same_phone_is_asked_about(cast, clock):
    of = preview(
        cast.admin, clock.now,
        companies(
            "1,Birch Laboratories Ltd,,+48 600 100 200,,,Kraków,10",
            "2,Birch Labortories Ltd,,600100200,,,Krakow,10",
            "3,Something Else,,601222333,,,Gdynia,12",
        ),
    )  # fmt: skip
    assert questions(of) == {3: [("row", 2, ["name_alike", "phone", "city"])]}
    assert list(ImportRow.objects.filter(outcome=Outcome.ASKED).values_list("number", flat=True)) == [3]


def test_another_legal_form_is_another_company(cast, clock):
    of = preview(
        cast.admin, clock.now,
        companies("1,Alfa Sp. z o.o.,,600100200,,,Kraków,10", "2,Alfa S.A.,,600100200,,,Kraków,10"),
    )  # fmt: skip
    assert questions(of) == {}
