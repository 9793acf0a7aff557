"""A team's day: people down, rules across, every cell with its figure and its word, in three statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from accounts.models import Role, Team
from accounts.permissions import Permission
from accounts.policy import scope
from accounts.reach import teams_of
from discipline import words
from discipline.models import Result, Scorecard, ScoreLine, TeamDay


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
    return (teams_of(user) if user.role == Role.HEAD else Team.objects.all()).in_order()


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
        "card_id", "card__user__full_name", "card__points", "code", "metric", "value", "result", "points"
    ):
        columns.setdefault(line["code"], words.label(line["metric"]))
        person = people.setdefault(line["card_id"], _person(line))
        person["by_code"][line["code"]] = _cell(line)
    rows = [{**person, "cells": [_in(person, code) for code in columns]} for person in people.values()]
    results = [cell["state"] for person in people.values() for cell in person["by_code"].values()]
    return Day(
        columns=list(columns.values()),
        rows=rows,
        points=sum(person["total"] for person in people.values()),
        met=results.count("met"),
        missed=results.count("missed"),
        clean=sum(all(cell["state"] != "missed" for cell in one["by_code"].values()) for one in people.values()),
    )


def _cards(user: Any, team: Team, day: date) -> Any:
    return Scorecard.objects.visible_to(user).filter(team=team, day=day).values("pk")


def _person(line: dict[str, Any]) -> dict[str, Any]:
    return {
        "person": line["card__user__full_name"],
        "href": reverse("discipline:card", args=[line["card_id"]]),
        "total": line["card__points"],
        "by_code": {},
    }


def _cell(line: dict[str, Any]) -> dict[str, Any]:
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
