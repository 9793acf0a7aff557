"""Whether nothing is missing is asked of the rows and records again, and what is missing is named."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.models import Company, Contact, Deal
from crm.services import merges
from migrations_data.models import ImportRow, ImportSheet, Outcome
from migrations_data.reconciling.accounts import accounts
from migrations_data.reconciling.important import State, important
from migrations_data.reconciling.missing import missing
from migrations_data.reconciling.sums import checks
from tests.factories.crm import make_company
from tests.migrations_data import tables

pytestmark = pytest.mark.django_db
CLIENTS = """id;firma;kategoria;NIP;przychod
K1;Alfa sp. z o.o.;VIP;;1200,50
K2;Beta S.A.;;;800
K3;;;;5
"""
ORDERS = """nr zamowienia;klient;wartosc;data utworzenia
Z1;K1;1 000,50;20-10-2025
Z2;K2;200,00;21-10-2025
Z3;Gamma;duzo;22-10-2025
Z4;Beta S.A.;-5,00;22-10-2025
"""


def sheets_of(made):
    return list(ImportSheet.objects.filter(file__of_import=made).exclude(kind="").select_related("file"))


@pytest.fixture
def made(clock, cast):
    return tables.run(cast.admin, clock.now, {"klienci.csv": CLIENTS, "zamowienia.csv": ORDERS})


def test_every_row_of_a_file_has_its_place(made):
    companies, deals = accounts(sheets_of(made))
    assert (companies.kept, companies.around, companies.rows_in, companies.last) == (4, 1, 3, 4)
    assert (companies.counted["created"], companies.counted["rejected"], companies.open) == (2, 1, 0)
    assert (deals.counted["created"], deals.counted["rejected"]) == (2, 2)
    assert companies.agrees
    assert deals.agrees


def test_a_row_without_a_verdict_and_a_wrong_total_are_seen(made):
    sheet = tables.sheet_of(made, "companies")
    ImportRow.objects.filter(sheet=sheet, outcome=Outcome.REJECTED).update(outcome="")
    (account,) = accounts([sheet])
    assert (account.open, account.agrees) == (1, False)
    ImportRow.objects.filter(sheet=sheet, outcome="").update(outcome=Outcome.REJECTED)
    sheet.created += 1
    assert not accounts([sheet])[0].agrees


def test_sums_are_counted_again_out_of_cells_and_records(made):
    found = {check.column: check for check in checks(sheets_of(made))}
    assert found["wartosc"].again == (Decimal("1195.50"), Decimal("1200.50"), Decimal("-5"))
    assert found["wartosc"].ran == found["wartosc"].again
    assert found["przychod"].again == (Decimal("2005.50"), Decimal("2000.50"), Decimal(5))
    assert all(check.balanced and check.agrees for check in found.values())


def test_an_amount_that_somebody_changed_is_told_apart_from_one_that_went_missing(made):
    deal = Deal.objects.get(external_id="Z1")
    Deal.objects.filter(pk=deal.pk).update(amount_minor=5)
    (changed,) = (check for check in checks(sheets_of(made)) if check.column == "wartosc")
    assert (changed.again.loaded, changed.differing, changed.agrees) == (Decimal("200.05"), 1, True)
    ImportRow.objects.filter(record_type="deal", record_id=deal.pk).update(record_id=None)
    (lost,) = (check for check in checks(sheets_of(made)) if check.column == "wartosc")
    assert not lost.agrees


def test_clients_that_only_a_rejected_row_names_are_missing_until_they_are_there(made, cast):
    found = missing(made, sheets_of(made))
    assert [(one.noun, one.name, one.row) for one in found] == [("company", "Gamma", 4)]
    make_company(cast.manager, "GAMMA")
    assert missing(made, sheets_of(made)) == []


def test_a_rejected_client_is_missing_though_his_key_is_somebody_elses(clock, cast):
    tables.run(cast.admin, clock.now, {"klienci.csv": "id;firma;przychod\n1;Alfa;5\n"})
    carriers = "id;firma;przychod\n1;Omega Transport;duzo\n2;Sigma Transport;7\n3;Tau Transport;8\n"
    made = tables.run(cast.admin, clock.now, {"dostawcy.csv": carriers})
    assert tables.sheet_of(made, "companies").rejected == 1
    assert [one.name for one in missing(made, sheets_of(made))] == ["Omega Transport"]


def test_a_deleted_client_is_missing_and_a_merged_one_is_not(made, cast, clock):
    alfa, beta = Company.objects.get(external_id="K1"), Company.objects.get(external_id="K2")
    Company.objects.filter(pk=beta.pk).update(deleted_at=clock.now)
    assert "Beta S.A." in {one.name for one in missing(made, sheets_of(made))}
    Company.objects.filter(pk=beta.pk).update(deleted_at=None)
    Company.objects.update(owner=cast.manager)
    merges.merge(
        noun="company", survivor=alfa.pk, merged=beta.pk, choices={}, by=cast.manager, at=clock.now, overridden=True
    )
    assert {one.name for one in missing(made, sheets_of(made))} == {"Gamma"}


def test_people_may_stand_where_a_company_should(clock, cast):
    people = "id klienta,imie,nazwisko,telefon\n7,Jan,Kowal,600100200\n8,Ewa,Lis,600100201\n"
    orders = "numer zamowienia,id klienta,wartosc,data utworzenia\nZ1,7,100,20-10-2025\nZ2,9,5,20-10-2025\n"
    made = tables.run(cast.admin, clock.now, {"klienci.csv": people, "zamowienia.csv": orders})
    assert tables.sheet_of(made, "contacts").created == 2
    assert [(one.name, one.row) for one in missing(made, sheets_of(made))] == [("9", 3)]
    lists = important(made, sheets_of(made))
    assert [(one.noun, one.name, one.state) for one in lists.money] == [
        ("contact", "Jan Kowal", State.THERE),
        ("company", "9", State.REJECTED),
    ]
    assert lists.money[0].record == ("contact", Contact.objects.get(name="Jan Kowal").pk)


def test_the_largest_the_busiest_and_the_marked_are_listed_with_their_records(made):
    lists = important(made, sheets_of(made))
    assert [(one.name, one.money, one.state) for one in lists.money] == [
        ("Alfa sp. z o.o.", Decimal("1000.50"), State.THERE),
        ("Beta S.A.", Decimal("195.00"), State.THERE),
    ]
    assert [(one.name, one.times, one.state) for one in lists.activity] == [
        ("Beta S.A.", 2, State.THERE),
        ("Alfa sp. z o.o.", 1, State.THERE),
        ("Gamma", 1, State.REJECTED),
    ]
    assert [(one.name, one.vip) for one in lists.vip] == [("Alfa sp. z o.o.", True)]
    assert [one.name for one in lists.blocking()] == ["Gamma"]
    assert lists.vip[0].record == ("company", Company.objects.get(external_id="K1").pk)


def test_without_deals_yearly_revenue_says_who_is_large(clock, cast):
    made = tables.run(cast.admin, clock.now, {"klienci.csv": CLIENTS})
    lists = important(made, sheets_of(made))
    assert lists.by_revenue
    assert [one.money for one in lists.money] == [Decimal("1200.50"), Decimal(800)]
    assert lists.activity == []


def test_whatever_the_rows_the_statements_are_as_many(clock, cast):
    counted = []
    for times in (1, 40):
        orders = ORDERS + "".join(f"Y{n};Firma {n};{n},00;20-10-2025\n" for n in range(times))
        made = tables.run(cast.admin, clock.now, {"klienci.csv": CLIENTS, f"zamowienia{times}.csv": orders})
        sheets = sheets_of(made)
        with CaptureQueriesContext(connection) as captured:
            accounts(sheets), checks(sheets), missing(made, sheets), important(made, sheets)
        counted.append(len(captured))
    assert counted[0] == counted[1]
