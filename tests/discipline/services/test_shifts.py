"""Another deadline for one day: later while it runs, earlier only before, always with a reason."""

from datetime import UTC, date, datetime, time

import pytest
from django.db import IntegrityError, transaction

from accounts.refusals import NotAllowed
from discipline.models import DeadlineShift
from discipline.services import days, shifts
from notifications import rendering
from notifications.models import Delivery, Message

pytestmark = pytest.mark.django_db
TUESDAY, WEDNESDAY, THURSDAY = date(2026, 10, 20), date(2026, 10, 21), date(2026, 10, 22)


@pytest.fixture
def shift(scored, clock, cast):
    def shifting(**facts):
        asked = {"team": cast.team, "day": TUESDAY, "deadline": time(20), "reason": "Trade fair", "by": cast.head}
        return shifts.shift(at=clock.now, **(asked | facts))

    return shifting


def test_the_head_moves_todays_deadline_until_it_has_passed(shift, clock):
    clock.set("2026-10-20 17:59")
    made = shift()
    assert (made.deadline, made.reason, made.recorded_at) == (time(20), "Trade fair", clock.now)
    clock.set("2026-10-20 19:59")
    shift(deadline=time(21))
    clock.set("2026-10-20 21:00")
    with pytest.raises(shifts.DayOver) as refused:
        shift(deadline=time(22))
    assert (refused.value.field, DeadlineShift.objects.count()) == ("day", 2)


def test_earlier_is_possible_only_before_anybody_works_towards_it(shift):
    for day in (TUESDAY, THURSDAY):
        if day == TUESDAY:
            with pytest.raises(shifts.TooEarly) as refused:
                shift(day=day, deadline=time(16))
            assert refused.value.field == "deadline"
        else:
            assert shift(day=day, deadline=time(16)).day == THURSDAY
    assert DeadlineShift.objects.count() == 1


@pytest.mark.parametrize(
    ("facts", "refusal", "field"),
    [
        ({"reason": "  "}, shifts.ReasonMissing, "reason"),
        ({"deadline": time(18)}, shifts.SameDeadline, "deadline"),
        ({"day": date(2026, 10, 19)}, shifts.DayOver, "day"),
        ({"day": date(2028, 1, 3)}, shifts.TooFarAhead, "day"),
        ({"day": date(2025, 1, 3)}, shifts.NoDeadlineYet, "day"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field_and_nothing_is_saved(shift, facts, refusal, field):
    with pytest.raises(refusal) as refused:
        shift(**facts)
    assert (refused.value.field, DeadlineShift.objects.count()) == (field, 0)


def test_a_deadline_in_a_gap_of_the_clock_is_kept_as_the_later_reading(shift, clock, cast):
    clock.set("2027-03-20 10:00")
    shift(day=date(2027, 3, 28), deadline=time(2, 30))
    with pytest.raises(shifts.SameDeadline):
        shift(day=date(2027, 3, 28), deadline=time(3, 30))


@pytest.mark.parametrize("who", ["manager", "stranger", "other_head", "owner"])
def test_only_the_teams_head_and_the_coordinator_shift(shift, cast, who):
    with pytest.raises(NotAllowed):
        shift(by=getattr(cast, who))
    shift(by=cast.admin)


def test_a_shift_is_never_changed_and_moves_the_closing(shift, clock, cast):
    made = shift()
    with pytest.raises(IntegrityError), transaction.atomic():
        DeadlineShift.objects.filter(pk=made.pk).update(deadline=time(23))
    assert days.close(team=cast.team, day=TUESDAY, at=clock.set("2026-10-20 20:29")).complete is False
    closed = days.close(team=cast.team, day=TUESDAY, at=clock.set("2026-10-20 20:30"))
    assert (closed.cards, closed.complete) == (2, True)
    assert cast.manager.scorecards.get().cut_off == datetime(2026, 10, 20, 18, tzinfo=UTC)


def test_the_team_is_told_with_the_reason(shift, cast):
    shift(reason="Fair & more")
    told = Message.objects.order_by("recipient")
    assert {message.recipient for message in told} == {cast.manager, cast.teammate}
    letter = rendering.mail(Delivery.objects.first())
    assert letter.subject == "Tuesday 20 October: deadline at 20:00"
    assert "Reason: Fair & more (Hanna Head)" in letter.body
    assert "Tuesday 20 October" in rendering.inbox(told[0])
