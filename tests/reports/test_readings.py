"""What the screens show is read by a job, as of one moment, and what was mailed stays."""

import pytest
from django.db import Error, transaction

from reports.figures.sums import Sums
from reports.models import PersonReading, Reading, TeamReading
from reports.services import readings
from tests.factories.crm import make_deal
from tests.factories.people import Cast
from tests.fixtures import Clock

pytestmark = pytest.mark.django_db


def whole(row: PersonReading | TeamReading, key: str) -> tuple[int, dict[str, int]]:
    sum_ = Sums.of(row.figures).whole(key)
    return sum_.count, sum_.minor


def test_a_reading_holds_each_person_each_team_and_the_company(cast: Cast, clock: Clock) -> None:
    make_deal(cast.manager, amount_minor=100_00)
    make_deal(cast.teammate, amount_minor=50_00)
    make_deal(cast.stranger, amount_minor=7_00)
    clock.set("2026-10-20 10:10")
    reading = readings.read(at=clock.now)
    assert reading is not None
    assert reading.kept
    rows = {row.person_id: row for row in PersonReading.objects.all()}
    teams = {row.team_id: row for row in TeamReading.objects.all()}
    assert whole(rows[cast.manager.pk], "deals_open") == (1, {"EUR": 100_00})
    assert whole(teams[cast.team.pk], "deals_open") == (2, {"EUR": 150_00})
    assert whole(teams[None], "deals_open") == (3, {"EUR": 157_00})


def test_only_the_first_reading_of_a_morning_stays_and_the_last_one_is_shown(cast: Cast, clock: Clock) -> None:
    for wall in ("05:50", "06:00", "06:10", "08:00", "08:10", "08:20"):
        readings.read(at=clock.set(f"2026-10-20 {wall}"))
    assert [f"{one.moment:%H:%M}" for one in Reading.objects.order_by("moment")] == ["04:00", "06:00", "06:10", "06:20"]
    shown, kept = Reading.objects.shown_on(None).get(), Reading.objects.shown_on(clock.now.date()).get()
    assert (shown.kept, kept.kept) == (False, True)
    with pytest.raises(Error), transaction.atomic():
        kept.delete()
    with pytest.raises(Error), transaction.atomic():
        TeamReading.objects.filter(reading=kept).update(figures={})
