"""The wizard in the window's terms: what each step shows and takes."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from crm.models import Company, Deal
from migrations_data.models import Import, ImportRow, ImportSheet, Status
from migrations_data.services import imports, work
from tests.budgets import assert_budget, statements
from tests.migrations_data import tables
from tests.migrations_data.tables import sheet_of

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"migrations_data:{name}", args=args)


@pytest.fixture
def window(sign_in, cast):
    return sign_in(cast.admin)


@pytest.fixture
def read(clock, cast):
    return tables.upload(cast.admin, clock.now, tables.ALL_FOUR)


def as_posted(response):
    """The choices of the page of columns as a window sends them."""
    form = response.context["form"]
    return {name: form[name].value() or "" for name in form.fields}


def test_files_go_up_together_and_are_read_in_the_background(
    window, clock, django_capture_on_commit_callbacks, monkeypatch
):
    from migrations_data import tasks

    asked = []
    monkeypatch.setattr(tasks.carry_on, "apply_async", lambda kwargs, retry: asked.append(kwargs["import_id"]))
    files = [SimpleUploadedFile(name, text.encode()) for name, text in tables.ALL_FOUR.items()]
    with django_capture_on_commit_callbacks(execute=True):
        response = window.post(url("import-new"), {"uploads": files, "currency": "usd"})
    made = Import.objects.get()
    assert response.url == url("import", made.pk)
    assert (made.status, made.currency, made.files.count(), asked) == (Status.UPLOADED, "USD", 4, [made.pk])
    assert "Being read" in window.get(response.url).content.decode()
    tasks.carry_on(import_id=made.pk)
    assert window.get(url("import-progress", made.pk))["HX-Redirect"] == url("import", made.pk)
    assert window.get(url("import", made.pk)).url == url("import-columns", made.pk)


def test_an_upload_without_files_says_what_to_do(window, clock):
    response = window.post(url("import-new"), {})
    assert response.status_code == 422
    assert "Choose the files with your tables first." in response.content.decode()


def test_the_columns_can_be_corrected_and_lead_to_a_preview(window, read, clock):
    page = window.get(url("import-columns", read.pk))
    sheet = sheet_of(read, "companies")
    sent = as_posted(page) | {f"unit-{sheet.pk}-3": "1000000", f"field-{sheet.pk}-1": "note"}
    assert window.post(url("import-columns", read.pk), sent).url == url("import", read.pk)
    work.carry_on(import_id=read.pk, at=clock.now)
    shown = window.get(url("import", read.pk)).content.decode()
    assert "Nothing has been kept yet." in shown
    assert "“RXPro” is “RX Pro” in the list of products" in shown
    assert not Deal.objects.exists()
    rows = window.get(url("import-rows", sheet_of(read, "deals").pk), {"outcome": "created"}, HTTP_HX_REQUEST="true")
    assert "RXPro" in rows.content.decode()
    assert window.post(url("import-run", read.pk)).url == url("import", read.pk)
    work.carry_on(import_id=read.pk, at=clock.now)
    assert window.get(url("import", read.pk)).url == url("import-report", read.pk)
    assert Company.objects.get(name="Birch Labs").revenue_minor == 110_004_000_000
    report = window.get(url("import-report-data", read.pk)).json()
    assert (report["ok"], report["import_id"]) == (True, read.pk)


def test_a_choice_that_makes_no_sense_comes_back_with_the_reason(window, read):
    sheet = sheet_of(read, "companies")
    sent = as_posted(window.get(url("import-columns", read.pk)))
    response = window.post(url("import-columns", read.pk), sent | {f"field-{sheet.pk}-1": "name"})
    assert response.status_code == 422
    assert "two columns fill “Name”. Choose one." in response.content.decode()
    assert Import.objects.get().status == Status.READ


def test_a_sheet_can_be_about_something_else(window, read):
    sheet = sheet_of(read, "people")
    answer = window.post(url("import-sheet", sheet.pk), {"kind": "contacts", "header_row": 1}, HTTP_HX_REQUEST="true")
    assert answer.status_code == 200
    sheet.refresh_from_db()
    assert sheet.kind == "contacts"
    left = window.post(url("import-sheet", sheet.pk), {"kind": "", "header_row": 1}, HTTP_HX_REQUEST="true")
    assert "This sheet is left out." in left.content.decode()
    wrong = window.post(url("import-sheet", sheet.pk), {"kind": "contacts", "header_row": "x"}, HTTP_HX_REQUEST="true")
    assert wrong.status_code == 422


def test_rejected_rows_are_shown_with_their_reason_page_by_page(window, clock, cast):
    lines = "".join(f"B{n},Ada North,RX Pro,Birch Labs,Won,20-10-2016,01-03-2017,much\n" for n in range(50))
    lines += "".join(f"G{n},Ada North,RX Pro,Birch Labs,Won,20-10-2016,01-03-2017,{n}\n" for n in range(60))
    head = tables.PIPELINE.partition("\n")[0] + "\n"
    made = tables.run(cast.admin, clock.now, tables.ALL_FOUR | {"sales_pipeline.csv": head + lines})
    first = window.get(url("import-rows", sheet_of(made, "deals").pk), {"outcome": "rejected"}).content.decode()
    assert "“much” is no number. Write digits only." in first
    assert "after=21" in first
    last = window.get(
        url("import-rows", sheet_of(made, "deals").pk), {"outcome": "rejected", "after": 41}, HTTP_HX_REQUEST="true"
    ).content.decode()
    assert "after=" not in last


def test_a_cell_is_put_right_where_it_stands(window, clock, cast):
    wrong = tables.PIPELINE.replace(",1054\n", ",much\n")
    made = tables.preview(cast.admin, clock.now, tables.ALL_FOUR | {"sales_pipeline.csv": wrong})
    row = ImportRow.objects.get(sheet=sheet_of(made, "deals"), outcome="rejected")
    assert "Put them right here" in window.get(url("import", made.pk)).content.decode()
    form = window.get(url("import-row", row.pk), HTTP_HX_REQUEST="true").content.decode()
    assert 'name="cell-7" value="much"' in form
    again = window.post(url("import-row", row.pk), {"cell-7": "a lot"}, HTTP_HX_REQUEST="true").content.decode()
    assert "“a lot” is no number." in again
    done = window.post(url("import-row", row.pk), {"cell-7": "1054"}, HTTP_HX_REQUEST="true").content.decode()
    assert "new" in done
    assert "<del>much</del>" in done
    row.refresh_from_db()
    assert (row.outcome, row.cells[7]) == ("created", "much")
    without_scripts = window.post(url("import-row", row.pk), {"cell-7": "1055"})
    assert without_scripts.url.startswith(url("import-rows", row.sheet_id))
    back = window.get(url("import-row", row.pk) + "?back", HTTP_HX_REQUEST="true").content.decode()
    assert f'id="row-{row.pk}"' in back


def test_what_a_row_changes_is_shown_field_by_field(window, clock, cast):
    tables.run(cast.admin, clock.now, {"companies.csv": "id,company,city\nK1,Kos,Leeds\n"})
    made = tables.preview(cast.admin, clock.now, {"companies.csv": "id,company,city\nK1,Kos,Hull\n"})
    shown = window.get(url("import-rows", sheet_of(made, "companies").pk), {"outcome": "updated"}).content.decode()
    assert "<del>Leeds</del>" in shown
    assert "<ins>Hull</ins>" in shown


def test_the_first_rows_are_there_while_the_rest_is_checked_and_the_work_can_be_stopped(window, read, cast, clock):
    imports.preview(of=read, by=cast.admin, at=clock.now, background=False)
    page = window.get(url("import", read.pk)).content.decode()
    first = ImportSheet.objects.filter(file__of_import=read).order_by("file__position").first()
    asked = url("import-rows", first.pk)
    assert f"{asked}?judged=1" in page
    assert window.get(asked, {"judged": "1"}, HTTP_HX_REQUEST="true").status_code == 204
    ImportRow.objects.filter(sheet=first, number=2).update(outcome="created")
    Import.objects.filter(pk=read.pk).update(rows_done=9, seconds=3)
    shown = window.get(asked, {"judged": "1"}, HTTP_HX_REQUEST="true").content.decode()
    assert (shown.count("<tr id="), "new" in shown) == (1, True)
    progress = window.get(url("import-progress", read.pk)).content.decode()
    assert "left</span>" in progress
    assert "rows a second" in progress
    assert window.post(url("import-cancel", read.pk)).url == url("import", read.pk)
    assert Import.objects.get().status == Status.READ
    assert window.post(url("import-cancel", read.pk)).status_code == 302
    imports.run(of=read, by=cast.admin, at=clock.now, background=False)
    Import.objects.filter(pk=read.pk).update(rows_done=1)
    window.post(url("import-cancel", read.pk))
    assert "You stopped the import." in window.get(url("import", read.pk)).content.decode()


def test_records_are_linked_for_whoever_may_open_them(window, clock, cast, client):
    made = tables.run(cast.admin, clock.now, tables.ALL_FOUR)
    rows = url("import-rows", sheet_of(made, "deals").pk)
    deal = reverse("crm:deal", args=[Deal.objects.get(external_id="A1").pk])
    assert deal not in window.get(rows).content.decode()
    client.force_login(cast.owner)
    assert deal in client.get(rows).content.decode()
    assert client.post(url("import-run", made.pk)).status_code == 404
    assert client.get(url("import-new")).status_code == 404
    assert client.get(url("import-list")).status_code == 200


@pytest.mark.parametrize("role", ["manager", "head"])
def test_nobody_else_sees_an_import(clock, cast, client, role):
    made = tables.upload(cast.admin, clock.now, {"products.csv": tables.PRODUCTS})
    client.force_login(getattr(cast, role))
    for address in (
        url("import-list"),
        url("import", made.pk),
        url("import-rows", ImportSheet.objects.get().pk),
        url("import-report", made.pk),
    ):
        assert client.get(address).status_code == 404


def test_another_coordinator_sees_it_under_a_grant_only(clock, cast, client):
    from datetime import timedelta

    from django.utils import timezone

    from crm.models import Grant
    from tests.factories.people import make_user

    made = tables.upload(cast.admin, clock.now, {"products.csv": tables.PRODUCTS})
    other = make_user("Second Admin", "admin")
    client.force_login(other)
    assert client.get(url("import", made.pk)).status_code == 404
    now = timezone.now()
    Grant.objects.create(
        user=other, reason="Handover", starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1)
    )
    assert client.get(url("import", made.pk)).status_code == 200
    assert client.post(url("import-give-up", made.pk)).status_code == 404


def test_an_import_not_wanted_is_forgotten(window, read):
    assert window.post(url("import-give-up", read.pk)).url == url("import-list")
    assert not Import.objects.exists()


def test_what_could_not_be_read_says_why(window, clock, cast):
    made = tables.upload(cast.admin, clock.now, {"page.xlsx": b"<html>"})
    shown = window.get(url("import", made.pk)).content.decode()
    assert "page.xlsx: This is a web page" in shown


def test_the_pages_cost_the_same_with_many_rows(window, clock, cast):
    made = tables.preview(cast.admin, clock.now, tables.ALL_FOUR)
    few = statements(window, url("import-rows", sheet_of(made, "deals").pk), HTTP_HX_REQUEST="true")
    many_lines = "".join(f"M{n},Ada North,RX Pro,Birch Labs,Won,20-10-2016,01-03-2017,1\n" for n in range(60))
    many = tables.preview(cast.admin, clock.now, tables.ALL_FOUR | {"sales_pipeline.csv": tables.PIPELINE + many_lines})
    assert statements(window, url("import-rows", sheet_of(many, "deals").pk), HTTP_HX_REQUEST="true") == few <= 4
    assert statements(window, url("import", made.pk)) == statements(window, url("import", many.pk)) <= 12

    def more():
        for _n in range(20):
            tables.upload(cast.admin, clock.now, {"products.csv": tables.PRODUCTS})

    assert_budget(window, url("import-list"), 8, more)
    assert imports.MOST_FILES == 20
