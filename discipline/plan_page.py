"""Personal plans as a table: people down, months across, beside this month what is reached. Four statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum

from accounts.models import Role, Team, User
from accounts.permissions import Permission
from accounts.policy import holds, scope
from accounts.reach import people_of, teams_of
from discipline.forms.plans import Cell, PlanTable
from discipline.metrics import METRICS, Kind, Metric
from discipline.models import Assignment, Plan, Snapshot
from discipline.services.plans import in_force, month_of

MONTHS = 4
MOST_PEOPLE = 200
FIRST = "sum_won"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the reader wants to see: a figure, a team (None: all his people) and the first month."""

    metric: str
    team: Team | None
    since: date

    @property
    def months(self) -> list[date]:
        return [ahead(self.since, n) for n in range(MONTHS)]


class PlanPage:
    """The table for a reader; the form in it holds the cells that he may set."""

    def __init__(self, reader: Any, asked: Asked, today: date, data: Any = None) -> None:
        self.reader, self.asked, self.today = reader, asked, today
        self.people = list(_people(reader, asked, today)[:MOST_PEOPLE])
        self.plans = self._plans()
        self.form = PlanTable(data, cells=[(cell, self._target(cell)) for cell in self._open_cells()])

    @property
    def metric(self) -> Metric:
        return METRICS[self.asked.metric]

    @property
    def may_edit(self) -> bool:
        return bool(self.form.cells)

    def rows(self) -> list[dict[str, Any]]:
        reached = self._reached()
        return [
            {
                "person": person,
                "mine": person.pk == self.reader.pk,
                "cells": [self._cell((person.pk, month), reached.get(person.pk)) for month in self.asked.months],
            }
            for person in self.people
        ]

    def sums(self) -> list[Decimal | None]:
        """What is planned of everybody shown, month by month."""
        return [sum(found, Decimal(0)) if (found := self._of_month(month)) else None for month in self.asked.months]

    def _of_month(self, month: date) -> list[Decimal]:
        return [target for person in self.people if (target := self._target((person.pk, month))) is not None]

    def _cell(self, cell: Cell, reached: Decimal | None) -> dict[str, Any]:
        target, running = self._target(cell), cell[1] == month_of(self.today)[0]
        return {
            "target": target,
            "field": self.form.cell(cell),
            "reached": (reached or Decimal(0)) if running and target is not None else None,
        }

    def _target(self, cell: Cell) -> Decimal | None:
        plan = self.plans.get(cell)
        return plan.target if plan else None

    def _open_cells(self) -> list[Cell]:
        """Nobody plans for himself, and no month that is over."""
        if not holds(self.reader, Permission.PLAN_EDIT):
            return []
        months = [month for month in self.asked.months if month_of(month)[1] >= self.today]
        return [(person.pk, month) for person in self.people if person.pk != self.reader.pk for month in months]

    def _plans(self) -> dict[Cell, Plan]:
        months = self.asked.months
        rows = Plan.objects.filter(scope(self.reader, Permission.PLAN_VIEW), user__in=[one.pk for one in self.people])
        return in_force(rows.filter(metric=self.asked.metric, parameters={}, first__in=months))

    def _reached(self) -> dict[int, Decimal]:
        """The sum of the running month's closed days, by person."""
        first, last = month_of(self.today)
        rows = Snapshot.objects.filter(user__in=[one.pk for one in self.people], day__range=(first, last))
        found = rows.filter(metric=self.asked.metric, parameters="").values_list("user").annotate(sum=Sum("value"))
        return dict(found.order_by())


def planned() -> list[tuple[str, str]]:
    """The figures that can be planned: those that count what is done."""
    return [(metric.key, str(metric.label)) for metric in METRICS.values() if metric.kind == Kind.FLOW]


def teams_for(reader: Any) -> QuerySet[Team]:
    """The teams that somebody may look at."""
    if reader.role == Role.HEAD:
        return teams_of(reader).order_by("path")
    return Team.objects.none() if reader.role == Role.MANAGER else Team.objects.order_by("path")


def ahead(month: date, n: int) -> date:
    """The first day of the month `n` months later."""
    months = month.year * 12 + month.month - 1 + n
    return date(months // 12, months % 12 + 1, 1)


def _people(reader: Any, asked: Asked, today: date) -> QuerySet[User]:
    scored = Assignment.objects.between(today, date.max)
    if asked.team is not None:
        scored = scored.filter(team__in=Team.objects.under(Team.objects.filter(pk=asked.team.pk)))
    return people_of(reader).filter(is_active=True, pk__in=scored.values("user")).order_by("full_name", "pk")
