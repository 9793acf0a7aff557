"""The daily control table on a page: one figure of a team, people down, days across, in two statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import formats
from accounts.models import Team
from accounts.reach import belongs_to_people_of
from discipline import team_day, words
from discipline.metrics import METRICS
from discipline.metrics.base import Kind
from discipline.models import DaySheet, Result
from discipline.spans import Span

POINTS = "points"
"""What is chosen for the points of the day instead of a rule's figure."""
SHEET = ("card_id", "user_id", "day", "name", "points", "lines")


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A rule's figure by its code. What is true of a moment is averaged over days; what was done is summed."""

    code: str
    metric: str
    label: str

    @property
    def averaged(self) -> bool:
        known = METRICS.get(self.metric)
        return known is not None and known.kind == Kind.STATE

    @property
    def over_days(self) -> str:
        """What the column behind the days is called."""
        return _("On average") if self.averaged else _("Sum")


@dataclass(frozen=True, kw_only=True)
class Line:
    """One rule of a card, as the control system wrote it down that day."""

    code: str
    metric: str
    label: str
    value: Decimal | None
    result: str
    points: int
    scored: bool
    trial: bool

    @classmethod
    def of(cls, stored: Sequence[Any]) -> Line:
        code, metric, label, value, result, points, scored, trial = stored
        figure = None if value is None else Decimal(str(value))
        return cls(
            code=code, metric=metric, label=words.label(metric, label), value=figure, result=result, points=points,
            scored=bool(scored), trial=bool(trial),
        )  # fmt: skip

    @property
    def missed(self) -> bool:
        return self.scored and self.result == Result.MISSED


@dataclass
class Sum:
    """Figures of some days, and how many of them broke the rule."""

    values: list[Decimal] = field(default_factory=list)
    missed: int = 0

    def add(self, value: Decimal | None, missed: bool) -> None:
        if value is not None:
            self.values.append(value)
        self.missed += missed

    def over(self, figure: Figure) -> Decimal | None:
        if not self.values:
            return None
        total = sum(self.values, Decimal())
        return round(total / len(self.values), 2) if figure.averaged else total


@dataclass(frozen=True, kw_only=True)
class Page:
    """What the page draws: the figures to choose from, and the cells of the one that is chosen."""

    figures: list[Figure]
    figure: Figure
    days: list[date]
    rows: list[dict[str, Any]]
    foot: list[dict[str, Any]]
    total: str
    missed: int


def sheets(user: Any, teams: Iterable[Team], span: Span) -> QuerySet[DaySheet]:
    """The cards of these teams that somebody may read, in the order of the table; `teams` are among those he leads."""
    found = DaySheet.objects.filter(belongs_to_people_of(user, "user"), team__in=[one.pk for one in teams])
    return found.filter(day__range=(span.first, span.last)).order_by("name", "user_id", "day")


def points_figure() -> Figure:
    return Figure(code=POINTS, metric="", label=_("Points of the day"))


def read(user: Any, team: Team, span: Span, code: str) -> Page | None:
    """The table of the figure with that code, the first one without a choice; None where nobody was scored: one statement."""
    found = list(sheets(user, [team], span).values(*SHEET))
    if not found:
        return None
    figures = _figures(found)
    figure = next((one for one in figures if one.code == code), figures[0])
    days = sorted({sheet["day"] for sheet in found})
    by_person: dict[int, dict[str, Any]] = {}
    by_day = {day: Sum() for day in days}
    whole = Sum()
    for sheet in found:
        person = by_person.setdefault(sheet["user_id"], {"name": sheet["name"], "cells": {}, "sum": Sum()})
        value, state = _value(sheet, figure)
        if state:
            person["cells"][sheet["day"]] = _cell(sheet, figure, value, state)
            for one in (person["sum"], by_day[sheet["day"]], whole):
                one.add(value, state == "missed")
    return Page(
        figures=figures, figure=figure, days=days, rows=[_row(pk, person, days, figure, span) for pk, person in by_person.items()],
        foot=[{"value": _shown(one.over(figure)), "missed": one.missed} for one in by_day.values()],
        total=_shown(whole.over(figure)), missed=whole.missed,
    )  # fmt: skip


def _figures(found: Sequence[Mapping[str, Any]]) -> list[Figure]:
    """Every figure of these cards, in the order of the newest rules, and the points behind them."""
    figures: dict[str, Figure] = {}
    for sheet in sorted(found, key=lambda one: one["day"], reverse=True):
        for stored in sheet["lines"]:
            if stored[0] not in figures:
                line = Line.of(stored)
                figures[line.code] = Figure(code=line.code, metric=line.metric, label=line.label)
    return [*figures.values(), points_figure()]


def _value(sheet: Mapping[str, Any], figure: Figure) -> tuple[Decimal | None, str]:
    """The figure on a card with the word of its cell; no word where the person was under other rules."""
    if figure.code == POINTS:
        return Decimal(sheet["points"]), "missed" if sheet["points"] < 0 else "met"
    stored = next((one for one in sheet["lines"] if one[0] == figure.code), None)
    if stored is None:
        return None, ""
    line = Line.of(stored)
    return line.value, words.STATES[Result(line.result)] if line.scored else "na"


def _cell(sheet: Mapping[str, Any], figure: Figure, value: Decimal | None, state: str) -> dict[str, Any]:
    if figure.code == POINTS:
        card = reverse("discipline:card", args=[sheet["card_id"]])
        return {"state": state, "value": formats.points(value), "href": card, "get": ""}
    evidence = f"{reverse('discipline:cell')}?card={sheet['card_id']}&line={figure.code}"
    return {"state": state, "value": _shown(value), "href": evidence, "get": evidence}


def _row(pk: int, person: Mapping[str, Any], days: Sequence[date], figure: Figure, span: Span) -> dict[str, Any]:
    return {
        "person": person["name"],
        "href": f"{reverse('discipline:card-list')}?user={pk}&since={span.first}&until={span.last}",
        "cells": [person["cells"].get(day) for day in days],
        "total": _shown(person["sum"].over(figure)),
        "missed": person["sum"].missed,
    }


def _shown(value: Decimal | None) -> str:
    return words.figure(value)


def teams_for(user: Any, asked: str) -> tuple[list[Team], Team | None]:
    """Somebody's teams and the one that was asked for; one statement."""
    return team_day.chosen(user, asked)
