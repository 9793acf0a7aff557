"""Accounts, products, people and deals in one import: nothing is lost, everything adds up, twice changes nothing."""

import pytest
from django.db.models import Sum

from accounts.models import Membership, Role, Team, User
from crm.models import Company, Deal, DealProduct, LossReason, Product, Stage
from migrations_data.models import ImportRow, ImportSheet, Status
from migrations_data.services import report
from tests.migrations_data import tables
from tests.migrations_data.tables import counts, findings, sheet_of

pytestmark = pytest.mark.django_db
NEW = {"companies": (4, 4, 0, 0, 0), "products": (3, 3, 0, 0, 0), "deals": (6, 6, 0, 0, 0), "people": (5, 5, 0, 0, 0)}
SAME = {kind: (rows, 0, 0, rows, 0) for kind, (rows, *_rest) in NEW.items()}


@pytest.fixture
def imported(clock, cast):
    return tables.run(cast.admin, clock.now, tables.ALL_FOUR)


def test_every_row_becomes_a_record_and_every_sum_is_found_again(imported):
    assert imported.status == Status.DONE
    assert counts(imported) == NEW
    assert all(sheet.adds_up for sheet in ImportSheet.objects.all())
    told = report.as_dict(imported)
    assert (told["ok"], told["lost"]) == (True, [])
    assert report.sums(sheet_of(imported, "deals")) == [
        {"column": "close_value", "in": tables.WON_AND_LOST, "loaded": tables.WON_AND_LOST, "rejected": 0}
    ]
    assert Deal.objects.aggregate(total=Sum("amount_minor"))["total"] == tables.WON_AND_LOST * 100
    row = ImportRow.objects.get(sheet=sheet_of(imported, "deals"), number=5)
    assert row.cells == ["A4", "Cleo Vance", "RXPro", "null", "Engaging", "26-11-2016"]
    assert (row.record_type, row.record_id) == ("deal", Deal.objects.get(external_id="A4").pk)


def test_a_deal_stands_where_the_table_says_and_is_stamped_today(imported, clock, cast):
    won = Deal.objects.get(external_id="A1")
    assert (won.status, won.source, won.owner.full_name) == ("won", "import", "Ada North")
    assert (str(won.company), won.title) == ("Birch Labs", "RX Basic – Birch Labs")
    assert [f"{day:%d-%m-%Y}" for day in (won.opened_at, won.closed_at)] == ["20-10-2016", "01-03-2017"]
    assert won.lines.get().product.name == "RX Basic"
    assert won.created_by == cast.admin
    engaged = Deal.objects.get(external_id="A4")
    assert (engaged.status, engaged.stage.name, engaged.company, engaged.amount_minor) == (
        "open",
        "Engaging",
        None,
        None,
    )
    lost = Deal.objects.get(external_id="A3")
    assert (lost.status, str(lost.loss_reason), lost.amount_minor) == ("lost", "Imported", 0)
    assert LossReason.objects.filter(name="Imported").count() == 1
    assert set(Deal.objects.values_list("recorded_at", flat=True)) == {clock.now}
    assert Deal.objects.get(external_id="A5").opened_at == clock.now
    assert list(Stage.objects.values_list("name", flat=True)) == ["Prospecting", "Engaging"]


def test_what_was_wrong_in_the_table_is_told(imported):
    found = findings(sheet_of(imported, "deals"))
    assert found["product", "RXPro"] == 2
    assert found["empty", "null"] == 1
    assert found["no_reason", ""] == 1
    assert ("dates", "") in found
    assert findings(sheet_of(imported, "companies"))["country", "Philipines"] == 1
    assert ("unit", "") in findings(sheet_of(imported, "companies"))
    assert Product.objects.filter(name__startswith="RX").count() == 2
    assert DealProduct.objects.filter(product__name="RX Pro").count() == 2


def test_companies_come_with_their_facts_their_group_and_the_owner_of_most_of_their_deals(imported, cast):
    cedar = Company.objects.get(name="Cedar Foods")
    assert (str(cedar.parent), cedar.country, cedar.employees, cedar.founded) == ("Dune Holding", "Poland", 495, 1999)
    assert (cedar.revenue_minor, cedar.industry, cedar.name_key) == (25141, "retail", "cedar foods")
    assert Company.objects.get(name="Birch Labs").owner.full_name == "Ada North"
    assert Company.objects.get(name="Dune Holding").owner == cast.admin


def test_people_come_into_teams_with_heads_and_cannot_sign_in_without_an_address(imported):
    teams = {
        team.name: (team.head and team.head.full_name, team.parent and str(team.parent)) for team in Team.objects.all()
    }
    assert teams["Central"] == (None, None)
    assert teams["Central: Hugo Reyes"] == ("Hugo Reyes", "Central")
    assert teams["Central: Iris Holt"] == ("Iris Holt", "Central")
    assert teams["East"] == ("Jon Marsh", None)
    cleo = Membership.objects.get(user__full_name="Cleo Vance")
    assert (cleo.team.name, f"{cleo.starts_on}") == ("Central: Iris Holt", "2026-10-20")
    ada = User.objects.get(full_name="Ada North")
    assert (ada.email, ada.role, ada.is_active) == ("ada.north@import.invalid", Role.MANAGER, True)
    assert not ada.has_usable_password()
    assert User.objects.get(full_name="Hugo Reyes").role == Role.HEAD
    assert findings(sheet_of(imported, "people"))["no_mail", ""] == 8


def test_a_preview_writes_nothing_and_says_what_the_run_then_does(clock, cast):
    before = User.objects.count()
    tried = tables.preview(cast.admin, clock.now, tables.ALL_FOUR)
    assert (Deal.objects.count(), Company.objects.count(), Stage.objects.count(), User.objects.count()) == (
        0,
        0,
        0,
        before,
    )
    assert counts(tried) == NEW
    shown = [(s.kind, s.sums, s.findings) for s in ImportSheet.objects.filter(file__of_import=tried)]
    done = tables.run(cast.admin, clock.now, tables.ALL_FOUR)
    assert shown == [(s.kind, s.sums, s.findings) for s in ImportSheet.objects.filter(file__of_import=done)]


def test_the_same_files_again_or_as_one_workbook_change_nothing(imported, clock, cast):
    stamps = list(Deal.objects.order_by("pk").values_list("pk", "changed_at"))
    clock.set("2026-10-21 09:00")
    again = tables.run(cast.admin, clock.now, tables.ALL_FOUR)
    assert counts(again) == SAME
    assert list(Deal.objects.order_by("pk").values_list("pk", "changed_at")) == stamps
    assert report.sums(sheet_of(again, "deals"))[0]["loaded"] == tables.WON_AND_LOST
    book = tables.workbook({name.removesuffix(".csv"): tables.as_rows(text) for name, text in tables.ALL_FOUR.items()})
    assert counts(tables.run(cast.admin, clock.now, {"all.xlsx": book})) == SAME


def test_the_order_of_the_files_does_not_matter(clock, cast):
    backwards = dict(reversed(tables.ALL_FOUR.items()))
    assert counts(tables.run(cast.admin, clock.now, backwards)) == NEW


def test_a_thousand_rows_cost_no_more_statements_than_ten(clock, cast, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    tables.run(cast.admin, clock.now, tables.ALL_FOUR)

    def cost(rows):
        lines = "\n".join(f"N{rows}-{n},Ada North,RX Pro,Birch Labs,Won,20-10-2016,01-03-2017,{n}" for n in range(rows))
        with CaptureQueriesContext(connection) as captured:
            tables.run(cast.admin, clock.now, {f"more{rows}.csv": tables.PIPELINE.partition("\n")[0] + "\n" + lines})
        return len(captured)

    assert cost(900) == cost(10)
