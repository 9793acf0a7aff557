"""Two clients made one and taken apart again: what goes over, what stays, who may."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.refusals import NotAllowed
from crm import keys
from crm.merging import survivor_of
from crm.merging.fields import Take
from crm.models import (
    Activity,
    ActivityTimeline,
    Company,
    CompanySettings,
    Contact,
    Deal,
    DuplicatePair,
    Employment,
    MassAssignment,
    MassTask,
    Merge,
    PairStatus,
    Share,
    Tag,
    Task,
)
from crm.services import activities, companies, contacts, deals, files, merges, shares, tasks
from crm.services.base import KeyTaken, StaleRecord
from crm.services.companies import PartOfItself
from crm.services.merge_rules import AlreadyMerged, LaterMerge, NotYours, OlderStays, TooLate, TwoTaxNumbers
from notifications.models import Message
from tests.factories.crm import make_complaint, make_contract, make_purchase, make_stage

MONTHS_AGO = "2026-06-01 10:00"


def company(by, clock, name="Acme", **facts):
    return companies.add(by=by, at=clock.now, name=name, overridden=True, **facts)


def person(by, clock, name="Nadia Bauer", **facts):
    return contacts.add(by=by, at=clock.now, name=name, overridden=True, **facts)


def merge(kept, gone, clock, by, choices=None, **more):
    noun = "company" if isinstance(kept, Company) else "contact"
    return merges.merge(noun=noun, survivor=kept.pk, merged=gone.pk, choices=choices or {}, by=by, at=clock.now, **more)


@pytest.fixture
def pair(cast, clock):
    """Two companies of the manager, entered long ago."""
    clock.set(MONTHS_AGO)
    made = company(cast.manager, clock), company(cast.manager, clock, "Acme Ltd")
    clock.set("2026-10-20 10:00")
    return made


def everything(cast, clock, at_company):
    """One of each thing that hangs on a company."""
    by, now = cast.manager, clock.now
    contact = person(by, clock, "Jan Lis", company=at_company)
    deal = deals.add(by=by, at=now, title="Fleet", company=at_company, stage=make_stage())
    task = tasks.add(by=by, at=now, title="Call", due=now + timedelta(days=1), company=at_company, deal=deal)
    activity = activities.log(by=by, at=now, kind="call", occurred_at=now, company=at_company, note="Hi")
    below = company(by, clock, "Acme Wrocław", parent=at_company)
    mass = MassAssignment.objects.create(name="Spring", title="Call", due_at=now, key="k", given_by=by, given_at=now)
    MassTask.objects.create(mass=mass, task=task, company=at_company)
    made = [contact, deal, task, activity, make_contract(at_company, date(2026, 1, 1)), make_complaint(at_company, now)]
    return [*made, make_purchase(at_company, date(2026, 2, 2)), MassTask.objects.get(), below]


def test_everything_of_a_company_goes_over_and_comes_back(cast, clock, pair):
    kept, gone = pair
    things = everything(cast, clock, gone)
    shares.share(record=gone, with_=cast.teammate, by=cast.manager, at=clock.now)
    gone.tags.add(Tag.objects.create(name="VIP"))
    done = merge(kept, gone, clock, cast.manager)
    assert survivor_of("company", gone.pk) == kept.pk
    for thing in things:
        thing.refresh_from_db()
        assert (thing.parent_id if isinstance(thing, Company) else thing.company_id) == kept.pk, thing
    assert [tag.name for tag in kept.tags.all()] == ["VIP"]
    assert Share.objects.get(company=kept).user == cast.teammate
    assert Employment.objects.get().company == kept
    gone.refresh_from_db()
    assert gone.deleted_at == clock.now
    clock.set("2026-10-21 10:00")
    assert merges.undo(merge=done, by=cast.manager, at=clock.now).touched == []
    for thing in things:
        thing.refresh_from_db()
        assert (thing.parent_id if isinstance(thing, Company) else thing.company_id) == gone.pk, thing
    gone.refresh_from_db()
    assert gone.deleted_at is None
    assert [tag.name for tag in gone.tags.all()] == ["VIP"]
    assert not kept.tags.exists()
    assert not Share.objects.filter(company=kept).exists()
    assert survivor_of("company", gone.pk) is None


def test_values_are_taken_field_by_field_and_return(cast, clock):
    clock.set(MONTHS_AGO)
    by = cast.manager
    kept = company(by, clock, "Acme", phone="+48 22 555 01 97", city="Łódź", note="Pays late.", custom={})
    gone = company(by, clock, "Acme sp. z o.o.", phone="+48 22 555 01 98", industry="Food", note="Likes tea.")
    Company.objects.filter(pk=gone.pk).update(custom={"fleet": "12"})
    clock.set("2026-10-20 10:00")
    done = merge(kept, gone, clock, by, {"name": Take.MERGED, "phone": Take.KEPT})
    kept.refresh_from_db()
    assert (kept.name, kept.phone, kept.city, kept.industry) == ("Acme sp. z o.o.", "+48 22 555 01 97", "Łódź", "Food")
    assert kept.note == "Pays late.\n\nLikes tea."
    assert kept.custom == {"fleet": "12"}
    clock.set("2026-10-20 11:00")
    companies.edit(company=kept, by=by, at=clock.now, industry="Beverages")
    undone = merges.undo(merge=done, by=by, at=clock.now)
    kept.refresh_from_db()
    assert undone.touched == ["industry"]
    assert (kept.name, kept.industry, kept.note, kept.custom) == ("Acme", "Beverages", "Pays late.", {})


def derived(record):
    """What is derived from a record, as computed anew."""
    record.refresh_from_db()
    if isinstance(record, Company):
        fresh = keys.company_keys(record, CompanySettings.current().country)
        return {name: getattr(record, name) for name in fresh}, fresh
    at_company = record.company.name if record.company else ""
    if isinstance(record, Deal):
        return {"folded": record.folded}, keys.deal_keys(record, at_company)
    mails = [mail.address for mail in record.emails.all()]
    fresh = keys.contact_keys(record, mails, at_company)
    return {name: getattr(record, name) for name in fresh}, fresh


def assert_true(*records):
    for record in records:
        stored, fresh = derived(record)
        assert stored == fresh, record


def test_what_is_derived_is_right_after_a_merge_and_after_its_undoing(cast, clock, pair):
    kept, gone = pair
    by = cast.manager
    companies.edit(company=gone, by=by, at=clock.now, tax_number="5260250274", country="Poland", city="Łódź")
    contact, deal, task, *_rest = everything(cast, clock, gone)
    own = person(by, clock, "Ewa Maj", company=kept)
    due = Deal.objects.get(pk=deal.pk).next_task_due
    assert due == task.due_at
    done = merge(kept, gone, clock, by, {"name": Take.MERGED})
    assert_true(kept, contact, deal, own)
    assert Contact.objects.matching("jan ltd").get() == contact
    assert Deal.objects.get(pk=deal.pk).next_task_due == due
    clock.set("2026-10-20 12:00")
    merges.undo(merge=done, by=by, at=clock.now)
    assert_true(kept, gone, contact, deal, own)
    assert Deal.objects.get(pk=deal.pk).next_task_due == due


def test_a_person_joins_phones_mails_deals_and_jobs(cast, clock):
    by = cast.manager
    acme, zebra = company(by, clock), company(by, clock, "Zebra")
    kept = person(by, clock, company=acme, title="Buyer", phones=["+48 600 100 200"], emails=["n@acme.example"])
    gone = person(
        by,
        clock,
        "N. Bauer",
        company=zebra,
        phones=["600 100 200", ("22 555 01 97", "desk")],
        emails=["n@zebra.example"],
    )
    both = deals.add(by=by, at=clock.now, title="Both", stage=make_stage(), contacts=[kept, gone])
    hers = deals.add(by=by, at=clock.now, title="Hers", stage=make_stage(), contacts=[gone])
    call = activities.log(by=by, at=clock.now, kind="meeting", occurred_at=clock.now, contact=gone, others=[kept])
    done = merge(kept, gone, clock, by)
    assert [row.number for row in kept.phones.all()] == ["+48 600 100 200", "22 555 01 97"]
    assert [row.address for row in kept.emails.all()] == ["n@acme.example", "n@zebra.example"]
    assert set(kept.deals.all()) == {both, hers}
    assert list(gone.deals.all()) == [both], "what both had stays behind with the merged one"
    assert Activity.objects.get().contact == kept
    assert kept not in Activity.objects.get().others.all()
    jobs = {job.company_id: job.ends_on for job in kept.employments.all()}
    assert jobs == {acme.pk: None, zebra.pk: date(2026, 10, 20)}
    assert_true(kept)
    clock.set("2026-10-20 12:00")
    merges.undo(merge=done, by=by, at=clock.now)
    assert [row.number for row in gone.phones.all()] == ["600 100 200", "22 555 01 97"]
    assert list(kept.deals.all()) == [both]
    assert set(gone.deals.all()) == {both, hers}
    call.refresh_from_db()
    assert call.contact == gone
    assert list(call.others.all()) == [kept]
    assert {job.company_id: job.ends_on for job in gone.employments.all()} == {zebra.pk: None}
    assert_true(kept, gone)


def test_a_person_who_takes_the_other_company_has_left_his_own(cast, clock):
    by = cast.manager
    acme, zebra = company(by, clock), company(by, clock, "Zebra")
    kept, gone = person(by, clock, company=acme), person(by, clock, company=zebra, title="Director")
    merge(kept, gone, clock, by, {"company": Take.MERGED, "title": Take.MERGED})
    kept.refresh_from_db()
    assert kept.company == zebra
    assert kept.folded.endswith("zebra")
    jobs = {job.company_id: (job.ends_on, job.title) for job in kept.employments.all()}
    assert jobs == {acme.pk: (date(2026, 10, 20), ""), zebra.pk: (None, "Director")}


def test_what_was_added_to_the_survivor_stays_with_it(cast, clock, pair):
    kept, gone = pair
    done = merge(kept, gone, clock, cast.manager)
    clock.set("2026-10-20 12:00")
    late = activities.log(by=cast.manager, at=clock.now, kind="note", occurred_at=clock.now, company=kept, note="Hi")
    merges.undo(merge=done, by=cast.manager, at=clock.now)
    late.refresh_from_db()
    assert late.company == kept


def test_the_history_of_an_activity_says_where_it_was_and_its_frozen_facts_stay(cast, clock, pair):
    kept, gone = pair
    call = activities.log(by=cast.manager, at=clock.now, kind="call", occurred_at=clock.now, company=gone, note="Hi")
    clock.set("2026-10-20 12:00")
    merge(kept, gone, clock, cast.head)
    versions = ActivityTimeline.objects.filter(id=call.pk).order_by("from_at")
    assert [one.company_id for one in versions] == [gone.pk, kept.pk]
    assert {(one.performed_by_id, one.occurred_at, one.kind) for one in versions} == {
        (cast.manager.pk, call.occurred_at, "call")
    }
    assert [one.changed_by_id for one in versions] == [cast.manager.pk, cast.head.pk]


def test_thirty_days_later_it_is_too_late(cast, clock, pair):
    done = merge(*pair, clock, cast.manager)
    clock.set("2026-11-19 09:00")
    later = clock.now + timedelta(days=1)
    with pytest.raises(TooLate):
        merges.undo(merge=done, by=cast.manager, at=later)
    assert merges.undo(merge=done, by=cast.manager, at=clock.now).merge.undone_at == clock.now
    assert merges.undo(merge=done, by=cast.manager, at=later).touched == [], "undone twice is undone"


def test_merges_of_merged_clients_are_undone_in_reverse_order(cast, clock, pair):
    first, second = pair
    clock.set(MONTHS_AGO)
    third = company(cast.manager, clock, "Acme Inc")
    clock.set("2026-10-20 10:00")
    call = activities.log(by=cast.manager, at=clock.now, kind="note", occurred_at=clock.now, company=third, note="Hi")
    inner = merge(second, third, clock, cast.manager)
    outer = merge(first, second, clock, cast.manager)
    assert survivor_of("company", third.pk) == first.pk
    with pytest.raises(LaterMerge):
        merges.undo(merge=inner, by=cast.manager, at=clock.now)
    for done, expected in ((outer, second), (inner, third)):
        merges.undo(merge=done, by=cast.manager, at=clock.now)
        call.refresh_from_db()
        assert call.company == expected


def test_what_two_merged_clients_had_alike_stays_while_one_of_them_is_merged(cast, clock, pair):
    first, second = pair
    third = company(cast.manager, clock, "Acme Inc")
    vip = Tag.objects.create(name="VIP")
    second.tags.add(vip), third.tags.add(vip)
    done = merge(first, second, clock, cast.manager)
    merge(first, third, clock, cast.manager)
    merges.undo(merge=done, by=cast.manager, at=clock.now)
    assert list(first.tags.all()) == [vip]
    assert list(second.tags.all()) == [vip]
    assert not third.tags.exists()


def test_two_tax_numbers_are_told_and_overridden_knowingly(cast, clock, pair):
    kept, gone = pair
    companies.edit(company=kept, by=cast.manager, at=clock.now, tax_number="5260250274")
    companies.edit(company=gone, by=cast.manager, at=clock.now, tax_number="5250007738")
    with pytest.raises(TwoTaxNumbers):
        merge(kept, gone, clock, cast.manager)
    assert merge(kept, gone, clock, cast.manager, overridden=True).pk


def test_of_a_young_pair_the_older_company_stays(cast, clock, pair):
    old = pair[0]
    new = company(cast.manager, clock, "Acme new")
    with pytest.raises(OlderStays):
        merge(new, old, clock, cast.manager)
    assert merge(old, new, clock, cast.manager).survivor == old.pk
    assert merge(pair[1], old, clock, cast.manager).survivor == pair[1].pk, "both came in long ago"


def test_a_company_does_not_come_to_stand_under_itself(cast, clock, pair):
    kept, gone = pair
    by, now = cast.manager, clock.now
    companies.edit(company=gone, by=by, at=now, parent=kept)
    done = merge(kept, gone, clock, by)
    kept.refresh_from_db()
    assert kept.parent is None
    merges.undo(merge=done, by=by, at=now)
    gone.refresh_from_db()
    assert gone.parent == kept
    between = company(by, clock, "Between", parent=gone)
    companies.edit(company=gone, by=by, at=now, parent=None)
    companies.edit(company=kept, by=by, at=now, parent=between)
    with pytest.raises(PartOfItself):
        merge(kept, gone, clock, by)
    merge(kept, gone, clock, by, {"parent": Take.MERGED})
    kept.refresh_from_db()
    assert kept.parent is None
    assert Company.objects.get(pk=between.pk).parent == kept


def test_nobody_takes_over_a_colleagues_client_by_merging_it(cast, clock, pair):
    mine, theirs = pair[0], company(cast.teammate, clock, "Acme twice")
    with pytest.raises(NotAllowed):
        merge(mine, theirs, clock, cast.manager)
    shares.share(record=theirs, with_=cast.manager, by=cast.teammate, at=clock.now)
    with pytest.raises(NotYours):
        merge(mine, theirs, clock, cast.manager)
    done = merge(mine, theirs, clock, cast.manager, {"owner": Take.MERGED})
    mine.refresh_from_db()
    assert mine.owner == cast.teammate
    assert Company.objects.visible_to(cast.manager).filter(pk=mine.pk).exists(), "he goes on working with it"
    assert Message.objects.get(recipient=cast.teammate, kind="client_merged").context["undone"] is False
    assert not Message.objects.filter(recipient=cast.manager).exists()
    merges.undo(merge=done, by=cast.manager, at=clock.now)
    mine.refresh_from_db()
    assert mine.owner == cast.manager
    assert not mine.shares.exists()
    assert Message.objects.filter(recipient=cast.teammate, kind="client_merged").count() == 2


@pytest.mark.parametrize("who", ["stranger", "other_head", "owner", "admin"])
def test_strangers_and_readers_merge_and_undo_nothing(cast, clock, pair, who):
    with pytest.raises(NotAllowed):
        merge(*pair, clock, getattr(cast, who))
    done = merge(*pair, clock, cast.head)
    assert Message.objects.filter(recipient=cast.manager, kind="client_merged").count() == 1
    with pytest.raises(NotAllowed):
        merges.undo(merge=done, by=getattr(cast, who), at=clock.now)


def test_the_same_merge_again_is_the_same_and_another_one_is_told(cast, clock, pair):
    first, second = pair
    done = merge(first, second, clock, cast.manager)
    assert merge(first, second, clock, cast.manager) == done
    third = company(cast.manager, clock, "Acme Inc")
    for kept, gone in ((second, first), (third, second), (second, third)):
        with pytest.raises(AlreadyMerged):
            merge(kept, gone, clock, cast.manager)
    assert Merge.objects.count() == 1


def test_an_edit_since_the_page_was_opened_is_told(cast, clock, pair):
    kept, gone = pair
    seen = {one.pk: one.changed_at for one in pair}
    clock.set("2026-10-20 11:00")
    companies.edit(company=gone, by=cast.manager, at=clock.now, city="Łódź")
    with pytest.raises(StaleRecord):
        merge(kept, gone, clock, cast.manager, seen_at=seen)


def test_the_key_of_either_finds_the_one_that_stayed(cast, clock):
    clock.set(MONTHS_AGO)
    by = cast.manager
    kept = company(by, clock, "Acme", source="api", external_id="7")
    gone = company(by, clock, "Acme Ltd", source="api", external_id="8")
    clock.set("2026-10-20 10:00")
    done = merge(kept, gone, clock, by)
    for key in ("7", "8"):
        assert company(by, clock, "Anything", source="api", external_id=key) == kept
    with pytest.raises(KeyTaken):
        company(cast.stranger, clock, "Anything", source="api", external_id="8")
    merges.undo(merge=done, by=by, at=clock.now)
    assert company(by, clock, "Anything", source="api", external_id="8") == gone


def test_pairs_follow_the_survivor_and_are_asked_again_after_an_undo(cast, clock, pair):
    first, second = pair
    third, fourth = company(cast.manager, clock, "Acme Inc"), company(cast.manager, clock, "Acme Oy")
    more = {"noun": "company", "reasons": ["company.name"], "score": 60, "found_at": clock.now}
    DuplicatePair.objects.create(first=first.pk, second=second.pk, **more)
    DuplicatePair.objects.create(first=second.pk, second=third.pk, **more)
    apart = {"status": PairStatus.DIFFERENT, "decided_by": cast.manager, "decided_at": clock.now}
    DuplicatePair.objects.create(first=second.pk, second=fourth.pk, **more, **apart)
    DuplicatePair.objects.create(first=first.pk, second=fourth.pk, **more)
    done = merge(first, second, clock, cast.manager)
    status = {(one.first, one.second): one.status for one in DuplicatePair.objects.all()}
    assert status == {
        (first.pk, second.pk): "merged",
        (first.pk, third.pk): "open",
        (first.pk, fourth.pk): "different",
        (second.pk, fourth.pk): "different",
    }
    merges.undo(merge=done, by=cast.manager, at=clock.now)
    assert DuplicatePair.objects.get(first=first.pk, second=second.pk).status == PairStatus.OPEN


def test_files_and_finished_tasks_go_over_too(cast, clock, pair):
    kept, gone = pair
    by, now = cast.manager, clock.now
    file = files.attach(by=by, at=now, upload=SimpleUploadedFile("a.txt", b"text"), company=gone)
    task = tasks.add(by=by, at=now, title="Call", due=now + timedelta(days=1), company=gone)
    tasks.done(task=task, by=by, at=now)
    merge(kept, gone, clock, by)
    file.refresh_from_db()
    assert file.company == kept
    assert Task.objects.get().company == kept
