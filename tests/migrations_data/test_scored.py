"""From an Excel table to a scored day: whoever was imported in the morning has a card in the evening."""

from decimal import Decimal

import pytest

from accounts.models import User
from discipline.models import Assignment, Mode, Scorecard, Snapshot, TeamPolicy
from discipline.services import planner
from tests.migrations_data import tables

pytestmark = pytest.mark.django_db


def test_people_imported_on_a_monday_are_scored_that_evening(clock, cast):
    clock.set("2026-10-19 10:00")
    tables.run(cast.admin, clock.now, tables.ALL_FOUR)
    people = User.objects.filter(full_name__in=["Ada North", "Ben Okoro", "Cleo Vance", "Dina Frost", "Egon Weiss"])
    assert Assignment.objects.filter(user__in=people).count() == 5
    assert set(TeamPolicy.objects.values_list("mode", flat=True)) == {Mode.TRIAL}
    clock.set("2026-10-19 19:00")
    planner.run(now=clock.now)
    cards = Scorecard.objects.filter(user__in=people)
    assert {card.day.isoformat() for card in cards} == {"2026-10-19"}
    assert cards.count() == 5
    assert set(cards.values_list("posted", flat=True)) == {0}
    without = Snapshot.objects.filter(metric="deals_without_task", user__in=people)
    assert {one.user.full_name: one.value for one in without if one.value} == {
        "Cleo Vance": Decimal(1),
        "Dina Frost": Decimal(1),
    }
    assert not any(Snapshot.objects.filter(metric__in=["deals_won", "companies_added"]).values_list("value", flat=True))
