"""Who reaches which clients, deals, tasks, activities and files: lists and single records cannot differ."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Membership, Role
from accounts.permissions import Permission as P
from accounts.policy import Use, can, fields, registered, scope
from crm.models import Activity, Company, Contact, Deal, File, Grant, SavedView, Share, Task
from crm.services import files
from tests.factories.crm import make_activity, make_company, make_contact, make_deal, make_task
from tests.factories.people import make_team, make_user

pytestmark = pytest.mark.django_db

VIEWS = {
    Company: P.COMPANY_VIEW,
    Contact: P.CONTACT_VIEW,
    Deal: P.DEAL_VIEW,
    Task: P.TASK_VIEW,
    Activity: P.ACTIVITY_VIEW,
    File: P.FILE_VIEW,
}
ACTORS = ("manager", "teammate", "head", "stranger", "other_head", "owner", "admin")


@pytest.fixture(autouse=True)
def _now(clock):
    with time_machine.travel(clock.now, tick=False):
        yield


@pytest.fixture
def records(cast, clock):
    """One record of each model, all the manager's, hanging on each other."""
    by = cast.manager
    company = make_company(by)
    contact = make_contact(by, company=company)
    deal = make_deal(by, company=company)
    task = make_task(by, clock.now, deal=deal)
    activity = make_activity(by, clock.now, deal=deal)
    file = files.attach(by=by, at=clock.now, upload=SimpleUploadedFile("a.txt", b"a"), deal=deal)
    return {Company: company, Contact: contact, Deal: deal, Task: task, Activity: activity, File: file}


def sees(user, records):
    """The models whose record `user` sees, by list and by the record, which must agree."""
    listed = {
        model for model, record in records.items() if model.objects.visible_to(user).filter(pk=record.pk).exists()
    }
    single = {model for model, record in records.items() if can(user, VIEWS[model], record)}
    assert listed == single
    return listed


def test_its_own_people_see_everything_and_others_nothing(cast, records):
    everything = set(records)
    assert {who: sees(getattr(cast, who), records) for who in ACTORS} == {
        "manager": everything,
        "head": everything,
        "owner": everything,
        "teammate": set(),
        "stranger": set(),
        "other_head": set(),
        "admin": set(),
    }


def test_every_permission_reaches_the_same_by_list_and_by_record(cast, records):
    Share.objects.create(user=cast.stranger, deal=records[Deal], shared_by=cast.manager)
    for rule in registered():
        record = records.get(rule.model)
        if record is None:
            continue
        for action in rule.reach:
            for who in ACTORS:
                user = getattr(cast, who)
                listed = rule.model._base_manager.filter(scope(user, action), pk=record.pk).exists()
                assert can(user, action, record) == listed, (action, who)


def test_a_head_reaches_the_teams_below_his_and_nobody_else_does(cast, records):
    above = make_user("Top", Role.HEAD)
    top = make_team("Top", above)
    cast.team.parent = top
    cast.team.path = f"{top.path}{cast.team.pk:06}."
    cast.team.save()
    assert sees(above, records) == set(records)
    assert sees(cast.other_head, records) == set()


def test_who_left_the_team_takes_his_records_along(cast, clock, records):
    membership = Membership.objects.get(user=cast.manager)
    membership.ends_on = date(2026, 10, 20)
    membership.save()
    Membership.objects.create(user=cast.manager, team=cast.other_team, starts_on=date(2026, 10, 20))
    assert sees(cast.head, records) == set()
    assert sees(cast.other_head, records) == set(records)


def test_a_team_to_come_opens_nothing_yet(cast, clock, records):
    Membership.objects.filter(user=cast.manager).update(ends_on=date(2026, 10, 21))
    Membership.objects.create(user=cast.manager, team=cast.other_team, starts_on=date(2026, 10, 21))
    assert sees(cast.other_head, records) == set()
    assert sees(cast.head, records) == set(records)


def test_a_shared_company_opens_what_happened_there_but_not_its_deals(cast, clock, records):
    company = records[Company]
    Share.objects.create(user=cast.stranger, company=company, shared_by=cast.manager)
    call = make_activity(cast.manager, clock.now, company=company)
    assert sees(cast.stranger, records) == {Company}
    assert can(cast.stranger, P.ACTIVITY_VIEW, call)
    assert can(cast.stranger, P.COMPANY_EDIT, company)
    assert not can(cast.stranger, P.COMPANY_DELETE, company)


def test_a_shared_deal_opens_its_tasks_activities_and_files_for_reading(cast, records):
    Share.objects.create(user=cast.stranger, deal=records[Deal], shared_by=cast.manager)
    assert sees(cast.stranger, records) == {Deal, Task, Activity, File}
    assert can(cast.stranger, P.DEAL_EDIT, records[Deal])
    assert not can(cast.stranger, P.DEAL_GIVE, records[Deal])
    assert not can(cast.stranger, P.TASK_EDIT, records[Task])
    assert not can(cast.stranger, P.ACTIVITY_EDIT, records[Activity])


def test_a_task_is_reached_by_who_set_it_and_who_has_it(cast, clock):
    task = make_task(cast.stranger, clock.now)
    Task.objects.filter(pk=task.pk).update(created_by=cast.manager)
    for who, edits, gives in (
        ("stranger", True, True),
        ("manager", True, False),
        ("head", True, False),
        ("teammate", False, False),
    ):
        assert (can(getattr(cast, who), P.TASK_EDIT, task), can(getattr(cast, who), P.TASK_GIVE, task)) == (
            edits,
            gives,
        ), who


def test_the_coordinator_reaches_clients_only_while_a_grant_is_in_force(cast, clock, records):
    Grant.objects.create(
        user=cast.admin,
        reason="Merge",
        starts_at=clock.now - timedelta(hours=2),
        ends_at=clock.now - timedelta(hours=1),
    )
    assert sees(cast.admin, records) == set()
    Grant.objects.create(
        user=make_user("Ada", Role.ADMIN), reason="Merge", starts_at=clock.now, ends_at=clock.now + timedelta(hours=1)
    )
    assert sees(cast.admin, records) == set()
    Grant.objects.create(user=cast.admin, reason="Merge", starts_at=clock.now, ends_at=clock.now + timedelta(hours=1))
    assert sees(cast.admin, records) == set(records)
    with time_machine.travel(clock.now + timedelta(hours=1), tick=False):
        assert sees(cast.admin, records) == set()


def test_who_was_switched_off_sees_nothing(cast, records):
    for who in ACTORS:
        user = getattr(cast, who)
        user.is_active = False
        assert sees(user, records) == set()
        assert fields(user, Company, Use.READ) == frozenset()


def test_what_hangs_on_a_deleted_record_is_out_of_sight_for_others(cast, clock, records):
    Share.objects.create(user=cast.stranger, deal=records[Deal], shared_by=cast.manager)
    Deal.objects.update(deleted_at=clock.now)
    assert sees(cast.stranger, {model: records[model] for model in (Task, Activity, File)}) == set()


def test_a_saved_view_is_ones_own(cast):
    view = SavedView.objects.create(user=cast.manager, page="deals", name="Mine", query="a=1")
    assert [who for who in ACTORS if can(getattr(cast, who), P.VIEW_SAVE, view)] == ["manager"]


def test_the_owner_reads_and_writes_nothing(cast, records):
    for action in (P.COMPANY_EDIT, P.CONTACT_EDIT, P.DEAL_EDIT, P.TASK_EDIT, P.ACTIVITY_EDIT, P.FILE_ADD, P.DEAL_GIVE):
        assert not any(can(cast.owner, action, record) for record in records.values()), action


def test_the_allow_lists_name_fields_that_exist(cast):
    for rule in registered():
        there = {field.name for field in rule.model._meta.get_fields()}
        for use in Use:
            assert rule.fields.get(use, frozenset()) <= there, (rule.model, use, rule.fields[use] - there)


def test_nobody_writes_or_reads_what_the_database_and_the_services_keep(cast):
    kept = {
        "folded",
        "search",
        "name_key",
        "tax_key",
        "domain_key",
        "phone_reversed",
        "external_id",
        "deleted_at",
        "changed_by",
    }
    stamps = {
        "recorded_at",
        "changed_at",
        "created_by",
        "opened_at",
        "closed_at",
        "stage_since",
        "done_at",
        "pushes",
        "source",
    }
    for model in (Company, Contact, Deal, Task, Activity):
        for who in ACTORS:
            assert not fields(getattr(cast, who), model, Use.READ) & kept
            assert not fields(getattr(cast, who), model, Use.WRITE) & (kept | stamps)
