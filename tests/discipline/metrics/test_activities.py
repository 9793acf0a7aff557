"""What a company counts of its own: kinds, results, direction, segment, a note, a file."""

import pytest

from crm.models import Activity
from discipline.metrics import BadParameter
from tests.discipline.metrics.conftest import attach
from tests.factories.crm import make_company, make_deal

pytestmark = pytest.mark.django_db


@pytest.fixture
def act(clock, cast):
    def make(kind: str, ended: str = "2026-10-20 12:00", saved: str = "", **fields):
        when = clock.set(ended)
        clock.set(saved or ended)
        who = cast.manager
        return Activity.objects.create(
            kind=kind, occurred_at=when, performed_by=who, created_by=who, changed_by=who, **fields
        )

    return make


def test_only_the_chosen_kinds_count(act, asked, cast):
    for kind in ("call", "meeting", "email", "message", "note"):
        act(kind)
    assert asked("activities", cast.manager, kinds=["email"]).value == 1
    assert asked("activities", cast.manager, kinds=["email", "message", "note"]).value == 3


def test_kinds_must_be_chosen(asked, cast):
    with pytest.raises(BadParameter) as refused:
        asked("activities", cast.manager)
    assert refused.value.field == "kinds"


def test_only_the_chosen_results_and_direction_count(act, asked, cast):
    act("call", result="agreed", direction="in")
    act("call", result="agreed", direction="out")
    act("call", result="refused", direction="out")
    assert asked("activities", cast.manager, kinds=["call"], results=["agreed"]).value == 2
    assert asked("activities", cast.manager, kinds=["call"], results=["agreed"], direction="out").value == 1


def test_a_segment_is_that_of_the_company_at_the_cut_off(act, asked, clock, cast, school):
    company = make_company(cast.manager)
    company.tags.add(school)
    act("email", company=company)
    act("email")
    clock.set("2026-10-20 18:00:01")
    company.tags.clear()
    assert asked("activities", cast.manager, kinds=["email"], segment=school.pk).value == 1
    assert asked("activities", cast.manager, "2026-10-21", kinds=["email"], segment=school.pk).value == 0


def test_a_note_may_be_asked_for(act, told, cast):
    bare, told_of = act("email", note="  "), act("email", note="Sent the offer.")
    assert told("activities", cast.manager, kinds=["email"], note=True) == [(bare.pk, "without_note"), (told_of.pk, "")]


def test_a_file_may_be_asked_for_put_there_that_day(act, asked, told, clock, cast):
    clock.set("2026-10-19 12:00")
    old, new = make_deal(cast.manager), make_deal(cast.manager)
    attach(cast.manager, deal=old)
    one, other = act("meeting", deal=old), act("meeting", deal=new)
    attach(cast.manager, deal=new)
    given = {"kinds": ["meeting"], "file": True}
    assert told("activities", cast.manager, **given) == [(one.pk, "without_file"), (other.pk, "")]


def test_what_is_late_deleted_or_of_another_day_does_not_count(act, asked, told, clock, cast):
    late = act("email", "2026-10-20 12:00", "2026-10-20 18:05")
    gone = act("email", "2026-10-20 13:00")
    act("email", "2026-10-19 18:00")
    act("email", "2026-10-20 18:00:01")
    clock.set("2026-10-20 14:00")
    Activity.objects.filter(pk=gone.pk).update(deleted_at=clock.now)
    assert told("activities", cast.manager, kinds=["email"]) == [(late.pk, "late"), (gone.pk, "deleted")]


def test_captured_mail_may_arrive_until_the_horizon_and_imports_never_count(act, told, cast):
    mail = act("email", "2026-10-20 12:00", "2026-10-20 18:30", source="mail")
    act("email", "2026-10-20 12:00", "2026-10-20 18:30:00.000001", source="mail")
    act("email", "2026-10-20 12:00", source="import")
    assert told("activities", cast.manager, kinds=["email"]) == [(mail.pk, "")]
