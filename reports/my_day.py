"""The first page of everybody's day: what is due, what is missing before the cut-off, how the day stands. Reads only.

Every part is read when it is drawn, so that a fragment and a role cost only their own part.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import formats
from accounts.models import Role, User
from accounts.together import together
from crm import work_left
from crm.work_left import WorkLeft
from discipline import preview, priority_list, signing, so_far, words
from discipline.models import Comparison, Result, Scheme, SchemeVersion, ScoreLine
from discipline.preview import Preview, PreviewLine
from discipline.priority_list import Priorities
from reports.my_day_plan import Plan

LOOKED_BACK = timedelta(days=31)
TREND_DAYS = 14
SOON = timedelta(hours=1)
SCORED = (Role.MANAGER, Role.HEAD)
ROLE, REASON = 2, 3
"""Places in a row of evidence."""
DIALOGS = ("crm:quick-log", "crm:company-new")


@dataclass(frozen=True)
class Fix:
    """Something to mend, one press away: `get` opens a dialog, `href` a page."""

    title: str
    sub: str
    icon: str
    get: str = ""
    href: str = ""


@dataclass(frozen=True)
class Past:
    """A scored day behind us."""

    card: int
    day: date
    points: int
    met: int
    missed: list[str]


class MyDay:
    """The day of `user` at `now`."""

    def __init__(self, user: User, now: datetime) -> None:
        self.user, self.now = user, now

    def gather(self) -> MyDay:
        """Read all that the whole page of somebody who works draws in one trip, instead of each part when it is drawn."""
        scored, *rest = together(
            self._scored_rows(), *self._priority_rows(), *self._unsigned_rows(), *work_left.queries(self.user, self.now)
        )
        chosen, offered, versions, schemes, *work = rest
        self._scored_lines = scored
        self.priorities = priority_list.drawn(chosen, offered, user=self.user, day=self._day, now=self.now)
        self.unsigned = self._waiting(versions, schemes)
        self.plan = Plan(WorkLeft(*work), self.user, self.now)
        return self

    @property
    def greeting(self) -> str:
        hour = timezone.localtime(self.now).hour
        said = _("Good morning") if hour < 12 else _("Good afternoon") if hour < 18 else _("Good evening")
        return _("%(greeting)s, %(name)s") % {"greeting": said, "name": self.user.get_short_name()}

    @property
    def today(self) -> date:
        return timezone.localtime(self.now).date()

    # --- the running day ---

    @cached_property
    def preview(self) -> Preview | None:
        """Today's card as it would be now; None for who is not scored."""
        return preview.today(self.user, self.now) if self.user.role in SCORED else None

    @cached_property
    def unsigned(self) -> list[SchemeVersion]:
        """Rules that wait for a signature; until then days count 0."""
        return self._waiting(*together(*self._unsigned_rows()))

    def _unsigned_rows(self) -> tuple[QuerySet[Any], QuerySet[Any]]:
        versions = signing.asked(self.user, self.now)
        return versions, Scheme.objects.filter(pk__in=versions.order_by().values("scheme"))

    def _waiting(self, versions: list[SchemeVersion], schemes: list[Scheme]) -> list[SchemeVersion]:
        named = {scheme.pk: scheme for scheme in schemes}
        for version in versions:
            version.scheme = named[version.scheme_id]
        return signing.still_to_sign(versions, self.user, self.now)

    @property
    def _day(self) -> date:
        """The day that work counts for."""
        return self.preview.window.day if self.preview else self.today

    @property
    def for_day(self) -> str:
        """Which day the work counts for, when it is not today: after the cut-off and on free days."""
        return "" if self._day == self.today else formats.day(self._day, self.today)

    @cached_property
    def priorities(self) -> Priorities:
        """The three things that matter most on the running day."""
        return priority_list.read(self.user, self._day, self.now)

    def _priority_rows(self) -> tuple[QuerySet[Any, Any], QuerySet[Any, Any]]:
        return priority_list.queries(self.user, self._day)

    @cached_property
    def lines(self) -> list[dict[str, Any]]:
        """The scored rules as components/score_table.html draws them."""
        return [self._line(line) for line in self.preview.lines if line.scored] if self.preview else []

    @property
    def kept(self) -> int:
        return sum(line["state"] == "met" for line in self.lines)

    @property
    def counted(self) -> int:
        """How many rules apply today."""
        return sum(line["state"] != "na" for line in self.lines)

    @cached_property
    def to_mend(self) -> list[PreviewLine]:
        """Rules not kept yet that still can be."""
        return [line for line in self.preview.missing if not _too_late(line)] if self.preview else []

    @property
    def points_now(self) -> str:
        return formats.points(self.preview.points_so_far) if self.preview else formats.DASH

    @property
    def to_go(self) -> str:
        return ngettext("%(n)s rule to go.", "%(n)s rules to go.", len(self.to_mend)) % {"n": len(self.to_mend)}

    @property
    def gives_back(self) -> str:
        """What keeping the rest turns the day into."""
        back = sum(line.points_met + line.points_missed for line in self.to_mend)
        said = ngettext("Keeping it gives back %(n)s.", "Keeping them gives back %(n)s.", len(self.to_mend))
        return said % {"n": ngettext("%(n)s point", "%(n)s points", back) % {"n": back}}

    @property
    def tallies(self) -> list[dict[str, Any]]:
        """The rules counted by how they stand."""
        states = [line["state"] for line in self.lines]
        open_ones = states.count("pending") + states.count("watch")
        return [
            {"count": states.count("met"), "label": _("kept"), "icon": "circle-check", "tone": "good"},
            {"count": open_ones, "label": _("still open"), "icon": "clock", "tone": "watch"},
            {
                "count": states.count("behind") + states.count("missed"),
                "label": _("behind"),
                "icon": "circle-x",
                "tone": "bad",
            },
        ]

    def _line(self, line: PreviewLine) -> dict[str, Any]:
        return {
            "icon": line.icon,
            "state": self._state(line),
            "label": line.label,
            "note": words.reason("late")
            if _too_late(line)
            else line.missing_text or words.target(line.comparison, line.threshold),
            "value": words.figure(line.value),
            "target": words.figure(line.threshold),
            "part": words.part(line.comparison, line.value, line.threshold),
            "trend": self._trend.get(line.metric, []),
            "points": line.points,
        }

    def _state(self, line: PreviewLine) -> str:
        """Before the cut-off nothing is missed: what takes work is still open, what has gone wrong is behind. On trial nothing counts."""
        if not (line.points_met or line.points_missed):
            return "na"
        if line.result != Result.MISSED:
            return line.state
        if line.comparison != Comparison.AT_LEAST and not line.only_begins:
            return "missed" if _too_late(line) else "behind"
        assert self.preview is not None
        return "watch" if self.preview.cut_off - self.now < SOON else "pending"

    # --- the days before ---

    @cached_property
    def _scored_lines(self) -> list[Any]:
        """The lines of the last month, oldest day first: one statement for yesterday, the month and the trends."""
        return list(self._scored_rows())

    def _scored_rows(self) -> QuerySet[Any, Any]:
        rows = ScoreLine.objects.filter(card__user=self.user, card__day__gte=self.today - LOOKED_BACK)
        return rows.order_by("card__day", "position").values(
            "card_id", "card__day", "card__points", "metric", "value", "result", "rule__trial"
        )

    @cached_property
    def _trend(self) -> dict[str, list[Any]]:
        days = sorted({row["card__day"] for row in self._scored_lines})[-TREND_DAYS:]
        trend: dict[str, list[Any]] = {}
        for row in self._scored_lines:
            if row["card__day"] in days:
                trend.setdefault(row["metric"], []).append(row["value"])
        return trend

    @cached_property
    def last(self) -> Past | None:
        """The last scored day."""
        if not self._scored_lines:
            return None
        newest = self._scored_lines[-1]
        rows = [row for row in self._scored_lines if row["card_id"] == newest["card_id"]]
        return Past(
            card=newest["card_id"],
            day=newest["card__day"],
            points=newest["card__points"],
            met=sum(row["result"] == Result.MET and not row["rule__trial"] for row in rows),
            missed=[
                words.label(row["metric"]) for row in rows if row["result"] == Result.MISSED and not row["rule__trial"]
            ],
        )

    @property
    def last_day(self) -> str:
        return formats.day(self.last.day, self.today) if self.last else ""

    @cached_property
    def points_by_day(self) -> dict[date, int]:
        return {row["card__day"]: row["card__points"] for row in self._scored_lines}

    @property
    def points_of_month(self) -> int:
        return sum(
            points
            for day, points in self.points_by_day.items()
            if (day.year, day.month) == (self.today.year, self.today.month)
        )

    @property
    def points_trend(self) -> list[int]:
        return list(self.points_by_day.values())[-TREND_DAYS:]

    @cached_property
    def money(self) -> so_far.SoFar | None:
        """What the points not settled yet would pay today."""
        return so_far.read(self.user, self.today)

    # --- what is due, and what to mend ---

    @cached_property
    def plan(self) -> Plan:
        """What the person has to do: tasks by the hour, whom to call back, deals that nobody moves."""
        return Plan(WorkLeft.read(self.user, self.now), self.user, self.now)

    @cached_property
    def fixes(self) -> list[Fix]:
        """The rules that still take work and that no record of the plan mends."""
        listed = ("overdue_tasks", "deals_without_task")
        return [_rule(line) for line in self.to_mend if line.metric not in listed]


def _too_late(line: PreviewLine) -> bool:
    """Whether nothing can mend the rule today: what was entered late stays late."""
    return any(row[REASON] == "late" and row[ROLE] == "breach" for row in line.evidence)


def _rule(line: PreviewLine) -> Fix:
    back = line.points_met + line.points_missed
    dialog = line.fix_url in [reverse(name) for name in DIALOGS]
    return Fix(
        title=(line.missing_text[:1].upper() + line.missing_text[1:]) or line.label,
        sub=ngettext("gives back %(n)s point", "gives back %(n)s points", back) % {"n": back},
        icon=line.icon,
        get=line.fix_url if dialog else "",
        href="" if dialog else line.fix_url,
    )
