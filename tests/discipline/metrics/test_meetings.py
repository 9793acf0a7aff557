import pytest

from crm.models import Activity

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(clock, cast):
    def make(ended: str, saved: str = "", **fields):
        when = clock.set(ended)
        clock.set(saved or ended)
        who = cast.manager
        return Activity.objects.create(
            kind="meeting", occurred_at=when, performed_by=who, created_by=who, changed_by=who, **fields
        )

    return make


@pytest.mark.parametrize(
    ("result", "reason"), [("agreed", ""), ("refused", ""), ("", "no_outcome"), ("not_held", "not_held")]
)
def test_a_meeting_counts_when_it_took_place_and_says_what_came_of_it(meeting, reasons, cast, result, reason):
    meeting("2026-10-20 11:00", result=result)
    assert reasons("meetings_held", cast.manager) == [("excluded" if reason else "counted", reason)]


@pytest.mark.parametrize(("at", "counts"), [("18:00:00", 1), ("18:00:00.000001", 0)])
def test_an_outcome_must_be_there_by_the_cut_off(meeting, clock, figure, cast, at, counts):
    made = meeting("2026-10-20 11:00")
    clock.set(f"2026-10-20 {at}")
    Activity.objects.filter(pk=made.pk).update(result="agreed")
    assert figure("meetings_held", cast.manager).value == counts
    assert figure("data_in_time", cast.manager).value == 1 - counts


def test_an_outcome_taken_away_later_leaves_the_day_as_it_was(meeting, clock, figure, cast):
    made = meeting("2026-10-20 11:00", result="agreed")
    clock.set("2026-10-21 09:00")
    Activity.objects.filter(pk=made.pk).update(result="")
    assert figure("meetings_held", cast.manager).value == 1
