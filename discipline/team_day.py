"""A team's day: people down, rules across, every cell with its figure and its word, in two statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import Role, Team, User
from accounts.permissions import Permission
from accounts.policy import scope
from accounts.reach import belongs_to_people_of, teams_of
from accounts.together import together
from discipline import preview, words
from discipline.models import Comparison, DaySheet, Result, TeamDay

TREND_DAYS = 14
SHEET = ("card_id", "user_id", "day", "name", "points", "lines")


@dataclass(frozen=True, kw_only=True)
class Day:
    """What the page draws for one team and day."""

    columns: list[str]
    rows: list[dict[str, Any]]
    points: int
    met: int
    missed: int
    clean: int
    trends: list[list[float]] = field(default_factory=list)
    """Of each column: how many of the team kept it on the days up to this one, in per cent."""


@dataclass(frozen=True, kw_only=True)
class Closed:
    """A closed day of a team (no page: this day is not closed), with the closed days beside it."""

    day: date | None
    earlier: date | None
    later: date | None
    page: Day | None


def teams_for(user: Any) -> QuerySet[Team]:
    """The teams whose days somebody may open."""
    return (teams_of(user) if user.role == Role.HEAD else Team.objects.all()).order_by("path")


def chosen(user: Any, asked: str) -> tuple[list[Team], Team | None]:
    """Somebody's teams and the one that was asked for, the first without a choice; None for one that is not his."""
    teams = list(teams_for(user).select_related("head"))
    return teams, next((one for one in teams if not asked or str(one.pk) == asked), None)


def read(user: Any, team: Team, around: date | None) -> Closed:
    """The closed day `around` (the last one without it), what lies beside it, and how it went the days before: one statement, from
    the short rows of cards alone."""
    days = TeamDay.objects.filter(scope(user, Permission.TEAM_DAY_VIEW), team=team, cards__gt=0)
    until = days.filter(day__lte=around) if around else days
    later = days.filter(day__gt=around or date.max).order_by("day").values("day")[:1]
    last = until.order_by("-day").values("day")[:TREND_DAYS]
    sheets = DaySheet.objects.filter(belongs_to_people_of(user, "user"), team=team, day__in=last)
    found, after = together(sheets.order_by("day", "name", "card").values(*SHEET), later)
    known = sorted({row["day"] for row in found})
    day = around or (known[-1] if known else None)
    return Closed(
        day=day,
        earlier=next((one for one in reversed(known) if day and one < day), None),
        later=after[0]["day"] if after else None,
        page=_drawn(found, day) if day in known else None,
    )


def _drawn(sheets: Sequence[Mapping[str, Any]], day: Any) -> Day:
    columns: dict[str, str] = {}
    people = []
    trends: dict[int, list[int]] = defaultdict(list)
    kept: dict[str, dict[date, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for sheet in sheets:
        trends[sheet["user_id"]].append(sheet["points"])
        for code, _metric, _label, _value, result, _points, scored, trial in sheet["lines"]:
            if scored and not trial and result != Result.NOT_APPLICABLE:
                kept[code][sheet["day"]].append(result == Result.MET)
        if sheet["day"] == day:
            people.append(_person(sheet, columns, trends[sheet["user_id"]]))
    drawn = _day(columns, people)
    return replace(drawn, trends=[[_share(one) for one in kept[code].values()] for code in columns])


def _share(kept: Sequence[bool]) -> float:
    """How many of a team kept a rule on a day, in per cent."""
    return 100 * sum(kept) / len(kept)


def running(team: Team, day: date, now: datetime) -> Day | None:
    """The same for a day that is not closed yet, as if it ended now; None when nobody's window is open. Seven statements."""
    shown = preview.of_team(team, day, now)
    names = dict(User.objects.filter(pk__in=[one.window.person_id for one in shown]).values_list("pk", "full_name"))
    columns: dict[str, str] = {}
    people = []
    for one in sorted(shown, key=lambda one: names[one.window.person_id]):
        scored = [line for line in one.lines if line.scored]
        columns |= {line.code: line.label for line in scored if line.code not in columns}
        cells = {line.code: _cell_so_far(line) for line in scored}
        name = names[one.window.person_id]
        href = f"{reverse('discipline:card-list')}?user={one.window.person_id}"
        people.append({"person": name, "href": href, "total": one.points_so_far, "by_code": cells})
    return _day(columns, people) if people else None


def _day(columns: dict[str, str], people: list[dict[str, Any]]) -> Day:
    results = [cell["state"] for person in people for cell in person["by_code"].values()]
    return Day(
        columns=list(columns.values()),
        rows=[{**person, "cells": [_in(person, code) for code in columns]} for person in people],
        points=sum(person["total"] for person in people),
        met=results.count("met"),
        missed=results.count("missed"),
        clean=sum(all(cell["state"] in ("met", "na") for cell in one["by_code"].values()) for one in people),
    )


def _cell_so_far(line: preview.PreviewLine) -> dict[str, Any]:
    """What is not reached yet may still come; what is wrong now is red now."""
    coming = line.result == Result.MISSED and line.comparison == Comparison.AT_LEAST
    return {"state": "pending" if coming else line.state, "value": words.figure(line.value), "href": "", "get": ""}


def _person(sheet: Mapping[str, Any], columns: dict[str, str], trend: list[int]) -> dict[str, Any]:
    """A row, with the rules it has noted in `columns`; its trend grows while earlier days are read, and is whole here."""
    cells, address = {}, reverse("discipline:cell")
    for code, metric, label, value, result, _points, scored, _trial in sheet["lines"]:
        if scored:
            columns.setdefault(code, words.label(metric, label))
            cells[code] = _cell(address, sheet["card_id"], code, value, result)
    return {
        "person": sheet["name"],
        "href": reverse("discipline:card", args=[sheet["card_id"]]),
        "total": sheet["points"],
        "trend": trend,
        "by_code": cells,
    }


def _cell(cells: str, card_id: int, code: str, value: float | None, result: str) -> dict[str, Any]:
    evidence = f"{cells}?card={card_id}&line={code}"
    figure = words.figure(None if value is None else Decimal(str(value)))
    return {"state": words.STATES[Result(result)], "value": figure, "href": evidence, "get": evidence}


def _in(person: dict[str, Any], code: str) -> dict[str, Any]:
    """The cell of a rule; a person under other rules has none."""
    return person["by_code"].get(code, {"state": "na", "value": "", "href": "", "get": ""})
