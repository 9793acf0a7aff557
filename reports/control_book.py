"""The daily control table as one workbook: a sheet for each figure as a head knows it, and all of it in rows with a pivot table.

The cards are read once for each sheet instead of being kept: those of a whole company would not fit into a small worker.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import F, Func, IntegerField, JSONField, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext as _

from accounts.models import Team, User
from accounts.permissions import Permission
from crm.downloads import Produced
from crm.exports import Missed, Pivot, Table
from crm.services.base import allow
from crm.services.exporting import NothingToTake
from discipline import team_day, words
from discipline.models import DaySheet, Result
from discipline.spans import Span
from reports import control_table
from reports.control_table import POINTS, Figure, Line

KEY = "control-table"
CHUNK = 500
WORDS = {
    Result.MET: Result.MET.label,
    Result.MISSED: Result.MISSED.label,
    Result.NOT_APPLICABLE: Result.NOT_APPLICABLE.label,
}


class _Lines(Func):
    """Each line of a card as a row of its own."""

    function = "jsonb_array_elements"
    output_field = JSONField()
    set_returning = True


def params_of(team: Team | None, span: Span) -> dict[str, str]:
    """What the job is told; without a team it takes all that the person leads."""
    return {"team": str(team.pk) if team else "", "first": span.first.isoformat(), "last": span.last.isoformat()}


def produce(by: User, params: Mapping[str, Any], at: datetime) -> Produced:
    """The workbook of a team, or of all teams, over some days. Raises NothingToTake."""
    allow(by, Permission.RECORD_EXPORT)
    found, span = asked(by, params)
    figures = figures_of(found)
    days = sorted(set(found.order_by().values_list("day", flat=True).distinct()))
    if not days:
        raise NothingToTake
    tables = [_by_day(found, figure, days) for figure in [*figures, control_table.points_figure()]]
    people = found.order_by().values("user_id").distinct().count()
    name = f"{_('control-table')}-{span.first}-{span.last}"
    trace = {"list": KEY, **params, "kind": "xlsx"}
    return Produced(
        name=name, tables=[*tables, in_rows(found)], rows=lines_in(found) + people * len(tables), trace=trace
    )


def asked(by: User, params: Mapping[str, Any]) -> tuple[QuerySet[DaySheet], Span]:
    """The cards of what was asked for; none for a team that is not his."""
    allow(by, Permission.TEAM_DAY_VIEW)
    teams = [one for one in team_day.teams_for(by) if params["team"] in ("", str(one.pk))]
    span = Span(name="own", first=date.fromisoformat(params["first"]), last=date.fromisoformat(params["last"]))
    return control_table.sheets(by, teams, span), span


def lines_in(found: QuerySet[DaySheet]) -> int:
    """How many figures stand on these cards."""
    length = Func(F("lines"), function="jsonb_array_length", output_field=IntegerField())
    return found.order_by().aggregate(n=Sum(length, default=0))["n"]


def figures_of(found: QuerySet[DaySheet]) -> list[Figure]:
    """The figures that stand on these cards, by their names."""
    parts = {
        name: KeyTextTransform(str(place), _Lines("lines")) for place, name in enumerate(("code", "metric", "label"))
    }
    lines = found.order_by().annotate(**parts).values_list(*parts).distinct()
    named = {code: Figure(code=code, metric=metric, label=words.label(metric, label)) for code, metric, label in lines}
    return sorted(named.values(), key=lambda one: one.label.casefold())


def in_rows(found: QuerySet[DaySheet]) -> Table:
    """Every figure of every day in a row of its own."""
    points = _("Points")
    heads = [_("Day"), _("Person"), _("Team"), _("Figure"), _("Value"), _("Result"), points]
    return Table(_("All"), heads, _rows(found), [points], Pivot([heads[1]], [heads[3]], points))


def _rows(found: QuerySet[DaySheet]) -> Iterator[list[Any]]:
    for sheet in found.values("day", "name", "team__name", "lines").iterator(chunk_size=CHUNK):
        for line in map(Line.of, sheet["lines"]):
            value: Any = Missed(line.value) if line.missed else line.value
            said = str(WORDS[Result(line.result)]) if line.scored else _("Not scored")
            yield [sheet["day"], sheet["name"], sheet["team__name"], line.label, value, said, line.points]


def _by_day(found: QuerySet[DaySheet], figure: Figure, days: Sequence[date]) -> Table:
    """People down, days across."""
    heads = [_("Person"), *(day.isoformat() for day in days), figure.over_days, _("Times missed")]
    summed = heads[1:] if not figure.averaged else heads[-1:]
    return Table(figure.label, heads, _people(found, figure, days), summed)


def _people(found: QuerySet[DaySheet], figure: Figure, days: Sequence[date]) -> Iterator[list[Any]]:
    rows = found.values("user_id", "name", "day", "points", "lines").iterator(chunk_size=CHUNK)
    for _person, sheets in groupby(rows, key=lambda sheet: sheet["user_id"]):
        cells: dict[date, Any] = {}
        total, name = control_table.Sum(), ""
        for sheet in sheets:
            name = sheet["name"]
            value, missed = _of(sheet, figure)
            total.add(value, missed)
            cells[sheet["day"]] = Missed(value) if missed else value
        yield [name, *(cells.get(day) for day in days), total.over(figure), total.missed]


def _of(sheet: Mapping[str, Any], figure: Figure) -> tuple[Decimal | None, bool]:
    """The figure of a card, and whether it broke its rule."""
    if figure.code == POINTS:
        return Decimal(sheet["points"]), sheet["points"] < 0
    line = next((Line.of(one) for one in sheet["lines"] if one[0] == figure.code), None)
    return (None, False) if line is None else (line.value, line.missed)
