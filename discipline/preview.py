"""Today's card as it would be if the day ended now. Nothing is stored: the card itself is written at the horizon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Team
from crm.when import local_day
from discipline import scoring, words
from discipline.metrics import METRICS, bound, figure_key, measure
from discipline.models import Period, Result, Rule
from discipline.rulebook import Rulebook
from discipline.scoring import Line
from discipline.timetable import Timetable
from discipline.windows import Window

AHEAD = 14
"""Within so many days everybody has a working day, or nothing to look at."""

FIXES = {
    "companies_added": "crm:company-new",
    "meetings_held": "crm:quick-log",
    "conversations": "crm:quick-log",
    "deals_won": "crm:deal-board",
    "deals_lost": "crm:deal-list",
    "sum_won": "crm:deal-board",
    "deals_in_progress": "crm:deal-board",
    "overdue_tasks": "crm:task-list",
    "deals_without_task": "crm:deal-board",
    "lost_without_reason": "crm:deal-list",
    "data_in_time": "crm:quick-log",
    "activities": "crm:quick-log",
    "files_delivered": "crm:deal-list",
    "won_without_file": "crm:deal-list",
    "renewals_in_time": "crm:deal-board",
    "renewals_missed": "crm:deal-board",
    "tasks_ahead": "crm:task-list",
    "priorities_done": "crm:task-list",
    "base_quality": "crm:company-list",
}
"""Where the page is that mends a rule."""


@dataclass(frozen=True, kw_only=True)
class PreviewLine:
    """A rule so far. `missing_text` says what is still to be done ("2 more conversations"), `fix_url` where;
    with `only_begins` nothing went wrong, nothing was entered yet either."""

    code: str
    metric: str
    label: str
    icon: str
    value: Decimal
    comparison: str
    threshold: Decimal
    result: str
    state: str
    points: int
    points_met: int
    points_missed: int
    scored: bool
    missing_text: str
    fix_url: str
    evidence: list[list[Any]]
    only_begins: bool


@dataclass(frozen=True, kw_only=True)
class Preview:
    """The day so far: `opens` and `cut_off` bound its window, `points_so_far` is what it would give now."""

    window: Window
    lines: list[PreviewLine]

    @property
    def opens(self) -> datetime:
        return self.window.opens

    @property
    def cut_off(self) -> datetime:
        return self.window.cut_off

    @property
    def horizon(self) -> datetime:
        return self.window.horizon

    @property
    def points_so_far(self) -> int:
        return sum(line.points for line in self.lines)

    @property
    def most(self) -> int:
        """What the day can still give."""
        return sum(line.points_met for line in self.lines if line.scored and line.result != Result.NOT_APPLICABLE)

    @property
    def missing(self) -> list[PreviewLine]:
        """The rules not kept yet that points hang on, the dearest first."""
        open_ones = [
            line for line in self.lines if line.result == Result.MISSED and line.points_met + line.points_missed
        ]
        return sorted(open_ones, key=lambda line: -(line.points_met + line.points_missed))


def today(user: Any, now: datetime) -> Preview | None:
    """Somebody's running day; None for who is not scored. Four statements, all figures in one of them."""
    window = running_window(user, now)
    shown = _so_far([window], now) if window else []
    return shown[0] if shown else None


def of_team(team: Team, day: date, now: datetime) -> list[Preview]:
    """The running day of everybody in a team whose window of `day` is open: eight statements."""
    windows = Timetable.of_teams([team.pk], first=day, until=day).windows(day, team.pk)
    return _so_far([window for window in windows if window.scored and window.opens < now <= window.cut_off], now)


def standing(windows: Sequence[Window], now: datetime) -> list[tuple[Window, list[Line]]]:
    """The daily lines of these running windows as they would be if they ended now; windows without rules are left out. Two
    statements, all figures of everybody in one of them."""
    book = Rulebook.of(windows)
    ruled = [(window, rules) for window in windows if (rules := daily(book.rules(window)))]
    asked = [bound(rule.metric, rule.parameters) for _window, rules in ruled for rule in rules]
    cut_short = [replace(window, cut_off=now) for window, _rules in ruled]
    figures = measure(asked, cut_short)
    return [
        (
            window,
            [scoring.line(rule, figures[figure_key(rule.metric, rule.parameters)][n], window) for rule in rules],
        )
        for n, (window, rules) in enumerate(ruled)
    ]


def _so_far(windows: Sequence[Window], now: datetime) -> list[Preview]:
    return [Preview(window=window, lines=[_draw(line) for line in lines]) for window, lines in standing(windows, now)]


def daily(rules: Sequence[Rule]) -> list[Rule]:
    """The rules that every day is measured by; weekly ones come with the week's last card."""
    return [rule for rule in rules if rule.period == Period.DAY]


def running_window(user: Any, now: datetime) -> Window | None:
    """The window of a scored day that `now` lies in."""
    today_there = local_day(now, user.zone)
    timetable = Timetable.of_people([user.pk], until=today_there + timedelta(days=AHEAD), at_once=True)
    for ahead in range(-1, AHEAD):
        window = timetable.window(user.pk, today_there + timedelta(days=ahead)) if user.pk in timetable.people else None
        if window is not None and window.opens < now <= window.cut_off:
            return window if window.scored else None
    return None


def _draw(line: Line) -> PreviewLine:
    rule, metric = line.rule, METRICS[line.rule.metric]
    missed = line.result == Result.MISSED
    begins = [row[3] for row in line.measure.evidence] == ["nothing_entered"]
    return PreviewLine(
        code=rule.code,
        metric=rule.metric,
        label=rule.label or str(metric.label),
        icon=metric.icon,
        value=line.value,
        comparison=rule.comparison,
        threshold=line.threshold,
        result=line.result,
        state=words.STATES[Result(line.result)],
        points=line.points,
        points_met=0 if rule.trial else rule.points_met,
        points_missed=0 if rule.trial else rule.points_missed,
        scored=rule.scored,
        missing_text=(
            _("first record to enter")
            if begins
            else words.missing(rule.metric, rule.comparison, line.value, line.threshold)
        )
        if missed
        else "",
        only_begins=begins,
        fix_url=reverse(FIXES[rule.metric]) if missed and rule.metric in FIXES else "",
        evidence=line.measure.evidence,
    )
