"""Nothing of a person's later work is lost: what somebody has touched stays, with all it hangs on, and is listed with the reason."""

from datetime import timedelta

import pytest

from crm import touched
from crm.models import Company, Contact, Deal, Product
from crm.services import activities, companies, contacts, deals, merges, tasks
from migrations_data.models import ImportChange, Status
from migrations_data.services import undo, work
from tests.migrations_data import tables

pytestmark = pytest.mark.django_db
HEAD = "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n"
FILES = {
    "companies.csv": "id,company,city,note,owner\n1,Birch Labs,Leeds,,{who}\n2,Cedar Foods,York,old,{who}\n3,Dune Holding,Hull,,{who}\n",
    "contacts.csv": "id,name,company,phone,owner\nc1,Jan Kos,Birch Labs,+48 601 234 567,{who}\nc2,Ewa Lis,Cedar Foods,,{who}\n",
    "deals.csv": HEAD + "D1,{who},RX,Birch Labs,Demo,,,5\nD2,{who},KV,Cedar Foods,Demo,,,7\n",
}


@pytest.fixture
def made(clock, cast):
    files = {name: text.replace("{who}", cast.manager.full_name) for name, text in FILES.items()}
    done = tables.run(cast.admin, clock.now, files)
    assert done.status == Status.DONE, done.error
    clock.set("2026-10-20 11:00")
    return done


def the(model, name):
    column = "title__contains" if model is Deal else "name"
    return model.objects.get(**{column: name})


def undone(made, by, at):
    undo.ask(of=made, by=by, at=at, background=False)
    return work.carry_on(import_id=made.pk, at=at)


def live():
    return {str(one) for model in (Company, Contact) for one in model.objects.live()}


def reasons(made):
    return {(stay.kind, stay.record): stay.reason for stay in undo.plan(made).listed}


def test_an_edited_record_stays_with_its_new_value(made, clock, cast):
    birch = the(Company, "Birch Labs")
    companies.edit(company=birch, by=cast.manager, at=clock.now, note="Call on Mondays")
    assert reasons(made) == {("company", birch.pk): touched.EDITED}
    done = undone(made, cast.admin, clock.now)
    assert done.status == Status.UNDONE
    assert live() == {"Birch Labs"}
    assert the(Company, "Birch Labs").note == "Call on Mondays"
    assert reasons(made) == {("company", birch.pk): touched.EDITED}


def test_who_edits_and_takes_it_back_has_changed_nothing(made, clock, cast):
    birch = the(Company, "Birch Labs")
    companies.edit(company=birch, by=cast.manager, at=clock.now, note="Oh")
    clock.set("2026-10-20 11:01")
    companies.edit(company=birch, by=cast.manager, at=clock.now, note="")
    assert reasons(made) == {}


def test_an_activity_keeps_the_deal_and_everything_it_hangs_on(made, clock, cast):
    deal = Deal.objects.get(external_id="D1")
    activities.log(by=cast.manager, at=clock.now, kind="call", result="reached", occurred_at=clock.now, deal=deal)
    kept = reasons(made)
    assert kept["deal", deal.pk] == "crm.Activity"
    assert ("company", deal.company_id) in kept
    undone(made, cast.admin, clock.now)
    assert live() == {"Birch Labs"}
    assert set(Deal.objects.live().values_list("external_id", flat=True)) == {"D1"}
    assert deal.activities.filter(deleted_at__isnull=True).exists()


def test_a_task_a_won_deal_and_a_new_phone_keep_their_records(made, clock, cast):
    tomorrow = clock.now + timedelta(days=1)
    tasks.add(by=cast.manager, at=clock.now, title="Call", due=tomorrow, company=the(Company, "Dune Holding"))
    deals.win(deal=Deal.objects.get(external_id="D2"), by=cast.manager, at=clock.now)
    contacts.edit(contact=the(Contact, "Jan Kos"), by=cast.manager, at=clock.now, phones=["+48 22 123 45 67"])
    undone(made, cast.admin, clock.now)
    assert live() == {"Birch Labs", "Cedar Foods", "Dune Holding", "Jan Kos"}
    assert Deal.objects.live().get().status == "won"


def test_clients_that_others_became_part_of_stay_and_the_merged_one_stays_merged(made, clock, cast):
    birch, cedar = the(Company, "Birch Labs"), the(Company, "Cedar Foods")
    merges.merge(noun="company", survivor=birch.pk, merged=cedar.pk, choices={}, by=cast.manager, at=clock.now)
    kept = reasons(made)
    assert (kept["company", birch.pk], kept["company", cedar.pk]) == (touched.MERGED, touched.DELETED)
    undone(made, cast.admin, clock.now)
    assert "Birch Labs" in live()
    assert Company.objects.get(pk=cedar.pk).external_id == "2"


def test_a_deleted_record_stays_deleted(made, clock, cast):
    dune = the(Company, "Dune Holding")
    companies.delete(company=dune, by=cast.manager, at=clock.now)
    assert reasons(made) == {("company", dune.pk): touched.DELETED}
    undone(made, cast.admin, clock.now)
    assert live() == set()


def test_what_was_held_by_something_only_goes_once_that_is_gone(made, clock, cast):
    company = the(Company, "Dune Holding")
    due = clock.now + timedelta(days=1)
    task = tasks.add(by=cast.manager, at=clock.now, title="Call", due=due, company=company)
    undone(made, cast.admin, clock.now)
    assert live() == {"Dune Holding"}
    clock.set("2026-10-20 12:00")
    tasks.delete(task=task, by=cast.manager, at=clock.now)
    assert undo.plan(made).goes["company"] == 1
    undone(made, cast.admin, clock.now)
    assert live() == set()


def test_changed_fields_return_one_by_one_and_the_edited_one_is_kept(made, clock, cast):
    birch = the(Company, "Birch Labs")
    Company.objects.filter(pk=birch.pk).update(note="by hand", city="Bath")
    later = tables.run(cast.admin, clock.now, {"rain.csv": "product,sales_price\nNew One,5\n"})
    ImportChange.objects.create(
        of_import=later, record_type="company", record_id=birch.pk, action="changed",
        before={"note": "", "city": "Leeds", "name": "Birch Labs"}, after={"note": "by import", "city": "Bath", "name": "Birch Labs"},
    )  # fmt: skip
    undone(later, cast.admin, clock.now)
    birch.refresh_from_db()
    assert (birch.note, birch.city) == ("by hand", "Leeds")
    left = ImportChange.objects.get(of_import=later)
    assert (left.before, left.after) == ({"note": ""}, {"note": "by import"})
    assert reasons(later) == {("company", birch.pk): touched.EDITED}
    assert not Product.objects.filter(name="New One").exists()
