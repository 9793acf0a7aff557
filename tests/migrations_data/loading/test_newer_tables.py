"""A newer table changes what is new in it, and nothing that people did in the meantime."""

from decimal import Decimal

import pytest

from crm.models import Company, CompanyTimeline, Deal
from migrations_data.models import ImportRow
from migrations_data.services import report
from tests.factories.crm import make_company
from tests.migrations_data import tables
from tests.migrations_data.tables import counts, sheet_of

pytestmark = pytest.mark.django_db
HEAD = tables.PIPELINE.partition("\n")[0] + "\n"


@pytest.fixture
def imported(clock, cast):
    done = tables.run(cast.admin, clock.now, tables.ALL_FOUR)
    clock.set("2026-10-21 09:00")
    return done


def newer(clock, cast, old, new):
    return tables.run(
        cast.admin, clock.now, tables.ALL_FOUR | {"sales_pipeline.csv": tables.PIPELINE.replace(old, new)}
    )


def test_only_the_changed_row_is_updated(imported, clock, cast):
    done = newer(clock, cast, "13-03-2017,55", "13-03-2017,66.50")
    assert counts(done)["deals"] == (6, 0, 1, 5, 0)
    assert Deal.objects.get(external_id="A6").amount_minor == 6650
    assert Deal.objects.filter(changed_at=clock.now).count() == 1


def test_what_people_changed_stays_when_the_table_says_the_same_as_before(imported, clock, cast):
    Deal.objects.filter(external_id="A4").update(status="won", title="Renamed by hand", amount_minor=900)
    done = newer(clock, cast, "x", "x")
    assert counts(done)["deals"] == (6, 0, 0, 6, 0)
    deal = Deal.objects.get(external_id="A4")
    assert (deal.status, deal.title, deal.amount_minor) == ("won", "Renamed by hand", 900)


def test_an_empty_cell_clears_nothing_and_a_filled_one_fills_a_blank(imported, clock, cast):
    done = newer(clock, cast, "01-03-2017,1054", "01-03-2017,")
    assert counts(done)["deals"][2] == 0
    assert Deal.objects.get(external_id="A1").amount_minor == 105400
    done = newer(
        clock,
        cast,
        "A4,Cleo Vance,RXPro,null,Engaging,26-11-2016,,",
        "A4,Cleo Vance,RXPro,Elm Medical,Engaging,26-11-2016,,75",
    )
    assert counts(done)["deals"] == (6, 0, 1, 5, 0)
    deal = Deal.objects.get(external_id="A4")
    assert (str(deal.company), deal.amount_minor, deal.folded) == ("Elm Medical", 7500, "rx pro elm medical")


def test_a_deal_closed_by_a_newer_table_is_closed_as_of_the_import(imported, clock, cast):
    newer(clock, cast, "Engaging,26-11-2016,,", "Lost,26-11-2016,05-01-2017,0")
    deal = Deal.objects.get(external_id="A4")
    assert (deal.status, deal.closed_at, str(deal.loss_reason)) == ("lost", clock.now, "Imported")


def test_another_owner_product_or_company_is_followed(imported, clock, cast):
    newer(clock, cast, "A6,Ada North,KV Special,Birch Labs", "A6,Ben Okoro,RX Pro,Cedar Foods")
    deal = Deal.objects.get(external_id="A6")
    assert (deal.owner.full_name, str(deal.company), deal.lines.get().product.name) == (
        "Ben Okoro",
        "Cedar Foods",
        "RX Pro",
    )


def test_a_record_deleted_here_stays_deleted(imported, clock, cast):
    Deal.objects.filter(external_id="A1").update(deleted_at=clock.now)
    done = newer(clock, cast, "01-03-2017,1054", "01-03-2017,2000")
    row = ImportRow.objects.get(sheet=sheet_of(done, "deals"), number=2)
    assert (row.outcome, row.code) == ("skipped", "deleted")
    assert Deal.objects.get(external_id="A1").amount_minor == 105400
    sums = report.sums(sheet_of(done, "deals"))[0]
    assert sums["in"] == sums["loaded"] + sums["rejected"] == tables.WON_AND_LOST + 2000 - 1054


def test_a_company_entered_by_hand_waits_for_a_word_and_then_only_its_blanks_are_filled(clock, cast):
    by_hand = make_company(cast.manager, "Birch Labs", industry="IT")
    done = tables.run(cast.admin, clock.now, tables.ALL_FOUR)
    sheet, deals = sheet_of(done, "companies"), sheet_of(done, "deals")
    assert (sheet.created, sheet.asked, sheet.adds_up) == (3, 1, True)
    assert (deals.created, deals.asked, deals.adds_up) == (3, 3, True)
    assert not Deal.objects.filter(external_id="A1").exists()
    tables.say_same(done, cast.admin, clock.now)
    sheet, deals = sheet_of(done, "companies"), sheet_of(done, "deals")
    assert (sheet.created, sheet.merged, sheet.asked, sheet.adds_up) == (3, 1, 0, True)
    assert (deals.created, deals.asked, deals.adds_up) == (6, 0, True)
    assert Decimal(deals.sums[0]["in"]) == Decimal(deals.sums[0]["loaded"]) == tables.WON_AND_LOST
    by_hand.refresh_from_db()
    assert (by_hand.industry, by_hand.employees, by_hand.owner) == ("IT", 2822, cast.manager)
    assert Deal.objects.get(external_id="A1").company == by_hand
    again = sheet_of(tables.run(cast.admin, clock.now, tables.ALL_FOUR), "companies")
    assert (again.skipped, again.asked) == (4, 0)


def test_a_new_name_under_the_same_key_renames_and_is_found_in_its_deals(clock, cast):
    first = "id,company,city\n7,Old Name,Leeds\n"
    tables.run(cast.admin, clock.now, {"companies.csv": first})
    tables.run(cast.admin, clock.now, {"deals.csv": HEAD + "Z1,,RX,7,Prospecting,,,5\n"})
    clock.set("2026-10-21 10:00")
    done = tables.run(cast.admin, clock.now, {"companies.csv": first.replace("Old", "New")})
    assert counts(done)["companies"] == (1, 0, 1, 0, 0)
    assert Company.objects.get().name == "New Name"
    assert "new" in Deal.objects.get(external_id="Z1").folded.split()
    assert CompanyTimeline.objects.count() == 2


def test_keys_of_two_systems_are_kept_apart_by_their_names(clock, cast):
    tables.run(cast.admin, clock.now, {"companies.csv": "id,company,city\n1,Kos,Leeds\n"}, origin="old crm")
    tables.run(cast.admin, clock.now, {"companies.csv": "id,company,city\n1,Lis,York\n"}, origin="webshop")
    assert sorted(Company.objects.values_list("external_id", "name")) == [("old crm:1", "Kos"), ("webshop:1", "Lis")]


def test_a_person_moves_to_the_team_of_a_newer_table_and_nobody_is_doubled(imported, clock, cast):
    from accounts.models import Membership, User

    people = User.objects.count()
    teams = tables.TEAMS.replace("Cleo Vance,Iris Holt,Central", "Cleo Vance,Jon Marsh,East")
    done = tables.run(cast.admin, clock.now, {"sales_teams.csv": teams})
    assert counts(done)["people"] == (5, 0, 1, 4, 0)
    assert User.objects.count() == people
    assert Membership.objects.get(user__full_name="Cleo Vance", ends_on=None).team.name == "East"
