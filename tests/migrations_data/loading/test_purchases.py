"""Tables of payments and shipments: found by their headers, reconciled to the cent, brought in again without doubling."""

from datetime import date
from decimal import Decimal

import pytest

from crm.models import Company, Purchase, PurchaseKind
from migrations_data.models import ImportRow
from migrations_data.services import report
from tests.factories.crm import make_company
from tests.migrations_data import tables
from tests.migrations_data.tables import counts, sheet_of

pytestmark = pytest.mark.django_db
INVOICES = """invoice no;invoice date;customer;NIP;type;net amount;currency;product
FV 1/26;02-10-2026;Birch Labs;;shipment;1 200,50;EUR;RX Pro
FV 2/26;05-10-2026;Somebody Else;PL 525-000-77-38;shipment;300,00;PLN;
FV 2/26;05-10-2026;Somebody Else;PL 525-000-77-38;shipment;300,00;PLN;
FV 3/26;07-10-2026;Birch Labs;;payment;1 200,50;EUR;
KOR 1/26;09-10-2026;Birch Labs;;shipment;-200,00;EUR;
FV 4/26;09-10-2026;Nobody Ltd;;shipment;50,00;EUR;
FV 5/26;09-10-2031;Birch Labs;;shipment;60,00;EUR;
FV 6/26;31-13-2026;Birch Labs;;shipment;70,00;EUR;
FV 7/26;09-10-2026;Birch Labs;;shipment;;EUR;
"""


@pytest.fixture
def clients(cast) -> tuple[Company, Company]:
    birch = make_company(cast.manager, "Birch Labs")
    return birch, make_company(cast.manager, "Elbe", tax_number="5250007738", tax_key="5250007738")


def bring(cast, clock, table: str = INVOICES):
    return tables.run(cast.admin, clock.now, {"invoices.csv": table})


def test_rows_become_shipments_and_payments_of_the_clients_that_they_name(clients, cast, clock):
    birch, elbe = clients
    done = bring(cast, clock)
    assert counts(done)["purchases"] == (9, 5, 0, 0, 4)
    found = Purchase.objects.order_by("day", "pk").values_list("company", "kind", "number", "amount_minor", "currency")
    assert list(found) == [
        (birch.pk, PurchaseKind.SHIPMENT, "FV 1/26", 120_050, "EUR"),
        (elbe.pk, PurchaseKind.SHIPMENT, "FV 2/26", 30_000, "PLN"),
        (elbe.pk, PurchaseKind.SHIPMENT, "FV 2/26", 30_000, "PLN"),
        (birch.pk, PurchaseKind.PAYMENT, "FV 3/26", 120_050, "EUR"),
        (birch.pk, PurchaseKind.SHIPMENT, "KOR 1/26", -20_000, "EUR"),
    ]
    first = Purchase.objects.get(number="FV 1/26")
    assert (first.day, str(first.product), first.source) == (date(2026, 10, 2), "RX Pro", "import")


def test_the_sums_agree_with_what_was_rejected(clients, cast, clock):
    (sums,) = report.sums(sheet_of(bring(cast, clock), "purchases"))
    assert sums["in"] == sums["loaded"] + sums["rejected"]
    assert sums["loaded"] == Decimal("2801.00")


def test_what_is_wrong_is_told_with_its_column(clients, cast, clock):
    done = bring(cast, clock)
    rows = ImportRow.objects.filter(sheet=sheet_of(done, "purchases"), outcome="rejected").order_by("number")
    assert [(row.code, row.column) for row in rows] == [
        ("company_unknown", "customer"),
        ("refused", "invoice date"),
        ("not_date", "invoice date"),
        ("nothing", "net amount"),
    ]


def test_the_same_table_again_changes_nothing_and_a_newer_one_only_what_is_new(clients, cast, clock):
    bring(cast, clock)
    clock.set("2026-10-21 09:00")
    assert counts(bring(cast, clock))["purchases"] == (9, 0, 0, 5, 4)
    done = bring(cast, clock, INVOICES.replace("payment;1 200,50", "payment;1 000,50"))
    assert counts(done)["purchases"] == (9, 0, 1, 4, 4)
    assert Purchase.objects.get(kind="payment").amount_minor == 100_050
    assert Purchase.objects.filter(changed_at=clock.now).count() == 1


def test_what_was_put_right_or_taken_back_here_stays(clients, cast, clock):
    bring(cast, clock)
    Purchase.objects.filter(number="FV 1/26").update(amount_minor=5)
    Purchase.objects.filter(kind="payment").update(deleted_at=clock.now)
    assert counts(bring(cast, clock))["purchases"] == (9, 0, 0, 5, 4)
    assert Purchase.objects.get(number="FV 1/26").amount_minor == 5
    assert not Purchase.objects.live().filter(kind="payment").exists()


def test_keys_of_the_accounts_are_theirs(clients, cast, clock):
    table = (
        "id,date,client,amount\n7,2026-10-01,Birch Labs,10\n7,2026-10-01,Birch Labs,11\n8,2026-10-02,Birch Labs,12\n"
    )
    done = tables.run(cast.admin, clock.now, {"payments.csv": table})
    assert counts(done)["purchases"] == (3, 2, 0, 0, 1)
    newer = table.replace("8,2026-10-02", "8,2026-10-03")
    assert counts(tables.run(cast.admin, clock.now, {"payments.csv": newer}))["purchases"][1:3] == (0, 1)


def test_a_table_of_deals_is_still_one_of_deals(cast, clock):
    done = tables.run(cast.admin, clock.now, tables.ALL_FOUR)
    assert set(counts(done)) == {"companies", "products", "deals", "people"}
