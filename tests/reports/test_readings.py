"""What the screens show is read by a job, as of one moment, and what was mailed stays."""

from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import Error, transaction
from django.utils import timezone

from crm.models import Deal
from discipline.models import CalendarDay, Plan, TeamPolicy
from reports.figures.sums import Sums
from reports.models import PersonReading, Reading, StageVisit, TeamReading
from reports.services import readings
from tests.factories.crm import make_company, make_deal, make_stage
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


def moments(reading: Reading) -> dict[str, str]:
    """When the heavy figures of a reading were measured, where it was before."""
    return {key: f"{datetime.fromisoformat(at):%d %H:%M}" for key, at in reading.moments.items()}


def test_heavy_figures_are_measured_in_the_morning_and_carried_over(cast: Cast, clock: Clock) -> None:
    clock.set("2026-10-20 05:00")
    company = make_company(cast.manager, completeness=1, validity=1)
    first = readings.read(at=clock.set("2026-10-20 06:00"))
    make_company(cast.teammate, name="Bolt")
    second = readings.read(at=clock.set("2026-10-20 06:10"))
    night = readings.read(at=clock.set("2026-10-21 05:50"))
    morning = readings.read(at=clock.set("2026-10-21 06:00"))
    assert None not in (first, second, night, morning)
    assert (first.moments, morning.moments) == ({}, {})
    assert moments(second)["quality"] == moments(night)["quality"] == "20 04:00"
    assert [whole(TeamReading.objects.get(reading=one, team=None), "quality") for one in (first, night, morning)] == [
        (1, {"": 75_00}), (1, {"": 75_00}), (2, {"": 90_00}),
    ]  # fmt: skip
    assert whole(PersonReading.objects.get(reading=night, person=company.owner), "quality") == (1, {"": 75_00})


def test_past_mornings_are_made_up_for_as_they_were(cast: Cast, clock: Clock) -> None:
    deal = make_deal(cast.manager, amount_minor=100_00)
    clock.set("2026-10-21 07:00")
    Deal.objects.filter(pk=deal.pk).update(amount_minor=300_00)
    clock.set("2026-10-22 07:00")
    readings.read(at=clock.now)
    made = readings.read_mornings(since=date(2026, 10, 19), at=clock.now)
    assert [(one.day.day, one.kept) for one in made] == [(19, True), (20, True), (21, True)]
    rows = TeamReading.objects.filter(team=None).order_by("reading__day")
    assert [whole(row, "deals_open") for row in rows] == [
        (0, {}), (0, {}), (1, {"EUR": 100_00}), (1, {"EUR": 300_00})
    ]  # fmt: skip
    assert [row.about.get("health") is not None for row in rows] == [False, False, False, True]
    assert readings.read_mornings(since=date(2026, 10, 19), at=clock.now) == []
    assert StageVisit.objects.filter(deal=deal).count() == 1


def test_the_company_knows_how_far_the_month_has_come(cast: Cast, clock: Clock) -> None:
    TeamPolicy.objects.create(team=cast.team, starts_on=date(2026, 1, 1), calendar="PL")
    CalendarDay.objects.create(calendar="PL", day=date(2026, 10, 5), kind="holiday", approved_by=cast.admin)
    Plan.objects.create(
        user=cast.manager,
        metric="sum_won",
        first=date(2026, 10, 1),
        last=date(2026, 10, 31),
        target=6_000,
        set_by=cast.head,
    )
    won = make_deal(cast.manager, amount_minor=2_000_00)
    Deal.objects.filter(pk=won.pk).update(status="won")
    make_deal(
        cast.teammate,
        amount_minor=1_000_00,
        expected_close=date(2026, 10, 30),
        stage=make_stage("Offer", probability=40),
    )
    readings.read(at=clock.set("2026-10-20 10:10"))
    about = TeamReading.objects.get(team=None).about
    assert about["working"] == {"elapsed": 12, "days": 21}
    assert about["forecast"] == {
        "currency": "EUR", "plan": 6_000_00, "won": 2_000_00, "due": 400_00, "low": 2_400_00, "high": 3_500_00,
    }  # fmt: skip
    assert set(about["health"]) == {"waiting", "dead", "findings", "silent", "broken"}


def test_the_command_reads_now_and_makes_up_for_mornings(cast: Cast) -> None:
    call_command("read_figures", since=timezone.localdate() - timedelta(days=2), stdout=(said := StringIO()))
    assert said.getvalue().startswith("2 mornings read.\nFigures read as of ")
    assert Reading.objects.filter(kept=True).count() >= 2
    with pytest.raises(CommandError, match="still to come"):
        call_command("read_figures", since=timezone.localdate() + timedelta(days=2))
