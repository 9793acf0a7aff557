"""The page of weak links: people down, stages across, what can be said of each, and the deals behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import formats
from accounts.models import Membership, Role, Team, User
from accounts.permissions import Permission
from accounts.policy import holds
from accounts.together import together
from crm.models import Pipeline, Stage
from discipline import team_day
from reports import weak_links
from reports.weak_links import Link, Share, Verdict

WORDS: dict[Verdict, tuple[Any, str, str]] = {
    Verdict.FEW: (gettext_lazy("not enough data"), "circle-minus", "none"),
    Verdict.FINE: (gettext_lazy("in line"), "circle-check", "good"),
    Verdict.ONCE: (gettext_lazy("below, one period"), "clock", "none"),
    Verdict.WEAK: (gettext_lazy("weak"), "circle-x", "bad"),
}
"""What a verdict is called, its icon and its tone."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A link as it is drawn: the share and what it is made of, the interval, the rest, the period before, the word."""

    person: User
    stage: Stage
    link: Link
    url: str
    note_url: str

    @property
    def word(self) -> str:
        return str(WORDS[self.link.verdict][0])

    @property
    def icon(self) -> str:
        return WORDS[self.link.verdict][1]

    @property
    def tone(self) -> str:
        return WORDS[self.link.verdict][2]

    @property
    def share(self) -> str:
        return formats.percent(self.link.own[0].rate)

    @property
    def of(self) -> str:
        return counted(self.link.own[0])

    @property
    def between(self) -> str:
        return interval(self.link.own[0])

    @property
    def rest(self) -> str:
        """What the others do: "40 % of 100"."""
        return of_many(self.link.rest[0])

    @property
    def before(self) -> str:
        """The period before, "8/40", empty where there was nothing."""
        return counted(self.link.own[1]) if self.link.own[1].tried else ""

    @property
    def sentence(self) -> str:
        """The whole finding in a sentence."""
        said = _(
            "%(stage)s: %(of)s moved on, %(share)s (95 %% interval %(between)s); the team without %(name)s: %(rest)s."
        )
        return said % {
            "stage": self.stage.name, "of": self.of, "share": self.share, "between": self.between, "rest": self.rest,
            "name": self.person.get_short_name(),
        }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Column:
    """A stage: how many of the team's deals move on, and how long four of five take."""

    stage: Stage
    rate: str
    patience: str


class WeakLinks:
    """The page for a reader, one of his teams (with those below it) and a funnel: three statements."""

    def __init__(self, user: Any, query: Mapping[str, str], now: datetime) -> None:
        self.user, self.now = user, now
        self.teams, self.team = team_day.chosen(user, query.get("team", ""))
        people, stages, pipelines = together(*self._asked()) if self.team else ([], [], [])
        self.people: list[User] = people
        self.pipelines: list[Pipeline] = pipelines
        self.pipeline = _named(pipelines, query.get("pipeline", ""))
        self.stages = [one for one in stages if self.pipeline and one.pipeline_id == self.pipeline.pk]

    def _asked(self) -> tuple[Any, ...]:
        below = Team.objects.under(Team.objects.filter(pk=self.team.pk if self.team else 0))
        members = Membership.objects.on(timezone.localtime(self.now).date()).filter(team__in=below)
        people = User.objects.filter(pk__in=members.values("user")).active().filter(role=Role.MANAGER).by_name()
        return people, Stage.objects.order_by("position", "pk"), Pipeline.objects.order_by("position", "pk")

    @cached_property
    def funnel(self) -> weak_links.Funnel:
        return weak_links.read(self.keys, [one.pk for one in self.stages], self.now)

    @property
    def keys(self) -> list[int]:
        return [one.pk for one in self.people]

    @property
    def may_write(self) -> bool:
        return holds(self.user, Permission.TASK_ADD)

    @property
    def columns(self) -> list[Column]:
        return [self._column(one) for one in self.stages]

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        return [{"person": one, "cells": [self._cell(one, stage) for stage in self.stages]} for one in self.people]

    @property
    def weak(self) -> list[Cell]:
        """Those worth a talk, by the rule."""
        return [cell for row in self.rows for cell in row["cells"] if cell.link.verdict == Verdict.WEAK]

    @property
    def any_data(self) -> bool:
        return any(share.tried for share in self.funnel.team.values())

    def person(self, pk: int) -> User | None:
        return next((one for one in self.people if one.pk == pk), None)

    def stage(self, pk: int) -> Stage | None:
        return next((one for one in self.stages if one.pk == pk), None)

    def cell(self, person: User, stage: Stage) -> Cell:
        return self._cell(person, stage)

    @property
    def query(self) -> str:
        """The choice of team and funnel, for addresses."""
        return f"team={self.team.pk}&pipeline={self.pipeline.pk}" if self.team and self.pipeline else ""

    def _column(self, stage: Stage) -> Column:
        patience = self.funnel.patience.get(stage.pk)
        return Column(
            stage=stage,
            rate=of_many(self.funnel.team[stage.pk]),
            patience=days(patience) if patience is not None else formats.DASH,
        )

    def _cell(self, person: User, stage: Stage) -> Cell:
        ends = f"?{self.query}"
        return Cell(
            person=person,
            stage=stage,
            link=self.funnel.links[stage.pk, person.pk],
            url=reverse("reports:weak-link", args=[person.pk, stage.pk]) + ends,
            note_url=reverse("reports:weak-link-note", args=[person.pk, stage.pk]) + ends,
        )


def counted(share: Share) -> str:
    """ "12/60"."""
    return f"{formats.number(share.passed)}/{formats.number(share.tried)}"


def interval(share: Share) -> str:
    """ "12–32 %", a dash where nothing was tried."""
    bounds = share.bounds
    return f"{formats.number(bounds.lower * 100)}–{formats.percent(bounds.upper)}" if bounds else formats.DASH


def of_many(share: Share) -> str:
    """ "40 % of 100"."""
    if not share.tried:
        return formats.DASH
    return _("%(share)s of %(n)s") % {"share": formats.percent(share.rate), "n": formats.number(share.tried)}


def days(stretch: timedelta) -> str:
    whole = max(1, -(-int(stretch.total_seconds()) // 86_400))
    return ngettext("%(n)s day", "%(n)s days", whole) % {"n": whole}


def _named(pipelines: list[Pipeline], asked: str) -> Pipeline | None:
    chosen = (one for one in pipelines if str(one.pk) == asked)
    return next(chosen, pipelines[0] if pipelines else None)
