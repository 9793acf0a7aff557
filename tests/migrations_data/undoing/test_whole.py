"""An import undone: what it made is gone, what it changed is as before, and the same table can be loaded as if for the first time."""

import pytest

from accounts.refusals import NotAllowed
from crm.models import Company, CompanyTimeline, Contact, ContactPhone, Deal, LossReason, Product, Purchase, Stage
from migrations_data.models import ImportChange, ImportRow, Status
from migrations_data.services import undo, work
from migrations_data.services.undo import NothingToUndo
from tests.factories.crm import make_company
from tests.migrations_data import tables
from tests.migrations_data.tables import counts

pytestmark = pytest.mark.django_db
CONTACTS = "name,company,phone,email\nJan Kos,Birch Labs,+48 601 234 567,jan@birch.example\nEwa Lis,Cedar Foods,,ewa@cedar.example\n"
THREE = {name: text for name, text in tables.ALL_FOUR.items() if name != "sales_teams.csv"}


@pytest.fixture
def people(clock, cast):
    """The people whom the tables name are here."""
    tables.run(cast.admin, clock.now, {"sales_teams.csv": tables.TEAMS})
    clock.set("2026-10-20 09:00")


def undone(made, by, at):
    undo.ask(of=made, by=by, at=at, background=False)
    return work.carry_on(import_id=made.pk, at=at)


def test_everything_goes_and_the_same_tables_come_in_as_the_first_time(people, clock, cast):
    files = THREE | {"contacts.csv": CONTACTS}
    first = tables.run(cast.admin, clock.now, files)
    stages = set(Stage.objects.values_list("name", flat=True))
    told = undo.plan(first)
    assert (told.goes["company"], told.goes["contact"], told.goes["deal"], told.listed) == (4, 2, 6, [])
    clock.set("2026-10-21 09:00")
    done = undone(first, cast.admin, clock.now)
    assert (done.status, done.undone_at) == (Status.UNDONE, clock.now)
    for model in (Company, Contact, Deal):
        assert not model.objects.live().exists()
        assert model.objects.exists()
    assert not Product.objects.exists()
    assert not ImportRow.objects.filter(sheet__file__of_import=first, record_id__isnull=False).exists()
    assert CompanyTimeline.objects.filter(external_id="", deleted_at__isnull=False).count() == 4
    second = tables.run(cast.admin, clock.now, files)
    assert counts(second) == counts(first)
    assert Company.objects.live().count() == 4
    assert set(Stage.objects.values_list("name", flat=True)) == stages
    assert undo.plan(second).goes["deal"] == 6


def test_what_was_changed_says_again_what_it_said_before(people, clock, cast):
    first = tables.run(cast.admin, clock.now, THREE)
    ours = {one.pk: (one.name, one.employees) for one in Company.objects.all()}
    newer = THREE | {"accounts.csv": tables.ACCOUNTS.replace("2822", "3000").replace("251.41,495", "251.41,512")}
    clock.set("2026-10-21 09:00")
    second = tables.run(cast.admin, clock.now, newer)
    log_changes(second)
    assert Company.objects.get(name="Birch Labs").employees == 3000
    assert undo.plan(second).returns == 2
    undone(second, cast.admin, clock.now)
    assert {one.pk: (one.name, one.employees) for one in Company.objects.live()} == ours
    assert counts(tables.run(cast.admin, clock.now, newer))["companies"] == (4, 0, 2, 2, 0)
    assert undo.plan(first).goes["deal"] == 6


def log_changes(made):
    """The lines that a run leaves about records that it changed."""
    if ImportChange.objects.filter(of_import=made, action="changed").exists():
        return
    was = {"Birch Labs": (2822, 3000), "Cedar Foods": (495, 512)}
    for name, (before, after) in was.items():
        ImportChange.objects.create(
            of_import=made, record_type="company", record_id=Company.objects.get(name=name).pk, action="changed",
            before={"employees": before}, after={"employees": after},
        )  # fmt: skip


def test_purchases_go_too(people, clock, cast):
    make_company(cast.manager, "Birch Labs", tax_number="5260001246", country="Poland")
    table = "document,tax_number,client,date,amount,currency\nFV/1,5260001246,Birch Labs,2026-09-01,100,PLN\n"
    made = tables.run(cast.admin, clock.now, {"invoices.csv": table})
    assert Purchase.objects.count() == 1
    undone(made, cast.admin, clock.now)
    assert not Purchase.objects.filter(deleted_at__isnull=True).exists()
    assert Company.objects.live().count() == 1


def test_reasons_of_a_loss_go_when_nothing_else_uses_them(people, clock, cast):
    made = tables.run(cast.admin, clock.now, THREE)
    reason = LossReason.objects.get(name="Imported")
    ImportChange.objects.get_or_create(
        of_import=made, record_type="reason", record_id=reason.pk, defaults={"action": "created"}
    )
    undone(made, cast.admin, clock.now)
    assert not LossReason.objects.filter(pk=reason.pk).exists()


def test_phones_stay_with_the_deleted_contact_as_after_a_delete_by_hand(people, clock, cast):
    made = tables.run(cast.admin, clock.now, {"contacts.csv": CONTACTS})
    undone(made, cast.admin, clock.now)
    assert ContactPhone.objects.count() == 1
    assert not Contact.objects.live().exists()


def test_only_who_ran_it_may_undo_it_and_only_once_there_is_something(people, clock, cast):
    made = tables.preview(cast.admin, clock.now, THREE)
    with pytest.raises(NothingToUndo):
        undo.ask(of=made, by=cast.admin, at=clock.now, background=False)
    made = tables.run(cast.admin, clock.now, THREE)
    for other in (cast.owner, cast.manager, cast.head):
        with pytest.raises(NotAllowed):
            undo.ask(of=made, by=other, at=clock.now, background=False)
