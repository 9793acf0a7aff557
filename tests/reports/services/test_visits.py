"""Where a deal stood, since when, and how it left: from its history, the same however often it is asked."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from crm.history.clock import show
from crm.models import Deal, DealTimeline, Pipeline, Stage
from reports.figures import FIGURES
from reports.figures.sums import measured
from reports.models import StageVisit
from reports.moments import Span
from reports.services import visits
from tests.factories.crm import make_deal, make_stage
from tests.factories.people import Cast
from tests.fixtures import Clock

pytestmark = pytest.mark.django_db
Row = tuple[int, int, int, int, datetime, datetime | None, str, bool, str, int | None]


@pytest.fixture
def stages(db: None) -> list[Stage]:
    return [make_stage(name, position=n) for n, name in enumerate(("New", "Met", "Offer"))]


def change(deal: Deal, at: datetime, **facts: Any) -> None:
    """Change a deal as of a moment."""
    show(at)
    Deal.objects.filter(pk=deal.pk).update(**facts)


def written() -> list[Row]:
    columns = (
        "deal", "place", "stage", "person", "entered_at", "left_at", "outcome", "known", "currency", "amount_minor"
    )  # fmt: skip
    return list(StageVisit.objects.order_by("deal", "place").values_list(*columns))


def walked(until: datetime) -> list[Row]:
    """The same by walking through every deal's versions one by one."""
    rows: list[Row] = []
    for deal in Deal.objects.order_by("pk"):
        rows += _of_one(list(DealTimeline.objects.filter(id=deal.pk, from_at__lte=until).order_by("from_at")), until)
    return rows


def _of_one(versions: list[Any], until: datetime) -> list[Row]:
    rows: list[Row] = []
    first: Any = None
    for n, version in enumerate(versions):
        after = versions[n + 1] if n + 1 < len(versions) else None
        if not _stands(version):
            continue
        first = first or version
        if after is not None and _stands(after) and after.stage_id == version.stage_id:
            continue
        left_at = version.to_at if after is not None else None
        brought = first.source == "import" and first.from_at == first.recorded_at
        rows.append((
            version.id, len(rows) + 1, version.stage_id, first.owner_id, first.from_at, left_at,
            _outcome(version, after), not brought, version.currency, version.amount_minor,
        ))  # fmt: skip
        first = None
    return rows


def _stands(version: Any) -> bool:
    return version.status == "open" and version.deleted_at is None


def _outcome(version: Any, after: Any) -> str:
    if after is None:
        return ""
    if _stands(after):
        here, there = Stage.objects.get(pk=version.stage_id), Stage.objects.get(pk=after.stage_id)
        if here.pipeline_id != there.pipeline_id:
            return "gone"
        return "on" if there.position > here.position else "back"
    return after.status if after.status in ("won", "lost") else "gone"


def test_a_deal_goes_on_back_and_is_won(cast: Cast, clock: Clock, stages: list[Stage]) -> None:
    new, met, _offer = stages
    begun = clock.now
    deal = make_deal(cast.manager, stage=new, amount_minor=100_00)
    change(deal, begun + timedelta(hours=1), stage=met, amount_minor=120_00)
    change(deal, begun + timedelta(hours=2), owner=cast.teammate)
    change(deal, begun + timedelta(hours=3), stage=new)
    change(deal, begun + timedelta(hours=4), status="won", amount_minor=90_00)
    visits.follow(since=None, until=begun + timedelta(hours=5))
    assert [row[1:] for row in written()] == [
        (1, new.pk, cast.manager.pk, begun, begun + timedelta(hours=1), "on", True, "EUR", 100_00),
        (2, met.pk, cast.manager.pk, begun + timedelta(hours=1), begun + timedelta(hours=3), "back", True, "EUR", 120_00),
        (3, new.pk, cast.teammate.pk, begun + timedelta(hours=3), begun + timedelta(hours=4), "won", True, "EUR", 120_00),
    ]  # fmt: skip


def test_a_deal_that_stands_is_as_long_as_it_stands_and_has_the_amount_of_now(
    cast: Cast, clock: Clock, stages: list[Stage]
) -> None:
    begun = clock.now
    deal = make_deal(cast.manager, stage=stages[0], amount_minor=100_00)
    visits.follow(since=None, until=begun)
    change(deal, begun + timedelta(hours=1), amount_minor=150_00)
    visits.follow(since=begun, until=begun + timedelta(hours=2))
    change(deal, begun + timedelta(hours=3), status="lost")
    visits.follow(since=begun + timedelta(hours=2), until=begun + timedelta(hours=2, minutes=59))
    assert [row[5:] for row in written()] == [(None, "", True, "EUR", 150_00)]
    visits.follow(since=begun + timedelta(hours=2), until=begun + timedelta(hours=3))
    assert [row[5:] for row in written()] == [(begun + timedelta(hours=3), "lost", True, "EUR", 150_00)]


def test_what_left_a_stage_keeps_the_currency_in_which_it_left(cast: Cast, clock: Clock, stages: list[Stage]) -> None:
    begun = clock.now
    deal = make_deal(cast.manager, stage=stages[0], amount_minor=100_00)
    change(deal, begun + timedelta(hours=1), stage=stages[1])
    change(deal, begun + timedelta(hours=2), currency="PLN", amount_minor=430_00)
    visits.follow(since=None, until=begun + timedelta(hours=3))
    rows = measured([FIGURES["entered_stage"]], Span(begun + timedelta(hours=3), "Europe/Warsaw"))
    assert sorted(row[3:] for row in rows) == [("EUR", 1, 100_00), ("PLN", 1, 430_00)]


def test_nobody_knows_since_when_an_imported_deal_stood_there(cast: Cast, clock: Clock, stages: list[Stage]) -> None:
    deal = make_deal(cast.manager, stage=stages[0], source="import", external_id="d1")
    change(deal, clock.now + timedelta(days=1), stage=stages[1])
    visits.follow(since=None, until=clock.now + timedelta(days=2))
    assert [row[7] for row in written()] == [False, True]


def test_a_stay_that_is_over_does_not_change_when_the_stages_change_places(
    cast: Cast, clock: Clock, stages: list[Stage]
) -> None:
    deal = make_deal(cast.manager, stage=stages[0])
    change(deal, clock.now + timedelta(hours=1), stage=stages[1])
    visits.follow(since=None, until=clock.now + timedelta(hours=2))
    Stage.objects.filter(pk=stages[0].pk).update(position=9)
    change(deal, clock.now + timedelta(hours=3), stage=stages[2])
    visits.follow(since=None, until=clock.now + timedelta(hours=4))
    assert [row[6] for row in written()] == ["on", "on", ""]


def test_many_deals_come_out_as_they_do_one_by_one(cast: Cast, clock: Clock, stages: list[Stage]) -> None:
    chance, at, asked = Random(7), clock.now, clock.now
    stages.append(make_stage("Begin", Pipeline.objects.create(name="Service")))
    deals = [make_deal(cast.manager, stage=chance.choice(stages), amount_minor=n) for n in range(12)]
    for step in range(120):
        at += timedelta(minutes=chance.randint(1, 600))
        facts: dict[str, Any] = chance.choice([
            {"stage": chance.choice(stages)}, {"stage": chance.choice(stages)}, {"status": "won"}, {"status": "lost"},
            {"status": "open"}, {"status": "open"}, {"deleted_at": at}, {"deleted_at": None},
            {"owner": chance.choice([cast.manager, cast.teammate])}, {"amount_minor": chance.randint(1, 900)},
        ])  # fmt: skip
        change(chance.choice(deals), at, **facts)
        if step % 30 == 0:
            visits.follow(since=asked if step else None, until=at)
            asked = at
    visits.follow(since=asked, until=at)
    assert written() == walked(at)
    assert visits.follow(since=None, until=at) == 0
    assert {row[6] for row in written()} == {"", "on", "back", "won", "lost", "gone"}
