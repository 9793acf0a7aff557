"""Who closes a day waits for writers: an import holds him up for a chunk at most, while it is tried, run and undone."""

import pytest

from crm.models import Company
from discipline.services import days
from migrations_data.loading import engine
from migrations_data.models import Status
from migrations_data.services import imports, undo, work
from migrations_data.undoing import made as made_by
from tests.factories.people import make_cast
from tests.migrations_data import tables

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_closer_passes_between_any_two_chunks(real_commits, clock, monkeypatch):
    cast = make_cast()
    monkeypatch.setattr(engine, "CHUNK", 2)
    monkeypatch.setattr(made_by, "CHUNK", 2)
    passed = []

    def closer(done):
        """Asks for the lock of all writers for itself; raises when somebody holds on to it."""
        days.wait_for_writers()
        passed.append(done)

    def work_on():
        passed.clear()
        return work.carry_on(import_id=of.pk, at=clock.now, progress=closer).status

    names = ("Abbey", "Bolton", "Cobalt", "Dorset", "Elgin", "Fjord", "Garnet")
    table = "id,company,city\n" + "".join(f"{n},{name},Leeds\n" for n, name in enumerate(names))
    of = tables.upload(cast.admin, clock.now, {"companies.csv": table})
    imports.preview(of=of, by=cast.admin, at=clock.now, background=False)
    assert (work_on(), len(passed) >= 4, Company.objects.count()) == (Status.PREVIEWED, True, 0)
    imports.run(of=of, by=cast.admin, at=clock.now, background=False)
    assert (work_on(), len(passed) >= 4, Company.objects.count()) == (Status.DONE, True, 7)
    undo.ask(of=of, by=cast.admin, at=clock.now, background=False)
    assert (work_on(), len(passed) >= 4, Company.objects.live().count()) == (Status.UNDONE, True, 0)
