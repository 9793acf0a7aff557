"""A row that cannot be taken says why, by row and column; the others come in, and the figures still add up."""

import pytest

from crm.models import Company, Contact, Deal
from migrations_data.loading.problems import FINDINGS, MESSAGES, say, say_finding
from migrations_data.models import ImportRow, ImportSheet
from migrations_data.services import report
from tests.migrations_data import tables
from tests.migrations_data.tables import counts, findings, sheet_of

pytestmark = pytest.mark.django_db
HEAD = tables.PIPELINE.partition("\n")[0] + "\n"


def problems(made):
    return [
        (p["row"], p["column"], p["code"])
        for f in report.as_dict(made)["files"]
        for s in f["sheets"]
        for p in s["problems"]
    ]


def test_each_reason_names_its_row_and_column(clock, cast):
    deals = HEAD + (
        "B1,Ada North,RX Pro,Birch Labs,Won,31-02-2017,01-03-2017,10\n"
        "B2,Nobody Known,RX Pro,Birch Labs,Won,20-10-2016,01-03-2017,20\n"
        "B3,Ada North,RX Pro,Birch Labs,Won,20-10-2016,01-03-2017,-30\n"
        "B4,Ada North,RX Pro,Birch Labs,Won,20-10-2016,01-03-2017,much\n"
        "B5,Ada North,RX Pro,Birch Labs,Won,20-10-2016,01-03-2017,50\n"
        "B5,Ada North,RX Pro,Birch Labs,Won,20-10-2016,01-03-2017,51\n"
        "B5,Ada North,RX Pro,Birch Labs,Won,20-10-2016,01-03-2017,50\n"
        "B6,Ada North,RX Pro,Birch Labs,Won,20-10-2016,01-03-2017,60\n"
        "B7,Ada North,RX Pro,Birch Labs,Won,20-10-2016,01-03-2017,70\n"
        "B8,Ada North,RX Pro,Birch Labs,Won,20-10-2016,01-03-2017,80\n"
    )
    made = tables.run(cast.admin, clock.now, tables.ALL_FOUR | {"sales_pipeline.csv": deals})
    assert problems(made) == [
        (2, "engage_date", "not_date"),
        (4, "close_value", "negative"),
        (5, "close_value", "not_number"),
        (7, "", "duplicate"),
    ]
    assert counts(made)["deals"] == (10, 5, 0, 1, 4)
    assert sheet_of(made, "deals").adds_up
    assert report.sums(sheet_of(made, "deals"))[0] == {
        "column": "close_value",
        "in": 361,
        "loaded": 280,
        "rejected": 81,
    }
    assert not report.as_dict(made)["ok"]
    assert set(Deal.objects.values_list("external_id", flat=True)) == {"B2", "B5", "B6", "B7", "B8"}


def test_a_rejected_client_is_on_the_list_of_the_lost(clock, cast):
    long = "x" * 300
    made = tables.run(
        cast.admin,
        clock.now,
        {"companies.csv": f"company,city,industry,tax number\nKos,Leeds,IT,1\n{long},York,IT,2\n,Hull,IT,3\n"},
    )
    assert problems(made) == [(3, "company", "refused"), (4, "company", "nameless")]
    assert report.as_dict(made)["lost"] == [long]
    assert Company.objects.get().name == "Kos"


def test_every_reason_and_finding_has_words():
    for code in MESSAGES:
        assert "%(" not in say(code, "it")
    for code in FINDINGS:
        assert "%(" not in say_finding({"code": code, "was": "this", "now": "that"})


def test_a_wrong_mail_or_phone_becomes_a_note_and_costs_no_contact(clock, cast):
    text = "Full name,Email,Phone,Company\nAna Ruiz,not a mail,123,Kos\nBo Lis,bo@example.com; b@example.com,+48 600 100 200,Kos\n"
    made = tables.run(cast.admin, clock.now, {"contacts.csv": text})
    assert counts(made)["contacts"] == (2, 2, 0, 0, 0)
    ana, bo = Contact.objects.order_by("name")
    assert ana.note == "Email: not a mail\nPhone: 123"
    assert [mail.address for mail in bo.emails.all()] == ["bo@example.com", "b@example.com"]
    assert [phone.reversed for phone in bo.phones.all()] == ["00200100684"]
    assert str(bo.company) == "Kos"
    assert bo.employments.get().company.name == "Kos"
    assert findings(sheet_of(made, "contacts"))["noted", "not a mail"] == 1
    assert counts(tables.run(cast.admin, clock.now, {"contacts.csv": text}))["contacts"] == (2, 0, 0, 2, 0)


def test_a_text_that_does_not_fit_is_cut_and_kept_whole_in_the_note(clock, cast):
    trade = "Retail of " + ", ".join(f"goods of sort {n}" for n in range(20))
    made = tables.run(cast.admin, clock.now, {"accounts.csv": f'id,company,industry,city\n1,Birch,"{trade}",Radom\n'})
    birch = Company.objects.get()
    assert len(birch.industry) <= 80
    assert birch.industry.endswith("…")
    assert trade in birch.note
    assert findings(sheet_of(made, "companies"))["shortened", trade[:80] + "…"] == 1


def test_two_people_behind_one_mailbox_stay_two(clock, cast):
    text = "Full name,Email,Company\nAna Ruiz,office@example.com,Kos\nBo Lis,office@example.com,Kos\n"
    tables.run(cast.admin, clock.now, {"contacts.csv": text})
    assert Contact.objects.count() == 2


def test_a_contact_entered_by_hand_is_asked_about_by_name_and_mail(clock, cast):
    from tests.factories.crm import make_contact

    known = make_contact(cast.manager, "Ana Ruiz")
    known.emails.create(address="ana@example.com")
    text = "Full name,Email,Phone,Company\nAna Ruiz,ana@example.com,600 100 200,Kos\nAna Ruiz,other@example.com,600 100 300,Lis\n"
    made = tables.run(cast.admin, clock.now, {"contacts.csv": text})
    assert sheet_of(made, "contacts").asked >= 1
    tables.say_same(made, cast.admin, clock.now)
    assert sheet_of(made, "contacts").adds_up
    known.refresh_from_db()
    assert (known.phones.count(), str(known.company), known.owner) == (2, "Kos", cast.manager)


def test_companies_and_products_that_are_on_no_list_are_added_by_their_name(clock, cast):
    made = tables.run(
        cast.admin,
        clock.now,
        {"deals.csv": HEAD + "C1,,New Thing,Unheard Of Ltd,Prospecting,,,5\nC2,,New Thing,Unheard Of Ltd,Won,,,6\n"},
    )
    assert counts(made)["deals"] == (2, 2, 0, 0, 0)
    found = findings(sheet_of(made, "deals"))
    assert found["company_made", "Unheard Of Ltd"] == found["product_made", "New Thing"] == 1
    assert found["no_owner", ""] == 2
    later = tables.run(cast.admin, clock.now, {"companies.csv": "id,company,city\n77,Unheard of Ltd,Leeds\n"})
    assert counts(later)["companies"] == (1, 0, 1, 0, 0)
    assert (Company.objects.get().external_id, Company.objects.get().city) == ("77", "Leeds")


def test_two_deals_that_say_the_same_without_a_key_are_two_deals(clock, cast):
    text = "Deal,Company,Stage,Amount\nRenewal,Kos,Won,10\nRenewal,Kos,Won,10\n"
    assert counts(tables.run(cast.admin, clock.now, {"deals.csv": text}))["deals"] == (2, 2, 0, 0, 0)
    assert counts(tables.run(cast.admin, clock.now, {"deals.csv": text}))["deals"] == (2, 0, 0, 2, 0)


def test_a_company_cannot_be_part_of_itself(clock, cast):
    text = "company,industry,part of\nKos,IT,Kos\nLis,IT,Ryś\nRyś,IT,\n"
    made = tables.run(cast.admin, clock.now, {"companies.csv": text})
    assert problems(made) == [(2, "part of", "parent_itself")]
    assert str(Company.objects.get(name="Lis").parent) == "Ryś"


def test_a_sheet_that_is_left_out_counts_as_left_out(clock, cast):
    made = tables.run(
        cast.admin,
        clock.now,
        {"products.csv": tables.PRODUCTS, "rain.csv": "Date,Rain mm\n2026-01-01,3\n2026-01-02,0\n"},
    )
    rain = ImportSheet.objects.get(name="rain")
    assert (rain.kind, rain.rows_in, rain.left_out, rain.adds_up) == ("", 2, 2, True)
    assert ImportRow.objects.filter(sheet=rain).count() == 3
    assert made.status == "done"
