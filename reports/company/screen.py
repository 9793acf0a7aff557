"""The owner's screen as of a moment: what it reads, in four statements, and its blocks in their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse

from accounts import formats
from accounts.models import Team, User
from accounts.permissions import Permission
from accounts.policy import scope
from accounts.together import together
from crm.models import LossReason, Product, Stage
from discipline.models import TeamDay
from reports.company import (
    buyers,
    complaints,
    forecast,
    funnel,
    health,
    key_people,
    liability,
    lost,
    quality,
    rules_kept,
    won,
)
from reports.company.blocks import BAD, WATCH, Block, Cell
from reports.company.board import Board, StageName, TeamScore
from reports.models import Reading
from reports.shown import Shown

BLOCKS = (forecast, won, rules_kept, liability, funnel, lost, complaints, buyers, quality, key_people, health)
MOST_ALARMS = 5


@dataclass(frozen=True, kw_only=True)
class Screen:
    """What the page draws. `shown` is None while there is no reading of that day; `earlier`, `later` and `first` are mornings that
    were kept."""

    day: date | None
    now: datetime
    shown: Shown | None
    blocks: list[Block]
    earlier: date | None
    later: date | None
    first: date | None

    @property
    def is_past(self) -> bool:
        """Whether a kept morning is shown, and not the last reading."""
        return self.day is not None

    @property
    def around(self) -> date | None:
        """The day that is shown, or was asked for."""
        return self.day or (self.shown.reading.day if self.shown else None)

    @cached_property
    def strip(self) -> list[Cell]:
        """The four figures above everything."""
        first = {block.key: block.facts for block in self.blocks if block.facts}
        chosen = [(forecast.KEY, 0), (won.KEY, 1), (rules_kept.KEY, 0), (liability.KEY, 0)]
        return [first[key][min(place, len(first[key]) - 1)] for key, place in chosen if key in first]

    @cached_property
    def alarms(self) -> list[Block]:
        """What he should know first, the worst on top."""
        rang = [block for block in self.blocks if block.alarm]
        return sorted(rang, key=lambda block: (BAD, WATCH, "").index(block.tone if block.tone in (BAD, WATCH) else ""))[
            :MOST_ALARMS
        ]

    @property
    def as_of(self) -> str:
        """When the figures were read, in words."""
        return formats.when(self.shown.reading.moment, now=self.now, inside=True) if self.shown else ""


def read(user: User, *, day: date | None, now: datetime, whole: bool = False) -> Screen:
    """The screen as of now, or as of the morning that was kept of `day`; `whole` keeps every row of the tables, for a workbook."""
    shown = Shown.of(user, day, people=False)
    around = day or (shown.reading.day if shown else now.date())
    names, earlier, later, first = _beside(user, shown, around)
    if shown is None:
        return Screen(day=day, now=now, shown=None, blocks=[], earlier=earlier, later=later, first=first)
    board = _board(shown, names, now=now, back=address(day), whole=whole)
    blocks = [one.block(board) for one in BLOCKS]
    return Screen(day=day, now=now, shown=shown, blocks=blocks, earlier=earlier, later=later, first=first)


def address(day: date | None) -> str:
    """Of the screen as of a day, or as of now."""
    page = reverse("reports:company")
    return f"{page}?day={day.isoformat()}" if day else page


Names = Sequence[list[dict[str, Any]]]


def _beside(user: User, shown: Shown | None, around: date) -> tuple[Names, date | None, date | None, date | None]:
    """What the parts of figures stand for, the scored days of the teams, and the mornings to go to: one statement."""
    kept = Reading.objects.filter(kept=True)
    days = (
        kept.filter(day__lt=around).order_by("-day").values("day")[:1],
        kept.filter(day__gt=around).order_by("day").values("day")[:1],
        kept.order_by("day").values("day")[:1],
    )
    *names, earlier, later, first = together(*_named(user, shown), *days)
    return names, _day(earlier), _day(later), _day(first)


def _named(user: User, shown: Shown | None) -> list[QuerySet[Any, Any]]:
    if shown is None:
        return []
    products = [part for part in shown.company.parts("lost_product") if part.isdigit()]
    return [
        Team.objects.order_by().values("pk", "name"),
        Stage.objects.values("pk", "name", "colour", funnel=F("pipeline__name")),
        LossReason.objects.order_by().values("pk", "name"),
        Product.objects.filter(pk__in=products).order_by().values("pk", "name"),
        _scored(user, shown),
    ]


def _scored(user: User, shown: Shown) -> QuerySet[Any, Any]:
    """The scored days of a fortnight that were closed when the figures were read."""
    day = shown.reading.day
    rows = TeamDay.objects.filter(
        scope(user, Permission.TEAM_DAY_VIEW), cards__gt=0, closed_at__lte=shown.reading.moment
    )
    fortnight = rows.filter(day__gt=day - timedelta(days=rules_kept.DAYS), day__lte=day)
    return fortnight.order_by("day", "team").values("team_id", "day", "cards", "points", "met", "missed")


def _day(rows: list[dict[str, Any]]) -> date | None:
    return rows[0]["day"] if rows else None


def _board(shown: Shown, names: Names, *, now: datetime, back: str, whole: bool) -> Board:
    teams, stages, reasons, products, scores = names
    return Board(
        shown=shown,
        now=now,
        back=back,
        whole=whole,
        currency=shown.about.get("forecast", {}).get("currency", "EUR"),
        teams={row["pk"]: row["name"] for row in teams},
        stages=[
            StageName(key=str(row["pk"]), name=row["name"], colour=row["colour"], pipeline=row["funnel"])
            for row in stages
        ],
        reasons={str(row["pk"]): row["name"] for row in reasons},
        products={str(row["pk"]): row["name"] for row in products},
        scores=[
            TeamScore(
                team=row["team_id"],
                day=row["day"],
                cards=row["cards"],
                points=row["points"],
                met=row["met"],
                missed=row["missed"],
            )
            for row in scores
        ],
    )
