"""An undo taken up after a crash or a cancel, and one import at a time."""

import pytest

from crm.models import Company
from crm.services import undoing
from migrations_data import tasks
from migrations_data.loading import engine
from migrations_data.models import Import, ImportRow, Status
from migrations_data.services import imports, undo, work
from migrations_data.services.imports import NotReady
from migrations_data.undoing import made as made_by
from tests.migrations_data import tables

pytestmark = pytest.mark.django_db
NAMES = ("Abbey", "Bolton", "Cobalt", "Dorset", "Elgin", "Fjord", "Garnet")
TABLE = {"companies.csv": "id,company,city\n" + "".join(f"{n},{name},Leeds\n" for n, name in enumerate(NAMES))}


class Died(BaseException):
    """The worker is gone: nothing of the program runs after it."""


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(engine, "CHUNK", 2)
    monkeypatch.setattr(made_by, "CHUNK", 2)


def live():
    return Company.objects.live().count()


@pytest.mark.parametrize("after", [0, 1, 3])
def test_an_undo_is_taken_up_where_the_worker_died(small, clock, cast, monkeypatch, after):
    made = tables.run(cast.admin, clock.now, TABLE)
    undo.ask(of=made, by=cast.admin, at=clock.now, background=False)
    whole, left = undoing.take_out, [after]

    def dies(**words):
        left[0] -= 1
        if left[0] < 0:
            raise Died
        return whole(**words)

    monkeypatch.setattr(undoing, "take_out", dies)
    with pytest.raises(Died):
        work.carry_on(import_id=made.pk, at=clock.now)
    assert Import.objects.get().status == Status.UNDOING
    assert live() == 7 - 2 * after == made_by.rows(made).count()
    monkeypatch.setattr(undoing, "take_out", whole)
    assert work.carry_on(import_id=made.pk, at=clock.now).status == Status.UNDONE
    assert live() == 0


def test_a_half_undone_import_is_undone_further_and_never_run_on(small, clock, cast, monkeypatch):
    made = tables.run(cast.admin, clock.now, TABLE)
    undo.ask(of=made, by=cast.admin, at=clock.now, background=False)
    monkeypatch.setattr(undoing, "take_out", lambda **words: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        work.carry_on(import_id=made.pk, at=clock.now)
    monkeypatch.undo()
    made.refresh_from_db()
    assert made.status == Status.FAILED
    with pytest.raises(NotReady):
        imports.run(of=made, by=cast.admin, at=clock.now, background=False)
    undo.ask(of=made, by=cast.admin, at=clock.now, background=False)
    assert work.carry_on(import_id=made.pk, at=clock.now).status == Status.UNDONE
    assert live() == 0


def test_a_long_undo_hands_itself_over(small, clock, cast):
    made = tables.run(cast.admin, clock.now, TABLE)
    undo.ask(of=made, by=cast.admin, at=clock.now, background=False)
    seen = []
    while work.carry_on(import_id=made.pk, at=clock.now, seconds=-1).status == Status.UNDOING:
        seen.append(live())
    assert seen[:3] == [5, 3, 1]
    assert Import.objects.get().status == Status.UNDONE


def stopped_half_way(cast, clock):
    """A run that somebody cancels after two chunks."""
    of = tables.upload(cast.admin, clock.now, TABLE)
    imports.run(of=of, by=cast.admin, at=clock.now, background=False)
    chunks = []

    def progress(done):
        chunks.append(done)
        if len(chunks) == 2:
            imports.cancel(of=of, by=cast.admin, at=clock.now)

    return work.carry_on(import_id=of.pk, at=clock.now, progress=progress)


def test_a_cancelled_run_can_go_on(small, clock, cast):
    of = stopped_half_way(cast, clock)
    assert (of.status, of.rows_done, live()) == (Status.CANCELLED, 4, 4)
    assert ImportRow.objects.filter(outcome="", sheet__file__of_import=of, number__gt=1).count() == 3
    imports.run(of=of, by=cast.admin, at=clock.now, background=False)
    assert (work.carry_on(import_id=of.pk, at=clock.now).status, live()) == (Status.DONE, 7)


def test_a_cancelled_run_can_be_undone(small, clock, cast):
    of = stopped_half_way(cast, clock)
    undo.ask(of=of, by=cast.admin, at=clock.now, background=False)
    assert (work.carry_on(import_id=of.pk, at=clock.now).status, live()) == (Status.UNDONE, 0)
    tables.run(cast.admin, clock.now, TABLE)
    assert live() == 7


def test_the_next_import_waits_for_an_undo_and_is_taken_up_after_it(clock, cast, monkeypatch):
    first = tables.run(cast.admin, clock.now, TABLE)
    second = tables.upload(cast.admin, clock.now, {"products.csv": tables.PRODUCTS})
    imports.run(of=second, by=cast.admin, at=clock.now, background=False)
    undo.ask(of=first, by=cast.admin, at=clock.now, background=False)
    asked = []
    monkeypatch.setattr(tasks.carry_on, "apply_async", lambda kwargs, retry: asked.append(kwargs["import_id"]))
    tasks.look_again()
    assert asked == [first.pk]
    tasks.carry_on(import_id=first.pk)
    assert asked == [first.pk, second.pk]
