"""Many records at once: the rules of one, a look before, a way back, and statements that do not grow with the records."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.refusals import NotAllowed
from crm import custom
from crm.models import BulkChange, Company, Deal, DealStatus, Employment, Tag, Task
from crm.services import bulk_changes, companies, contacts, deals, shares, tasks
from crm.services.base import NotASeller
from crm.services.bulk_changes import NothingChanges, TooLate, TooMany
from crm.services.bulk_verbs.edits import NoSuchField
from crm.services.bulk_verbs.tasks import Passed
from tests.factories.crm import make_company, make_contact, make_deal, make_field, make_stage, make_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def apply(cast, clock):
    """Do a verb to these records as somebody (the manager)."""

    def one(verb, facts, records, by=None, key="once", noun=None):
        model = type(records[0])
        rows = model.objects.filter(pk__in=[record.pk for record in records])
        noun = noun or model.__name__.lower()
        return bulk_changes.apply(
            noun=noun, verb=verb, facts=facts, rows=rows, key=key, by=by or cast.manager, at=clock.now
        )

    return one


@pytest.fixture
def undo(cast, clock):
    def one(change, by=None):
        return bulk_changes.undo(change=change, by=by or cast.manager, at=clock.now)

    return one


def reasons(left):
    return {str(reason): n for reason, n in left.items()}


def test_a_field_changes_where_it_may_and_the_rest_is_told(apply, cast, clock):
    mine, same = make_company(cast.manager, "Mine"), make_company(cast.manager, "Same", industry="Steel")
    shared, foreign = make_company(cast.teammate, "Shared"), make_company(cast.stranger, "Foreign")
    shares.share(record=shared, with_=cast.manager, by=cast.teammate, at=clock.now)
    facts = {"field": "industry", "value": " Steel "}
    rows = Company.objects.all()
    told = bulk_changes.preview(noun="company", verb="edit", facts=facts, rows=rows, by=cast.manager, at=clock.now)
    assert (told.total, told.changes) == (4, 2)
    assert reasons(told.left) == {"already so": 1, "not yours to change": 1}
    change = apply("edit", facts, [mine, same, shared, foreign])
    assert change.count == 2
    assert dict(Company.objects.values_list("name", "industry")) == {
        "Mine": "Steel",
        "Same": "Steel",
        "Shared": "Steel",
        "Foreign": "",
    }


def test_what_follows_from_a_field_follows(apply, undo, cast, clock):
    company = companies.add(by=cast.manager, at=clock.now, name="Quarry", phone="600 100 200")
    before = company.completeness
    change = apply("edit", {"field": "country", "value": "Germany"}, [company])
    company.refresh_from_db()
    assert company.completeness > before
    assert company.phone_reversed.endswith("94+") or company.phone_reversed.endswith("94")
    undo(change)
    company.refresh_from_db()
    assert (company.country, company.completeness) == ("", before)


def test_a_new_position_stands_in_the_employment_too(apply, cast, clock):
    contact = contacts.add(
        by=cast.manager, at=clock.now, name="Nadia", company=make_company(cast.manager), title="Buyer"
    )
    apply("edit", {"field": "title", "value": "Head of buying"}, [contact])
    assert Employment.objects.get(contact=contact).title == "Head of buying"


def test_own_fields_change_beside_the_others_that_a_record_has(apply, undo, cast):
    make_field(key="fleet", kind="number")
    custom.forget()
    company = make_company(cast.manager, custom={"colour": "blue", "fleet": "3"})
    change = apply("edit", {"field": "custom.fleet", "value": "12,5"}, [company])
    company.refresh_from_db()
    assert company.custom == {"colour": "blue", "fleet": "12.5"}
    undo(change)
    company.refresh_from_db()
    assert company.custom == {"colour": "blue", "fleet": "3"}


def test_a_stage_takes_only_open_deals_of_its_pipeline_that_have_what_it_asks_for(apply, cast):
    offer = make_stage("Offer", required_fields=["amount_minor"])
    ready, bare = make_deal(cast.manager, "Ready", amount_minor=5), make_deal(cast.manager, "Bare")
    won = make_deal(cast.manager, "Won", amount_minor=5)
    deals.win(deal=won, by=cast.manager, at=won.changed_at)
    change = apply("edit", {"field": "stage", "value": offer.pk}, [ready, bare, won])
    assert list(Deal.objects.filter(stage=offer).values_list("title", flat=True)) == ["Ready"]
    assert set(change.facts["left"]) == {"already won or lost", "Fill in amount first, then move the deal to Offer."}


def test_not_every_field_changes_for_many(apply, cast):
    for field in ("owner", "name", "custom", "deleted_at"):
        with pytest.raises(NoSuchField):
            apply("edit", {"field": field, "value": "x"}, [make_company(cast.manager)], key=field)


def test_the_same_key_does_it_once(apply, cast):
    company = make_company(cast.manager)
    first = apply("edit", {"field": "city", "value": "Gdynia"}, [company])
    Company.objects.filter(pk=company.pk).update(city="Sopot", changed_by=cast.manager)
    assert apply("edit", {"field": "city", "value": "Gdynia"}, [company]) == first
    assert Company.objects.get().city == "Sopot"
    assert BulkChange.objects.count() == 1


def test_what_changes_nothing_leaves_nothing(apply, cast):
    with pytest.raises(NothingChanges):
        apply("edit", {"field": "city", "value": ""}, [make_company(cast.manager)])
    assert not BulkChange.objects.exists()


def test_there_is_an_end_to_many(apply, cast, monkeypatch):
    monkeypatch.setattr(bulk_changes, "MOST", 2)
    with pytest.raises(TooMany, match="At most 2"):
        apply("edit", {"field": "city", "value": "x"}, [make_company(cast.manager, str(n)) for n in range(3)])


def test_undo_returns_only_what_nobody_touched(apply, undo, cast, clock):
    kept, touched, gone = (make_company(cast.manager, name, city="Sopot") for name in ("Kept", "Touched", "Gone"))
    change = apply("edit", {"field": "city", "value": "Gdynia"}, [kept, touched, gone])
    companies.edit(company=touched, by=cast.manager, at=clock.now, city="Łódź")
    companies.edit(company=kept, by=cast.manager, at=clock.now, industry="Steel")
    companies.delete(company=gone, by=cast.manager, at=clock.now)
    undone = undo(change)
    assert (undone.back, reasons(undone.left)) == (1, {"changed by somebody since": 1, "deleted meanwhile": 1})
    assert dict(Company.objects.live().values_list("name", "city")) == {"Kept": "Sopot", "Touched": "Łódź"}
    assert undo(change).back == 0


def test_undo_is_for_whoever_did_it_and_not_for_ever(apply, undo, cast, clock):
    change = apply("edit", {"field": "city", "value": "Gdynia"}, [make_company(cast.manager)])
    for other in (cast.head, cast.teammate, cast.owner):
        with pytest.raises(NotAllowed):
            undo(change, by=other)
    with pytest.raises(TooLate):
        bulk_changes.undo(change=change, by=cast.manager, at=clock.now + timedelta(days=8))


def test_deals_go_with_the_open_tasks_of_their_owner_and_come_back_with_them(apply, undo, cast, clock):
    deal = make_deal(cast.manager)
    own = make_task(cast.manager, clock.now + timedelta(days=1), deal=deal)
    others = make_task(cast.head, clock.now + timedelta(days=1), deal=deal)
    change = apply("give", {"to": cast.teammate.pk}, [deal])
    owners = lambda: [Task.objects.get(pk=task.pk).owner for task in (own, others)]  # noqa: E731
    assert (Deal.objects.get().owner, owners()) == (cast.teammate, [cast.teammate, cast.head])
    undone = undo(change)
    assert (undone.back, Deal.objects.get().owner, owners()) == (1, cast.manager, [cast.manager, cast.head])


def test_only_who_works_with_clients_is_given_any(apply, cast):
    with pytest.raises(NotASeller):
        apply("give", {"to": cast.owner.pk}, [make_company(cast.manager)])


def test_tags_are_put_on_and_taken_off_and_undone(apply, undo, cast):
    vip, old = Tag.objects.create(name="VIP"), Tag.objects.create(name="Old")
    plain, tagged = make_company(cast.manager, "Plain"), make_company(cast.manager, "Tagged")
    tagged.tags.add(vip, old)
    change = apply("tag", {"how": "add", "tags": [vip.pk]}, [plain, tagged], key="a")
    assert (change.count, set(plain.tags.all())) == (1, {vip})
    plain.refresh_from_db()
    assert plain.revision == 1
    undo(change)
    assert not plain.tags.exists()
    assert set(tagged.tags.all()) == {vip, old}
    change = apply("tag", {"how": "remove", "tags": [vip.pk, old.pk]}, [plain, tagged], key="b")
    assert (change.count, tagged.tags.count()) == (1, 0)
    undo(change)
    assert set(tagged.tags.all()) == {vip, old}


def test_a_task_for_each_falls_to_its_owner_or_to_oneself(apply, undo, cast, clock):
    mine, shared = make_company(cast.manager, "Mine"), make_company(cast.teammate, "Shared")
    shares.share(record=shared, with_=cast.manager, by=cast.teammate, at=clock.now)
    facts = {"title": "Call", "kind": "call", "due": "2026-10-22", "whose": "owner"}
    change = apply("task", facts, [mine, shared], key="a")
    assert (change.count, list(change.facts["left"].values())) == (1, [1])
    apply("task", {**facts, "whose": "me"}, [mine, shared], key="b")
    assert sorted(Task.objects.values_list("company__name", "owner__full_name")) == [
        ("Mine", "Anna Manager"), ("Mine", "Anna Manager"), ("Shared", "Anna Manager"),
    ]  # fmt: skip
    apply("task", facts, [mine, shared], by=cast.head, key="c")
    assert Task.objects.filter(owner=cast.teammate).count() == 1
    with pytest.raises(Passed):
        apply("task", {**facts, "due": "2026-10-19"}, [mine], key="d")


def test_undone_tasks_leave_no_deal_bare_that_was_not(apply, undo, cast, clock):
    bare, stepped = make_deal(cast.manager, "Bare"), make_deal(cast.manager, "Stepped")
    old = make_task(cast.manager, clock.now + timedelta(days=1), deal=stepped)
    touched = make_deal(cast.manager, "Touched")
    facts = {"title": "Call", "kind": "call", "due": "2026-10-22", "whose": "owner"}
    change = apply("task", facts, [bare, stepped, touched])
    tasks.done(task=old, by=cast.manager, at=clock.now)
    tasks.move(task=Task.objects.get(deal=touched), due=clock.now + timedelta(days=9), by=cast.manager, at=clock.now)
    undone = undo(change)
    assert undone.back == 1
    assert reasons(undone.left) == {"changed by somebody since": 1, "now the only next step of its deal": 1}
    assert set(Task.objects.open().values_list("deal__title", flat=True)) == {"Stepped", "Touched"}


def test_deleting_keeps_what_is_in_use_and_comes_back(apply, undo, cast, clock):
    free, used = make_company(cast.manager, "Free"), make_company(cast.manager, "Used")
    make_contact(cast.manager, company=used)
    change = apply("delete", {}, [free, used])
    assert list(Company.objects.live()) == [used]
    assert undo(change).back == 1
    assert Company.objects.live().count() == 2


def test_deleted_deals_take_their_tasks_along_and_bring_them_back(apply, undo, cast, clock):
    deal = make_deal(cast.manager)
    make_task(cast.manager, clock.now, deal=deal)
    change = apply("delete", {}, [deal], by=cast.head)
    assert not Task.objects.live().exists()
    assert undo(change, by=cast.head).back == 1
    assert Task.objects.open().filter(deal=deal).exists()
    assert Deal.objects.live().get().status == DealStatus.OPEN


@pytest.mark.parametrize(
    ("verb", "facts"),
    [
        ("edit", {"field": "city", "value": "Gdynia"}), ("give", {"to": 0}), ("tag", {"how": "add", "tags": []}),
        ("task", {"title": "Call", "kind": "call", "due": "2026-10-22", "whose": "owner"}), ("delete", {}),
    ],
)  # fmt: skip
def test_statements_do_not_grow_with_the_records(apply, undo, cast, verb, facts):
    facts = facts | ({"to": cast.teammate.pk} if verb == "give" else {})
    facts |= {"tags": [Tag.objects.create(name="VIP").pk]} if verb == "tag" else {}

    def cost(count, key):
        records = [make_company(cast.manager, f"{key} {n}") for n in range(count)]
        with CaptureQueriesContext(connection) as captured:
            undo(apply(verb, facts, records, key=key))
        return len(captured)

    assert cost(60, "many") == cost(2, "few")


def test_undo_leaves_deals_whose_old_stage_is_gone(apply, undo, cast):
    first, offer = make_stage("First"), make_stage("Offer")
    deal = make_deal(cast.manager, "Pumps", stage=first)
    change = apply("edit", {"field": "stage", "value": offer.pk}, [deal])
    first.delete()
    undone = undo(change)
    assert (undone.back, reasons(undone.left)) == (0, {"changed by somebody since": 1})
    deal.refresh_from_db()
    assert deal.stage == offer
