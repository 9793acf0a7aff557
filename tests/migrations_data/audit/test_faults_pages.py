"""The pages of an audit: who sees what of it, the way to each record, tasks in one go, the file."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AccessEvent, EventKind
from crm.models import Grant, MassAssignment, Task
from crm.services import tasks
from migrations_data.audit import FAULTS
from migrations_data.models import AuditLine, Import, ImportFile, ImportRow, ImportSheet, Status
from migrations_data.services import audit
from tests.budgets import assert_budget, statements
from tests.factories.crm import make_company, make_contact, make_deal

pytestmark = pytest.mark.django_db
DEAD, LATE = FAULTS["dead_phones"], FAULTS["late_close"]


def url(name, *args):
    return reverse(f"migrations_data:{name}", args=args)


@pytest.fixture
def of(cast, clock):
    made = Import.objects.create(created_by=cast.admin, created_at=clock.now, status=Status.DONE, rows_in=9)
    file = ImportFile.objects.create(of_import=made, name="old.xlsx", content="old.xlsx", size=1, sha256="0" * 64)
    ImportSheet.objects.create(file=file, name="Clients", kind="companies", header_row=1)
    return made


def put(of, record, code="dead_phones", **detail):
    """A fault of a record, in the next row of the sheet."""
    sheet = ImportSheet.objects.get(file__of_import=of)
    row = ImportRow.objects.create(sheet=sheet, number=sheet.rows.count() + 2, cells=[])
    detail = {"column": "Phone", "value": "12 34", "day": "2026-01-31", **detail}
    return AuditLine.objects.create(
        of_import=of, code=code, record_type=record._meta.model_name, record_id=record.pk, row=row, detail=detail
    )


def take_access(user):
    now = timezone.now()
    Grant.objects.create(
        user=user, reason="The import", starts_at=now - timedelta(hours=1), ends_at=now + timedelta(hours=1)
    )


@pytest.fixture
def window(sign_in, cast):
    take_access(cast.admin)
    return sign_in(cast.admin)


def give(of, cast, clock, **more):
    due = clock.now.date() + timedelta(days=7)
    return audit.give(of=of, fault=DEAD, title="Correct the number", due=due, by=cast.admin, at=clock.now, **more)


def test_the_classes_stand_with_their_counts_the_worst_first(window, of, cast):
    for n in range(3):
        put(of, make_deal(cast.manager, f"Hull {n}"), "late_close")
    put(of, make_company(cast.manager, "Elbe"))
    shown = window.get(url("import-faults", of.pk))
    text = shown.content.decode()
    assert text.index(str(DEAD.label)) < text.index(str(LATE.label))
    assert [(one.fault.code, one.count) for group in shown.context["groups"] for one in group["listed"]] == [
        ("dead_phones", 1), ("late_close", 3),
    ]  # fmt: skip
    assert shown.context["concerned"] == 4


def test_a_class_opens_its_records_with_sheet_and_row(window, of, cast):
    company, contact = make_company(cast.manager, "Elbe"), make_contact(cast.teammate, "Olga Bak")
    put(of, company)
    put(of, contact, value="=1+1")
    text = window.get(url("import-fault", of.pk, "dead_phones")).content.decode()
    assert reverse("crm:company", args=[company.pk]) in text
    assert reverse("crm:contact", args=[contact.pk]) in text
    assert "Phone: 12 34" in text
    assert "Clients, row 3" in text
    assert "Tomasz Teammate" in text


def test_a_coordinator_without_access_is_told_nothing_and_how_to_get_it(sign_in, of, cast):
    put(of, make_company(cast.manager, "Elbe Pharma"))
    client = sign_in(cast.admin)
    for address in (url("import-faults", of.pk), url("import-fault", of.pk, "dead_phones")):
        text = client.get(address).content.decode()
        assert "Take access" in text
        assert "Elbe Pharma" not in text
    assert (
        "1" not in client.get(url("import-faults", of.pk)).content.decode().partition("<main")[2].partition("Excel")[2]
    )


def test_deleted_records_are_neither_listed_nor_counted(window, of, cast, clock):
    company = make_company(cast.manager, "Elbe")
    put(of, company)
    company.deleted_at = clock.now
    company.save()
    shown = window.get(url("import-faults", of.pk))
    assert shown.context["groups"] == []
    assert "Nothing was wrong." in shown.content.decode()


def test_an_import_that_is_not_through_has_no_faults_yet(window, of):
    Import.objects.update(status=Status.UNDONE)
    assert window.get(url("import-faults", of.pk)).status_code == 404
    Import.objects.update(status=Status.DONE)
    assert window.get(url("import-fault", of.pk, "no_such_class")).status_code == 404


def test_the_owner_of_the_company_reads_and_gives_nothing(sign_in, of, cast):
    put(of, make_company(cast.manager, "Elbe"))
    client = sign_in(cast.owner)
    assert "Make tasks of it" not in client.get(url("import-fault", of.pk, "dead_phones")).content.decode()
    assert client.get(url("import-fault-tasks", of.pk, "dead_phones")).status_code == 404


def test_a_class_becomes_tasks_in_one_click(window, of, cast):
    company, contact = make_company(cast.manager, "Elbe"), make_contact(cast.teammate, "Olga Bak")
    deal = make_deal(cast.manager, "Hull", company=company)
    for record in (company, contact, deal):
        put(of, record)
    address = url("import-fault-tasks", of.pk, "dead_phones")
    asked = window.get(address, HTTP_HX_REQUEST="true")
    assert [(share.owner, share.count) for share in asked.context["shares"]] == [(cast.manager, 2), (cast.teammate, 1)]
    assert str(DEAD.act) in asked.content.decode()
    form = asked.context["form"]
    sent = {name: form[name].value() for name in ("title", "kind", "note", "key")}
    sent["due"] = (timezone.localdate() + timedelta(days=7)).isoformat()
    answer = window.post(address, sent, HTTP_HX_REQUEST="true")
    assert answer["HX-Redirect"] == url("import-fault", of.pk, "dead_phones")
    window.post(address, sent, HTTP_HX_REQUEST="true")
    made = Task.objects.order_by("pk")
    assert [(task.owner, task.company, task.contact, task.deal) for task in made] == [
        (cast.manager, company, None, None), (cast.teammate, None, contact, None), (cast.manager, company, None, deal),
    ]  # fmt: skip
    assert made[0].note.startswith("Phone: 12 34 (old.xlsx, Clients, row 2)")
    shown = window.get(url("import-fault", of.pk, "dead_phones")).content.decode()
    assert "3 given, 0 done" in shown
    assert "Make tasks of it" not in shown
    assert window.get(reverse("crm:assignment", args=[MassAssignment.objects.get().pk])).status_code == 200


def test_what_was_given_is_not_given_again_and_says_how_far_it_is(window, of, cast, clock):
    for name in ("Elbe", "Oder"):
        put(of, make_company(cast.manager, name))
    give(of, cast, clock)
    tasks.done(task=Task.objects.first(), by=cast.manager, at=clock.now)
    put(of, make_company(cast.teammate, "Vistula"))
    give(of, cast, clock, key="second")
    assert Task.objects.count() == 3
    with pytest.raises(audit.NobodyToDo):
        give(of, cast, clock, key="third")
    shown = window.get(url("import-fault", of.pk, "dead_phones"))
    assert shown.context["page"].people == [
        {"whose": "Anna Manager", "all": 2, "done": 1, "left": 1}, {"whose": "Tomasz Teammate", "all": 1, "done": 0, "left": 1},
    ]  # fmt: skip
    assert "3 given, 1 done" in window.get(url("import-faults", of.pk)).content.decode()


def test_an_audit_taken_again_keeps_what_was_given(window, of, cast, clock):
    kept = put(of, make_company(cast.manager, "Elbe"))
    give(of, cast, clock)
    audit.take(of=of, at=clock.now)
    assert AuditLine.objects.get(code="dead_phones").pk == kept.pk


def test_clients_of_who_keeps_none_are_shown_and_get_nothing(window, of, cast):
    put(of, make_company(cast.admin, "Elbe"))
    address = url("import-fault-tasks", of.pk, "dead_phones")
    assert "keeps no clients" in window.get(address, HTTP_HX_REQUEST="true").content.decode()
    due = (timezone.localdate() + timedelta(days=7)).isoformat()
    refused = window.post(address, {"title": "Correct it", "kind": "todo", "due": due}, HTTP_HX_REQUEST="true")
    assert refused.status_code == 422
    assert "Give the clients to your managers first" in refused.content.decode()
    assert not Task.objects.exists()


def test_statements_of_giving_do_not_grow_with_the_records(window, of, cast, clock):
    put(of, make_company(cast.manager, "First"))
    with CaptureQueriesContext(connection) as one:
        give(of, cast, clock)
    for n in range(20):
        put(of, make_company(cast.manager, f"Client {n}"))
    with CaptureQueriesContext(connection) as many:
        give(of, cast, clock, key="second")
    assert Task.objects.count() == 21
    assert len(many) <= len(one) + 1


def test_everything_goes_into_a_workbook(window, of, cast):
    put(of, make_company(cast.manager, "=cmd|x"), value="12 34")
    answer = window.post(url("import-faults-file", of.pk))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    rows = [[cell.value for cell in row] for row in book.active.rows]
    assert rows[1][0] == str(DEAD.label)
    assert rows[1][2:] == ["=cmd|x", "Phone: 12 34", "Anna Manager", "old.xlsx", "Clients", 2, None]
    assert book.active.cell(2, 3).data_type == "s"
    assert AccessEvent.objects.get(kind=EventKind.EXPORTED).detail["part"] == "faults"


def test_long_classes_come_page_by_page(window, of, cast):
    for n in range(51):
        put(of, make_company(cast.manager, f"Client {n:02}"))
    first = window.get(url("import-fault", of.pk, "dead_phones"))
    assert len(first.context["page"].lines) == 50
    second = window.get(first.context["page"].next)
    assert [one.name for one in second.context["page"].lines] == ["Client 50"]
    assert second.context["page"].next == ""


def test_the_pages_cost_the_same_with_many_faults(window, of, cast):
    put(of, make_company(cast.manager, "First"))
    put(of, make_deal(cast.manager, "Hull"), "late_close")

    def more():
        for n in range(30):
            put(of, make_company(cast.manager, f"Client {n}"))
            put(of, make_deal(cast.manager, f"Hull {n}"), "late_close")

    assert_budget(window, url("import-faults", of.pk), 12, more)
    few = statements(window, url("import-fault", of.pk, "dead_phones"))
    more()
    assert statements(window, url("import-fault", of.pk, "dead_phones")) == few <= 16
