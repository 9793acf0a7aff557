"""The report in the window's terms, its files, its mail, and closing."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import AccessEvent, EventKind
from crm.models import Company, Deal
from migrations_data.models import Import, Status
from migrations_data.reconciling.important import State, important
from migrations_data.services import closing, report
from migrations_data.understanding.ours import reasons
from notifications import rendering
from notifications.models import Delivery, Message
from tests.budgets import assert_budget, statements
from tests.migrations_data import tables
from tests.migrations_data.tables import counts

pytestmark = pytest.mark.django_db
BANNER = [["Lista klientów"], ["stan na 20.10.2025"]]
HEADER = ["id", "firma", "NIP", "przychod", "rok zalozenia"]
ROWS = [
    ["K1", "Alfa Sp. z o.o.", "", 1200.5, 1999],
    ["K2", "Beta S.A.", "", "duzo", 2001],
    ["K3", "Gamma", "", 20, 2010],
]
BOOK = {"Klienci": [*BANNER, HEADER, *ROWS]}


def url(name, *args):
    return reverse(f"migrations_data:{name}", args=args)


@pytest.fixture
def window(sign_in, cast):
    return sign_in(cast.admin)


@pytest.fixture
def made(clock, cast):
    return tables.run(cast.admin, clock.now, {"klienci.xlsx": tables.workbook(BOOK)})


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def lists_of(made):
    return important(made, list(made.files.get().sheets.exclude(kind="").select_related("file")))


def test_an_import_that_is_through_is_shown_by_its_report(window, clock, cast):
    made = tables.run(cast.admin, clock.now, tables.ALL_FOUR)
    assert window.get(url("import", made.pk)).url == url("import-report", made.pk)
    shown = window.get(url("import-report", made.pk)).content.decode()
    assert "Everything is in: all 18 rows, every sum and every client." in shown
    assert "Nobody was lost." in shown
    assert shown.count("Birch Labs") == 1
    assert "Ada North" not in window.get(url("import-report", made.pk), {"list": "vip"}).content.decode()


def test_one_that_has_not_run_is_shown_where_it_stands(window, clock, cast):
    read = tables.upload(cast.admin, clock.now, tables.ALL_FOUR)
    assert window.get(url("import-report", read.pk)).url == url("import", read.pk)


def test_the_report_names_who_is_missing_and_leads_to_the_rows(window, made):
    shown = window.get(url("import-report", made.pk)).content.decode()
    assert "1 client of your files is not safely in Daybook yet." in shown
    assert "Do not lose these" not in shown
    assert "Beta S.A." in shown
    assert url("import-returned", made.pk, made.files.get().pk) in shown
    assert "Everything is in" not in shown


def test_rejected_rows_come_back_in_the_layout_of_their_file(window, made):
    response = window.post(url("import-returned", made.pk, made.files.get().pk))
    assert response["Content-Disposition"].endswith('"klienci - to mend.xlsx"')
    page = load_workbook(io.BytesIO(body(response)))["Klienci"]
    rows = [[cell for cell in row if cell is not None] for row in page.iter_rows(values_only=True)]
    assert rows[:2] == BANNER
    assert rows[2] == [*HEADER, "Why it was not taken"]
    assert rows[3] == ["K2", "Beta S.A.", "duzo", 2001, "przychod: “duzo” is no number. Write digits only."]
    assert len(rows) == 4
    assert page["D4"].fill.fgColor.rgb == "FFFDE8E7"
    assert page["B4"].fill.fgColor.rgb != "FFFDE8E7"
    assert AccessEvent.objects.filter(kind=EventKind.EXPORTED, detail__import=made.pk).count() == 1


def test_mended_and_imported_again_everything_is_in_and_the_first_report_knows(window, made, clock, cast):
    assert report.lost(made) == ["Beta S.A."]
    book = load_workbook(io.BytesIO(body(window.post(url("import-returned", made.pk, made.files.get().pk)))))
    book["Klienci"]["D4"] = 800
    out = io.BytesIO()
    book.save(out)
    again = tables.run(cast.admin, clock.now, {"klienci - to mend.xlsx": out.getvalue()})
    assert counts(again) == {"companies": (1, 1, 0, 0, 0)}
    sheet = tables.sheet_of(again, "companies")
    assert [(column["name"], column["field"]) for column in sheet.columns if column["field"]] == [
        ("id", "key"), ("firma", "name"), ("NIP", "tax_number"), ("przychod", "revenue"), ("rok zalozenia", "founded"),
    ]  # fmt: skip
    assert all(column["name"] not in reasons() for column in sheet.columns)
    beta = Company.objects.get(external_id="K2")
    assert (beta.name, beta.revenue_minor, beta.founded) == ("Beta S.A.", 80_000, 2001)
    assert report.lost(made) == []
    assert "Beta S.A." not in window.get(url("import-report", made.pk), {"list": "vip"}).content.decode()
    whole = tables.run(cast.admin, clock.now, {"klienci.xlsx": tables.workbook(BOOK)})
    assert counts(whole)["companies"][1:3] == (0, 0)


def test_an_import_stays_open_while_an_important_client_is_missing(window, clock, cast):
    orders = "numer zamowienia,klient,wartosc,data utworzenia\nZ1,Alfa,100,20-10-2025\nZ2,Delta,duzo,21-10-2025\n"
    made = tables.run(cast.admin, clock.now, {"zamowienia.csv": orders})
    assert [(one.name, one.state) for one in lists_of(made).blocking()] == [("Delta", State.REJECTED)]
    with pytest.raises(closing.StillMissing) as refused:
        closing.close(of=made, by=cast.admin, at=clock.now)
    assert "“Delta”" in str(refused.value.message)
    response = window.post(url("import-close", made.pk))
    assert response.status_code == 422
    shown = response.content.decode()
    assert "The import stays open." in shown
    assert "Do not lose these" in shown
    assert url("import-returned", made.pk, made.files.get().pk) in shown
    made.refresh_from_db()
    assert made.closed_at is None
    tables.run(cast.admin, clock.now, {"zamowienia.csv": orders.replace("duzo", "50")})
    assert window.post(url("import-close", made.pk)).url == url("import-report", made.pk)
    made.refresh_from_db()
    assert (made.closed_at is not None, made.closed_by) == (True, cast.admin)
    assert "Closed by Adam Admin" in window.get(url("import-report", made.pk)).content.decode()
    later = closing.close(of=made, by=cast.admin, at=clock.now.replace(year=2030))
    assert later.closed_at == made.closed_at


def test_only_an_import_that_is_through_can_be_closed(window, clock, cast):
    read = tables.upload(cast.admin, clock.now, tables.ALL_FOUR)
    with pytest.raises(closing.NotThrough):
        closing.close(of=read, by=cast.admin, at=clock.now)
    window.post(url("import-close", read.pk))
    assert Import.objects.get(pk=read.pk).status == Status.READ


def test_the_workbook_of_the_report_has_a_sheet_for_each_question(window, made):
    book = load_workbook(io.BytesIO(body(window.post(url("import-report-excel", made.pk)))))
    assert book.sheetnames == [
        "Report", "Sheets", "Sums", "Important clients", "Not in Daybook", "Rows not taken", "Put right", "Columns",
    ]  # fmt: skip
    sheets = list(book["Sheets"].iter_rows(values_only=True))
    told = dict(zip(sheets[0], sheets[1], strict=True))
    assert (told["Rows kept"], told["Above the table"], told["Header"], told["Rows read"]) == (6, 2, 1, 3)
    assert (told["New"], told["Rejected"], told["Adds up"]) == (2, 1, "yes")
    assert list(book["Not in Daybook"].iter_rows(min_row=2, values_only=True)) == [
        ("Beta S.A.", "Rejected", "klienci.xlsx", "Klienci", 5)
    ]
    (row,) = book["Rows not taken"].iter_rows(min_row=2, values_only=True)
    assert row[2:5] == (5, "Rejected", "przychod")


def test_whoever_imports_is_told_in_his_language_when_it_is_through(clock, cast):
    cast.admin.language = "pl"
    cast.admin.save()
    made = tables.run(cast.admin, clock.now, {"klienci.xlsx": tables.workbook(BOOK)})
    message = Message.objects.get(recipient=cast.admin, kind="import_done")
    assert message.url == url("import-report", made.pk)
    assert (message.context["rejected"], message.context["missing"], message.context["lost"]) == (1, 1, ["Beta S.A."])
    letter = rendering.mail(Delivery.objects.select_related("message__recipient").get(message=message))
    html = letter.alternatives[0][0]
    assert "Beta S.A." in letter.body
    assert "Beta S.A." in html
    assert url("import-report", made.pk) in letter.body
    assert rendering.inbox(message)


def test_the_report_costs_the_same_whatever_the_rows(window, clock, cast):
    few = tables.run(cast.admin, clock.now, tables.ALL_FOUR)
    assert statements(window, url("import-report", few.pk)) <= 40
    extra = "".join(f"B{n},Ada North,RX Basic,Client {n},Won,20-10-2016,01-03-2017,{n}\n" for n in range(1, 60))
    statements(window, url("import-report", few.pk))
    before = statements(window, url("import-report", few.pk))
    many = tables.run(cast.admin, clock.now, tables.ALL_FOUR | {"sales_pipeline.csv": tables.PIPELINE + extra})
    assert Deal.objects.count() > 50
    assert statements(window, url("import-report", many.pk)) == before


def test_the_report_of_tables_costs_the_same_whatever_the_sheets_say(window, made, clock, cast):
    assert_budget(window, url("import-report", made.pk), 40, lambda: tables.run(cast.admin, clock.now, tables.ALL_FOUR))


def test_a_file_of_rejects_belongs_to_its_import(window, made, clock, cast):
    other = tables.upload(cast.admin, clock.now, {"klienci.xlsx": tables.workbook(BOOK)})
    assert window.post(url("import-returned", other.pk, made.files.get().pk)).status_code == 404
