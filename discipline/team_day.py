"""A team's day: people down, rules across, every cell with its figure and its word, in three statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import Role, Team, User
from accounts.permissions import Permission
from accounts.policy import scope
from accounts.reach import teams_of
from discipline import preview, words
from discipline.models import Comparison, Result, Scorecard, ScoreLine, TeamDay


@dataclass(frozen=True, kw_only=True)
class Day:
    """What the page draws for one team and day."""

    columns: list[str]
    rows: list[dict[str, Any]]
    points: int
    met: int
    missed: int
    clean: int


def teams_for(user: Any) -> QuerySet[Team]:
    """The teams whose days somebody may open."""
    return (teams_of(user) if user.role == Role.HEAD else Team.objects.all()).order_by("path")


def chosen(user: Any, asked: str) -> tuple[list[Team], Team | None]:
    """Somebody's teams and the one that was asked for, the first without a choice; None for one that is not his."""
    teams = list(teams_for(user).select_related("head"))
    return teams, next((one for one in teams if not asked or str(one.pk) == asked), None)


def closed_days(user: Any, team: Team, around: date | None) -> list[date]:
    """The scored days of a team next to `around` (the last ones without it), newest first: one statement."""
    rows = TeamDay.objects.filter(scope(user, Permission.TEAM_DAY_VIEW), team=team, cards__gt=0)
    if around is None:
        return list(rows.order_by("-day").values_list("day", flat=True)[:2])
    before = rows.filter(day__lt=around).order_by("-day").values_list("day")[:1]
    after = rows.filter(day__gt=around).order_by("day").values_list("day")[:1]
    return sorted({day for (day,) in before.union(after, rows.filter(day=around).values_list("day"))}, reverse=True)


def read(user: Any, team: Team, day: date) -> Day:
    """The cells of a day, from lines alone: one statement."""
    lines = ScoreLine.objects.filter(card__in=_cards(user, team, day), rule__scored=True).order_by(
        "card__user__full_name", "card_id", "position"
    )
    columns: dict[str, str] = {}
    people: dict[int, dict[str, Any]] = {}
    for line in lines.values(
        "card_id", "card__user__full_name", "card__points", "code", "metric", "rule__label", "value", "result", "points"
    ):
        columns.setdefault(line["code"], words.label(line["metric"], line["rule__label"]))
        person = people.setdefault(line["card_id"], _person(line))
        person["by_code"][line["code"]] = _cell(line)
    return _day(columns, list(people.values()))


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


def _cards(user: Any, team: Team, day: date) -> Any:
    return Scorecard.objects.visible_to(user).filter(team=team, day=day).values("pk")


def _person(line: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "person": line["card__user__full_name"],
        "href": reverse("discipline:card", args=[line["card_id"]]),
        "total": line["card__points"],
        "by_code": {},
    }


def _cell(line: Mapping[str, Any]) -> dict[str, Any]:
    evidence = f"{reverse('discipline:cell')}?card={line['card_id']}&line={line['code']}"
    return {
        "state": words.STATES[Result(line["result"])],
        "value": words.figure(line["value"]),
        "href": evidence,
        "get": evidence,
    }


def _in(person: dict[str, Any], code: str) -> dict[str, Any]:
    """The cell of a rule; a person under other rules has none."""
    return person["by_code"].get(code, {"state": "na", "value": "", "href": "", "get": ""})
