"""Columns that fill fields of the company's own: found by their names, chosen by hand, read by kind, refused with their column."""

import pytest
from django.urls import reverse

from crm import custom
from crm.models import Company, Contact, CustomField, Deal
from migrations_data.models import ImportSheet, Outcome
from migrations_data.services import columns, imports, work
from tests.factories.crm import make_company, make_field
from tests.migrations_data.tables import preview, run, say_same, upload

pytestmark = pytest.mark.django_db
HEAD = "account,sector,year_established,revenue,employees,My text,vehicles,Budget,Ready on,grade,Wants,Buyer"
ROW = 'Birch Labs,retail,1996,5,7,<b>Hello</b> 🚚,"12,5",1200.50,30-11-2026,gold,"trucks; Vans, small",Tomasz Teammate'


@pytest.fixture
def fields(db):
    return {
        "text": make_field(key="text", label="My text"),
        "vehicles": make_field(kind="number", key="vehicles", label="Number of cars"),
        "budget": make_field(kind="money", key="budget", label="Budget"),
        "ready": make_field(kind="date", key="ready", label="Ready on"),
        "grade": make_field(kind="choice", key="grade", label="Grade", options=["Gold", "Silver"]),
        "wants": make_field(kind="choices", key="wants", label="Wants", options=["Trucks", "Vans, small"]),
        "buyer": make_field(kind="user", key="buyer", label="Buyer"),
    }


def stored(cast):
    return {
        "text": "<b>Hello</b> 🚚", "vehicles": "12.5", "budget": [120_050, "EUR"], "ready": "2026-11-30", "grade": "Gold",
        "wants": ["Trucks", "Vans, small"], "buyer": cast.teammate.pk,
    }  # fmt: skip


def tables(row=ROW, head=HEAD):
    return {"accounts.csv": f"{head}\n{row}\n"}


def verdict(of):
    sheet = ImportSheet.objects.get(file__of_import=of)
    return sheet.rows.get(number=2)


def test_columns_called_like_a_field_or_its_key_fill_it(cast, clock, fields):
    run(cast.admin, clock.now, tables())
    assert Company.objects.get(name="Birch Labs").custom == stored(cast)


def test_a_preview_shows_it_and_keeps_nothing(cast, clock, fields):
    of = preview(cast.admin, clock.now, tables())
    assert verdict(of).outcome == Outcome.CREATED
    assert not Company.objects.exists()


def test_a_column_of_another_name_is_given_to_a_field_by_hand(cast, clock, fields):
    of = upload(cast.admin, clock.now, tables(head=HEAD.replace("My text", "Remark of old")))
    sheet = ImportSheet.objects.get(file__of_import=of)
    [column] = [one for one in sheet.columns if one["name"] == "Remark of old"]
    assert column["field"] != "custom.text"
    columns.set_columns(sheet=sheet, columns={column["index"]: {"field": "custom.text"}}, by=cast.admin)
    sheet.refresh_from_db()
    assert sheet.columns[column["index"]]["field"] == "custom.text"


def test_a_name_that_is_only_alike_fills_nothing(cast, clock, fields):
    of = upload(cast.admin, clock.now, tables(head=HEAD.replace("Budget", "Budget of last year")))
    sheet = ImportSheet.objects.get(file__of_import=of)
    assert "custom.budget" not in [one["field"] for one in sheet.columns]


@pytest.mark.parametrize(
    ("was", "wrong", "column"),
    [
        ("gold", "Bronze", "grade"),
        ("Tomasz Teammate", "Nobody Known", "Buyer"),
        ("30-11-2026", "31-02-2026", "Ready on"),
        ('"12,5"', "a lot", "vehicles"),
        ("1200.50", "-5", "Budget"),
        ("trucks; Vans, small", "Planes", "Wants"),
        ("<b>Hello</b> 🚚", "x" * 3_000, "My text"),
    ],
)
def test_what_does_not_fit_rejects_its_row_with_the_column(cast, clock, fields, was, wrong, column):
    other = ROW.replace("Birch Labs", "Cedar Foods")
    of = run(cast.admin, clock.now, tables(row=f"{ROW.replace(was, wrong)}\n{other}"))
    row = verdict(of)
    assert (row.outcome, row.column) == (Outcome.REJECTED, column)
    assert [one.name for one in Company.objects.all()] == ["Cedar Foods"]


def test_blanks_are_filled_and_what_people_entered_stays(cast, clock, fields):
    company = make_company(cast.manager, "Birch Labs", custom={"text": "by hand", "grade": "Silver"})
    say_same(run(cast.admin, clock.now, tables()), cast.admin, clock.now)
    company.refresh_from_db()
    assert company.custom == {**stored(cast), "text": "by hand", "grade": "Silver"}


def test_a_newer_table_changes_what_is_new_in_it(cast, clock, fields):
    run(cast.admin, clock.now, tables())
    company = Company.objects.get(name="Birch Labs")
    clock.set("2026-10-21 10:00")
    run(cast.admin, clock.now, tables(row=ROW.replace("gold", "silver")))
    company.refresh_from_db()
    assert company.custom == {**stored(cast), "grade": "Silver"}


def test_contacts_and_deals_take_them_too(cast, clock):
    make_field(noun="contact", kind="date", key="birthday", label="Birthday")
    make_field(noun="deal", kind="number", key="vehicles", label="Vehicles")
    files = {
        "contacts.csv": "name,company,email,phone,birthday\nNadia Bauer,Birch Labs,nadia@birch.example,+48 600 100 200,1980-05-04\n",
        "deals.csv": "opportunity_id,product,account,deal_stage,close_value,Vehicles\nA1,RX,Birch Labs,Prospecting,500,3\n",
    }
    run(cast.admin, clock.now, files)
    assert Contact.objects.get().custom == {"birthday": "1980-05-04"}
    assert Deal.objects.get().custom == {"vehicles": "3"}


def test_a_field_that_was_retired_in_between_is_left_out(cast, clock, fields):
    of = upload(cast.admin, clock.now, tables())
    CustomField.objects.filter(key="text").update(is_active=False)
    custom.forget()
    imports.run(of=of, by=cast.admin, at=clock.now, background=False)
    work.carry_on(import_id=of.pk, at=clock.now)
    assert Company.objects.get(name="Birch Labs").custom == {
        key: value for key, value in stored(cast).items() if key != "text"
    }


def test_the_page_of_columns_offers_own_fields(cast, clock, fields, sign_in):
    of = upload(cast.admin, clock.now, tables())
    shown = sign_in(cast.admin).get(reverse("migrations_data:import-columns", args=[of.pk])).content.decode()
    assert '<option value="custom.budget" selected>Budget</option>' in shown
    assert '<option value="custom.text" selected>My text</option>' in shown
