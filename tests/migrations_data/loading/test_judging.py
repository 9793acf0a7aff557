"""What becomes of a row: columns that go over what is there or never, cells put right, changes told, rows that wait for a word."""

import random

import pytest
from django.db import connection

from crm.history.sql import WRITERS_LOCK
from crm.models import Company, Deal
from migrations_data.loading import engine
from migrations_data.models import COUNTS, Action, Answer, Import, ImportChange, ImportQuestion, ImportRow, Status
from migrations_data.services import answers, imports, work
from migrations_data.services.imports import NotReady, TakenAlready
from tests.factories.crm import make_company
from tests.migrations_data import tables
from tests.migrations_data.tables import sheet_of

pytestmark = pytest.mark.django_db
FIRST = "id,company,city,employees\nK1,Kos,Leeds,12\nK2,Lis,York,30\n"


def row_of(made, number):
    return ImportRow.objects.get(sheet__file__of_import=made, number=number)


def table_of(sheet):
    return {name: getattr(sheet, name) for name in COUNTS if getattr(sheet, name)}


@pytest.mark.parametrize(
    ("policy", "by_hand", "said", "becomes"),
    [
        ("fill", "Leeds", "Hull", "Hull"),  # the old table has changed its mind
        ("fill", "Bath", "Leeds", "Bath"),  # it says again what it said: what a person did stays
        ("fill", "", "", ""),
        ("fill", "Bath", "", "Bath"),  # an empty cell clears nothing
        ("over", "Bath", "Leeds", "Leeds"),
        ("over", "Bath", "", "Bath"),
        ("never", "Leeds", "Hull", "Leeds"),
        ("never", "", "Hull", ""),
    ],
)
def test_a_column_does_as_its_policy_says(clock, cast, policy, by_hand, said, becomes):
    tables.run(cast.admin, clock.now, {"companies.csv": FIRST})
    company = Company.objects.get(name="Kos")
    Company.objects.filter(pk=company.pk).update(city=by_hand)
    again = tables.upload(cast.admin, clock.now, {"companies.csv": FIRST.replace("Kos,Leeds", f"Kos,{said}")})
    sheet = sheet_of(again, "companies")
    for column in sheet.columns:
        column["policy"] = policy
    sheet.save()
    imports.run(of=again, by=cast.admin, at=clock.now, background=False)
    work.carry_on(import_id=again.pk, at=clock.now)
    company.refresh_from_db()
    assert company.city == becomes
    changed = row_of(again, 2).outcome
    assert changed == ("updated" if by_hand != becomes else "skipped")


def test_what_a_row_changes_is_told_before_and_kept_after(clock, cast):
    tables.run(cast.admin, clock.now, {"companies.csv": FIRST})
    newer = FIRST.replace("Kos,Leeds,12", "Kos,Hull,14")
    tried = tables.preview(cast.admin, clock.now, {"companies.csv": newer})
    assert row_of(tried, 2).changes == {"city": ["Leeds", "Hull"], "employees": ["12", "14"]}
    assert row_of(tried, 3).changes is None
    assert Company.objects.get(name="Kos").city == "Leeds"
    assert not ImportChange.objects.filter(of_import=tried).exists()
    imports.run(of=tried, by=cast.admin, at=clock.now, background=False)
    work.carry_on(import_id=tried.pk, at=clock.now)
    change = ImportChange.objects.get(of_import=tried, action=Action.CHANGED)
    assert change.record_id == Company.objects.get(name="Kos").pk
    assert (change.before["city"], change.after["city"]) == ("Leeds", "Hull")


def test_what_was_there_of_a_client_whom_he_may_not_see_stays_untold(clock, cast):
    tables.run(cast.admin, clock.now, {"companies.csv": FIRST})
    ImportRow.objects.update(outcome="skipped")  # somebody else had added them
    newer = FIRST.replace("Kos,Leeds,12", "Kos,Hull,14")
    told = row_of(tables.preview(cast.admin, clock.now, {"companies.csv": newer}), 2)
    assert (told.outcome, told.changes) == ("updated", {"city": ["…", "Hull"], "employees": ["…", "14"]})
    other = tables.preview(cast.admin, clock.now, {"companies.csv": FIRST.replace("Kos,Leeds", "Oak Roofing,Hull")})
    assert (row_of(other, 2).code, row_of(other, 2).detail) == ("key_of_another", "…")


def test_a_cell_is_put_right_and_its_row_judged_again(clock, cast):
    wrong = FIRST.replace("Leeds,12", "Leeds,many").replace("York,30", "York,31")
    made = tables.preview(cast.admin, clock.now, {"companies.csv": wrong})
    assert table_of(sheet_of(made, "companies")) == {"created": 1, "rejected": 1}
    row = row_of(made, 2)
    place = next(c["index"] for c in sheet_of(made, "companies").columns if c["name"] == "employees")
    imports.correct(row=row, cells={place: "15"}, by=cast.admin, at=clock.now)
    row.refresh_from_db()
    assert (row.outcome, row.cells[place], row.fixes) == ("created", "many", {str(place): "15"})
    sheet = sheet_of(made, "companies")
    assert table_of(sheet) == {"created": 2}
    assert sheet.sums[0] == {"column": "employees", "in": "46", "loaded": "46", "rejected": "0"}
    assert not Company.objects.exists()
    imports.correct(row=row, cells={place: "many"}, by=cast.admin, at=clock.now)
    row.refresh_from_db()
    assert (row.outcome, row.fixes) == ("rejected", None)


def test_a_rejected_row_of_a_finished_import_comes_in_once_it_is_put_right(clock, cast):
    made = tables.run(cast.admin, clock.now, {"companies.csv": FIRST.replace("Leeds,12", "Leeds,many")})
    assert Company.objects.count() == 1
    imports.correct(row=row_of(made, 2), cells={3: "15"}, by=cast.admin, at=clock.now)
    assert Company.objects.get(name="Kos").employees == 15
    sheet = sheet_of(made, "companies")
    assert (table_of(sheet), sheet.adds_up) == ({"created": 2}, True)
    with pytest.raises(TakenAlready):
        imports.correct(row=row_of(made, 2), cells={3: "16"}, by=cast.admin, at=clock.now)


def test_what_names_somebody_undecided_waits_and_comes_in_with_the_answer(clock, cast):
    make_company(cast.manager, "Birch Labs", city="Leeds")
    made = tables.run(cast.admin, clock.now, tables.ALL_FOUR)
    waits = ImportRow.objects.filter(sheet=sheet_of(made, "deals"), outcome="asked")
    assert {row.code for row in waits} == {"waits_for"}
    question = ImportQuestion.objects.get(of_import=made)
    answers.answer(of=made, pks=[question.pk], answer=Answer.OTHER, by=cast.admin, at=clock.now, background=False)
    assert Company.objects.filter(name="Birch Labs").count() == 2
    assert Deal.objects.count() == 6
    assert all(sheet_of(made, kind).adds_up for kind in ("companies", "deals"))
    assert Import.objects.get(pk=made.pk).rows_done == made.rows_in


def test_a_preview_holds_nobody_up(clock, cast, monkeypatch):
    monkeypatch.setattr(engine, "CHUNK", 2)
    made = tables.upload(cast.admin, clock.now, tables.ALL_FOUR)
    imports.preview(of=made, by=cast.admin, at=clock.now, background=False)
    held, seen = [], []

    def look(done):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND pid = pg_backend_pid()",
                [WRITERS_LOCK],
            )
            held.append(cursor.fetchone()[0])
        seen.append(ImportRow.objects.exclude(outcome="").count())

    work.carry_on(import_id=made.pk, at=clock.now, progress=look)
    assert set(held) == {0}
    assert seen == sorted(set(seen))  # every chunk's verdicts are there at once
    assert not Company.objects.exists()
    assert Import.objects.get(pk=made.pk).status == Status.PREVIEWED


def test_a_run_that_was_stopped_goes_on_where_it_stood(clock, cast, monkeypatch):
    monkeypatch.setattr(engine, "CHUNK", 2)
    made = tables.upload(cast.admin, clock.now, tables.ALL_FOUR)
    imports.run(of=made, by=cast.admin, at=clock.now, background=False)

    def stop(done):
        if done >= 9:
            imports.cancel(of=made, by=cast.admin, at=clock.now)

    stopped = work.carry_on(import_id=made.pk, at=clock.now, progress=stop)
    assert stopped.status == Status.CANCELLED
    assert 9 <= stopped.rows_done < made.rows_in
    with pytest.raises(NotReady):
        imports.cancel(of=made, by=cast.admin, at=clock.now)
    imports.run(of=made, by=cast.admin, at=clock.now, background=False)
    done = work.carry_on(import_id=made.pk, at=clock.now)
    assert (done.status, done.rows_done, Deal.objects.count()) == (Status.DONE, made.rows_in, 6)


def test_a_preview_that_was_stopped_leads_back_to_the_columns(clock, cast, monkeypatch):
    monkeypatch.setattr(engine, "CHUNK", 2)
    made = tables.upload(cast.admin, clock.now, tables.ALL_FOUR)
    imports.preview(of=made, by=cast.admin, at=clock.now, background=False)
    stop = lambda done: imports.cancel(of=made, by=cast.admin, at=clock.now)  # noqa: E731
    assert work.carry_on(import_id=made.pk, at=clock.now, progress=stop).status == Status.READ


class Died(BaseException):
    """The worker is gone."""


@pytest.mark.parametrize("seed", range(4))
def test_whenever_the_worker_dies_nothing_is_doubled_or_lost(clock, cast, monkeypatch, seed):
    monkeypatch.setattr(engine, "CHUNK", 2)
    chance = random.Random(seed)
    made = tables.upload(cast.admin, clock.now, tables.ALL_FOUR)
    imports.run(of=made, by=cast.admin, at=clock.now, background=False)
    whole, deaths = engine.recording.verdicts, 0

    def dies(said, *, kept):
        if chance.random() < 0.4:
            raise Died
        whole(said, kept=kept)

    monkeypatch.setattr(engine.recording, "verdicts", dies)
    while Import.objects.get(pk=made.pk).status == Status.RUNNING:
        try:
            work.carry_on(import_id=made.pk, at=clock.now)
        except Died:
            deaths += 1
    assert deaths
    assert (Company.objects.count(), Deal.objects.count()) == (4, 6)
    for kind in ("companies", "products", "deals", "people"):
        sheet = sheet_of(made, kind)
        assert table_of(sheet) == {"created": sheet.rows_in}
    assert float(sheet_of(made, "deals").sums[0]["loaded"]) == tables.WON_AND_LOST


@pytest.mark.parametrize("kind", ["same", "other tax number"])
def test_rows_that_share_a_tax_number_become_one_or_are_told_apart_by_name(clock, cast, kind):
    name = "Kos" if kind == "same" else "Ryś Trading"
    text = f"id,company,tax number,country,city\nK1,Kos Sp. z o.o.,5261040828,Poland,\nK2,{name},526-104-08-28,Poland,Leeds\n"
    tried = tables.preview(cast.admin, clock.now, {"companies.csv": text})
    made = tables.run(cast.admin, clock.now, {"companies.csv": text})
    assert table_of(sheet_of(tried, "companies")) == table_of(sheet_of(made, "companies"))
    if kind == "same":
        assert table_of(sheet_of(made, "companies")) == {"created": 1, "merged": 1}
        assert Company.objects.get().city == "Leeds"
    else:
        assert not sheet_of(made, "companies").merged
