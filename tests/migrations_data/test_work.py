"""The work goes on after any crash, one worker at a time, and never doubles anything."""

import pytest
from django.db import connection, connections

from crm.models import Company, CustomField, Deal
from migrations_data import tasks
from migrations_data.loading import engine
from migrations_data.models import Import, ImportRow, ImportSheet, Status
from migrations_data.services import columns, imports, work
from migrations_data.services.columns import FieldMissing, NotNow, TwoColumns
from migrations_data.services.imports import NothingChosen, NotReady
from migrations_data.services.work import Busy
from migrations_data.understanding.guessing import NEW
from tests.migrations_data import tables
from tests.migrations_data.tables import counts, sheet_of

pytestmark = pytest.mark.django_db


class Died(BaseException):
    """The worker is gone: nothing of the program runs after it."""


@pytest.fixture
def ready(clock, cast):
    """An import about to run, in chunks of two rows."""
    made = tables.upload(cast.admin, clock.now, tables.ALL_FOUR)
    return imports.run(of=made, by=cast.admin, at=clock.now, background=False)


@pytest.mark.parametrize("after", [1, 2, 5, 7])
def test_a_run_is_taken_up_where_the_worker_died(ready, clock, cast, monkeypatch, after):
    monkeypatch.setattr(engine, "CHUNK", 2)
    whole, left = engine.judging.chunk, [after]

    def dies(*words):
        left[0] -= 1
        if left[0] < 0:
            raise Died
        return whole(*words)

    monkeypatch.setattr(engine.judging, "chunk", dies)
    with pytest.raises(Died):
        work.carry_on(import_id=ready.pk, at=clock.now)
    ready.refresh_from_db()
    assert ready.status == Status.RUNNING
    assert 0 < ready.rows_done < ready.rows_in
    monkeypatch.setattr(engine.judging, "chunk", whole)
    done = work.carry_on(import_id=ready.pk, at=clock.now)
    assert (done.status, done.rows_done) == (Status.DONE, done.rows_in)
    assert counts(done) == {
        "companies": (4, 4, 0, 0, 0),
        "products": (3, 3, 0, 0, 0),
        "deals": (6, 6, 0, 0, 0),
        "people": (5, 5, 0, 0, 0),
    }
    assert (Deal.objects.count(), Company.objects.count()) == (6, 4)
    assert sheet_of(done, "deals").sums[0]["loaded"] == f"{tables.WON_AND_LOST}"


def test_a_long_run_hands_itself_over(ready, clock, monkeypatch):
    monkeypatch.setattr(engine, "CHUNK", 2)
    half = work.carry_on(import_id=ready.pk, at=clock.now, seconds=-1)
    assert (half.status, half.rows_done) == (Status.RUNNING, 0)
    assert work.carry_on(import_id=ready.pk, at=clock.now).status == Status.DONE


def test_what_broke_off_says_so_and_can_go_on(ready, clock, cast, monkeypatch):
    monkeypatch.setattr(engine, "CHUNK", 2)
    whole = engine.LOADERS["deals"].add
    broken = engine.LOADERS["deals"].__class__(**{**vars(engine.LOADERS["deals"]), "add": lambda *words: 1 / 0})
    monkeypatch.setitem(engine.LOADERS, "deals", broken)
    with pytest.raises(ZeroDivisionError):
        work.carry_on(import_id=ready.pk, at=clock.now)
    ready.refresh_from_db()
    assert (ready.status, ready.error_code) == (Status.FAILED, "unexpected")
    monkeypatch.setitem(engine.LOADERS, "deals", broken.__class__(**{**vars(broken), "add": whole}))
    imports.run(of=ready, by=cast.admin, at=clock.now, background=False)
    assert work.carry_on(import_id=ready.pk, at=clock.now).status == Status.DONE
    assert Deal.objects.count() == 6


def test_only_one_worker_is_at_it(ready, clock):
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [work.ONE_AT_A_TIME])
        with pytest.raises(Busy):
            work.carry_on(import_id=ready.pk, at=clock.now)
        tasks.carry_on(import_id=ready.pk)
        assert Import.objects.get().status == Status.RUNNING
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [work.ONE_AT_A_TIME])
    finally:
        other.close()
    assert work.carry_on(import_id=ready.pk, at=clock.now).status == Status.DONE


def test_the_timetable_takes_up_what_was_lost(ready, clock, monkeypatch):
    asked = []
    monkeypatch.setattr(tasks.carry_on, "apply_async", lambda kwargs, retry: asked.append(kwargs))
    tasks.look_again()
    assert asked == [{"import_id": ready.pk}]
    tasks.carry_on(import_id=ready.pk)
    assert Import.objects.get().status == Status.DONE
    tasks.look_again()
    assert len(asked) == 1
    assert tasks.shown(ready.pk) == ready.rows_in


def test_a_broker_that_is_away_stops_nobody(ready, monkeypatch):
    def away(**words):
        raise OSError("no broker")

    monkeypatch.setattr(tasks.carry_on, "apply_async", away)
    tasks.nudge(ready.pk)


def test_columns_are_changed_before_the_run_only_and_must_make_sense(clock, cast):
    made = tables.upload(cast.admin, clock.now, {"accounts.csv": tables.ACCOUNTS, "products.csv": tables.PRODUCTS})
    accounts = sheet_of(made, "companies")
    with pytest.raises(TwoColumns):
        columns.set_columns(sheet=accounts, columns={1: {"field": "name"}}, by=cast.admin)
    accounts.refresh_from_db()
    with pytest.raises(FieldMissing):
        columns.set_columns(sheet=accounts, columns={0: {"field": ""}}, by=cast.admin)
    accounts.refresh_from_db()
    columns.set_columns(sheet=accounts, columns={3: {"unit": 1_000_000}, 1: {"field": "note"}}, by=cast.admin)
    products = columns.set_kind(sheet=sheet_of(made, "products"), kind="", by=cast.admin)
    assert (products.kind, products.left_out) == ("", 3)
    imports.preview(of=made, by=cast.admin, at=clock.now, background=False)
    with pytest.raises(NotNow):
        columns.set_kind(sheet=accounts, kind="contacts", by=cast.admin)
    work.carry_on(import_id=made.pk, at=clock.now)
    imports.run(of=made, by=cast.admin, at=clock.now, background=False)
    work.carry_on(import_id=made.pk, at=clock.now)
    birch = Company.objects.get(name="Birch Labs")
    assert (birch.revenue_minor, birch.note, birch.industry) == (110_004_000_000, "technolgy", "")
    sums = ImportSheet.objects.get(pk=accounts.pk).sums[0]
    assert sums["in"] == sums["loaded"].rstrip("0") or float(sums["in"]) == float(sums["loaded"])
    with pytest.raises(NotReady):
        imports.run(of=made, by=cast.admin, at=clock.now, background=False)


def test_an_import_of_nothing_is_refused_and_one_not_wanted_is_forgotten(clock, cast):
    made = tables.upload(cast.admin, clock.now, {"products.csv": tables.PRODUCTS})
    columns.set_kind(sheet=sheet_of(made, "products"), kind="", by=cast.admin)
    with pytest.raises(NothingChosen):
        imports.preview(of=made, by=cast.admin, at=clock.now, background=False)
    imports.give_up(of=made, by=cast.admin, at=clock.now)
    assert not Import.objects.exists()
    assert not connection.needs_rollback


def test_fields_that_a_forgotten_import_had_made_are_retired(clock, cast):
    made = tables.upload(cast.admin, clock.now, {"companies.csv": "id,company,city,Fleet\nK1,Kos,Leeds,Volvo\n"})
    sheet = sheet_of(made, "companies")
    columns.set_columns(sheet=sheet, columns={3: {"field": NEW}}, by=cast.admin)
    imports.preview(of=made, by=cast.admin, at=clock.now, background=False)
    assert CustomField.objects.get().is_active
    assert work.carry_on(import_id=made.pk, at=clock.now).status == Status.PREVIEWED
    imports.give_up(of=made, by=cast.admin, at=clock.now)
    assert not CustomField.objects.get().is_active


def test_another_header_row_reads_the_columns_anew(clock, cast):
    made = tables.upload(cast.admin, clock.now, {"products.csv": "Prices of spring,,\n" + tables.PRODUCTS})
    sheet = sheet_of(made, "products")
    assert (sheet.header_row, sheet.rows_in) == (2, 3)
    sheet = columns.set_kind(sheet=sheet, kind="products", header_row=3, by=cast.admin)
    assert [column["name"] for column in sheet.columns] == ["RX Basic", "RX", "550"]
    assert (sheet.rows_in, Import.objects.get().rows_in) == (2, 2)


def test_a_preview_stopped_within_a_chunk_leaves_no_row_for_done(clock, cast, monkeypatch):
    made = tables.upload(cast.admin, clock.now, {"products.csv": tables.PRODUCTS})
    imports.preview(of=made, by=cast.admin, at=clock.now, background=False)
    holds = engine.Pass._holds

    def stopped_and_run(self):
        imports.cancel(of=made, by=cast.admin, at=clock.now)
        imports.run(of=made, by=cast.admin, at=clock.now, background=False)
        return holds(self)

    monkeypatch.setattr(engine.Pass, "_holds", stopped_and_run)
    assert work.carry_on(import_id=made.pk, at=clock.now).status == Status.RUNNING
    assert set(ImportRow.objects.filter(sheet__file__of_import=made).values_list("outcome", flat=True)) == {""}


def test_a_run_stopped_before_its_first_row_goes_back_to_the_columns(ready, clock, cast):
    assert imports.cancel(of=ready, by=cast.admin, at=clock.now).status == Status.READ
    imports.run(of=ready, by=cast.admin, at=clock.now, background=False)
    assert work.carry_on(import_id=ready.pk, at=clock.now).status == Status.DONE
