"""Closing a day: figures as of the cut-off become snapshots, cards, lines and postings, once for ever."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db import OperationalError, connection, transaction

from accounts.models import Team
from crm.history.sql import WRITERS_LOCK
from discipline import scoring
from discipline.metrics import METRICS, Measure, Metric, bound, measure
from discipline.models import Period, Rule, SchemeVersion, Scorecard
from discipline.plans import PlanBook
from discipline.rulebook import Rulebook
from discipline.scoring import Asked, Line
from discipline.services import card_rows, telling
from discipline.timetable import Timetable, Week
from discipline.windows import Window

log = logging.getLogger(__name__)

ALWAYS = [metric for metric in METRICS.values() if metric.daily]
"""Figures that are kept of every day, whatever the rules ask for."""
AT_ONCE = 6_000
"""So many cards are made in one transaction; memory does not grow with what there is to make up for."""
TOLD_WITHIN = timedelta(days=3)
"""Whoever catches up on older days does not fill everybody's inbox."""


class WritersBusy(Exception):
    """Somebody is still writing under a stamp from before the horizon. The day stays open until the next run."""


@dataclass(frozen=True, kw_only=True)
class Card:
    """A scored window on its way into the database."""

    window: Window
    version: SchemeVersion
    signed: bool
    figures: dict[str, Measure]
    lines: list[Line]

    @property
    def points(self) -> int:
        return sum(line.points for line in self.lines)

    @property
    def posted(self) -> int:
        return scoring.posted([line.points for line in self.lines], self.window.mode, signed=self.signed)

    @property
    def fingerprint(self) -> str:
        return scoring.fingerprint(
            self.window, self.figures, self.lines, version=self.version.number, signed=self.signed
        )


@dataclass(frozen=True, kw_only=True)
class Closed:
    """What one closing did: how many cards it wrote, and whether the team's day is now complete."""

    team_id: int
    day: date
    cards: int
    complete: bool
    failure: Exception | None = None


def close(*, team: Team, day: date, at: datetime) -> Closed:
    """Score everybody of a team whose horizon has passed and who has no card of that day; doing it again changes nothing.

    The figures are those of the cut-off, whenever this runs. Raises WritersBusy when a writer holds on for too long.
    """
    return close_all(team=team, days=[day], at=at)[0]


def close_all(*, team: Team, days: Sequence[date], at: datetime) -> list[Closed]:
    """Close several days of a team in one go, with as many statements as one day takes."""
    return _close([team.pk], days, at)


def close_due(*, team_ids: Iterable[int], day: date, at: datetime) -> list[Closed]:
    """Close a day for many teams in one go, with as many statements as one team takes.

    A team that cannot be closed does not keep the others from it: then each is tried by itself, and what went wrong stands in its
    `failure`. Raises WritersBusy, and OperationalError when the database is gone: nothing is the matter with a team then.
    """
    listed = sorted(set(team_ids))
    try:
        return _close(listed, [day], at)
    except (WritersBusy, OperationalError):
        raise
    except Exception as failure:
        log.exception("Day %s of %d teams could not be closed in one go.", day, len(listed))
        if len(listed) == 1:
            return [Closed(team_id=listed[0], day=day, cards=0, complete=False, failure=failure)]
    return [closed for team_id in listed for closed in close_due(team_ids=[team_id], day=day, at=at)]


def _close(team_ids: Sequence[int], days: Sequence[date], at: datetime) -> list[Closed]:
    if not team_ids or not days:
        return []
    timetable = Timetable.of_teams(team_ids, first=min(days), until=max(days))
    over = {
        (team_id, day): over_at is not None and over_at <= at
        for day in days
        for team_id in team_ids
        for over_at in [timetable.over_at(team_id, day)]
    }
    due = _due(timetable, over, days, at)
    if due:
        wait_for_writers()
    written: Counter[tuple[int, date]] = Counter()
    parts = [due[first : first + AT_ONCE] for first in range(0, len(due), AT_ONCE)] or [[]]
    for part in parts:
        with transaction.atomic():
            written.update((card.window.team_id, card.window.day) for card in save(score(part, timetable), at=at))
            if part is parts[-1]:
                card_rows.sum_up([key for key, complete in over.items() if complete])
    return [
        Closed(team_id=team_id, day=day, cards=written[team_id, day], complete=complete)
        for (team_id, day), complete in over.items()
    ]


def _due(
    timetable: Timetable, team_days: Collection[tuple[int, date]], days: Sequence[date], at: datetime
) -> list[Window]:
    """The windows of these teams and days whose horizon has passed and that have no card; of each person in turn."""
    windows = [window for day in days for window in timetable.windows(day)]
    ready = [w for w in windows if w.scored and w.horizon <= at and (w.team_id, w.day) in team_days]
    people = {window.person_id for window in ready}
    there = (
        set(Scorecard.objects.filter(user__in=people, day__in=days).values_list("user_id", "day")) if ready else set()
    )
    missing = [window for window in ready if (window.person_id, window.day) not in there]
    return sorted(missing, key=lambda window: (window.person_id, window.day))


def wait_for_writers() -> None:
    """Let everybody finish who writes under an earlier stamp: they hold a lock shared, this passes through it alone."""
    try:
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', '5s', true)")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITERS_LOCK])
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") != "55P03":  # lock_not_available
            raise
        raise WritersBusy from error


def score(windows: Sequence[Window], timetable: Timetable, book: Rulebook | None = None) -> list[Card]:
    """The cards of these windows: all daily figures of everybody in one statement, all weekly ones in another. Windows without
    rules have none; `book` stands in for the rules that were in force."""
    book = book or Rulebook.of(windows)
    ruled = [(window, version) for window in windows if (version := book.version(window))]
    versions = {version.pk: version for _window, version in ruled}
    rules = {pk: _Rules.of(version) for pk, version in versions.items()}
    weeks = {n: week for n, (window, _version) in enumerate(ruled) if (week := timetable.week(window))}
    daily = measure(
        [*ALWAYS, *(one.metric for of_version in rules.values() for one in of_version.daily)],
        [window for window, _version in ruled],
    )
    weekly = measure(
        [one.metric for of_version in rules.values() for one in of_version.weekly],
        [replace(ruled[n][0], opens=week.opens) for n, week in weeks.items()],
    )
    planned = [window for window, version in ruled if any(one.rule.by_plan for one in rules[version.pk].all)]
    plans = PlanBook.of(planned, timetable)
    places = {n: place for place, n in enumerate(weeks)}
    cards = []
    for n, (window, version) in enumerate(ruled):
        figures = {key: of_all[n] for key, of_all in daily.items()}
        lines = [scoring.line(one.rule, figures[one.metric.figure], window) for one in rules[version.pk].daily]
        if n in weeks:
            sums = {key: of_all[places[n]] for key, of_all in weekly.items()}
            lines += _weekly(window, rules[version.pk].weekly, weeks[n], sums, plans)
        cards.append(
            Card(window=window, version=version, signed=book.signed(window, version), figures=figures, lines=lines)
        )
    return cards


class _Asking(NamedTuple):
    """A rule and the metric bound to its parameters."""

    rule: Rule
    metric: Metric


class _Rules(NamedTuple):
    """The rules of a version, looked up once for everybody."""

    daily: list[_Asking]
    weekly: list[_Asking]

    @classmethod
    def of(cls, version: SchemeVersion) -> _Rules:
        found = [_Asking(rule, bound(rule.metric, rule.parameters)) for rule in version.rules.all()]
        return cls(
            [one for one in found if one.rule.period == Period.DAY],
            [one for one in found if one.rule.period == Period.WEEK],
        )

    @property
    def all(self) -> list[_Asking]:
        return [*self.daily, *self.weekly]


def _weekly(
    window: Window, rules: Sequence[_Asking], week: Week, figures: Mapping[str, Measure], plans: PlanBook
) -> list[Line]:
    """The weekly rules on the card of the week's last day."""
    there = replace(window, scheduled=week.scheduled, absent=week.absent)
    first = window.day - timedelta(days=window.day.isoweekday() - 1)
    lines = []
    for rule, metric in rules:
        base = plans.share(window, metric.figure, first) if rule.by_plan else rule.threshold
        asked = Asked(threshold=None, opens=week.opens)
        if base is not None:
            asked = replace(scoring.asked(rule, there, base=base), opens=week.opens)
        lines.append(scoring.line(rule, figures[metric.figure], there, asked))
    return lines


def save(cards: Sequence[Card], *, at: datetime) -> list[Card]:
    """Write the cards that are not there yet with all that belongs to them, in a fixed number of statements; gives those."""
    ids = card_rows.insert_cards(cards)
    new = [(ids[key], card) for card in cards if (key := (card.window.person_id, card.window.day)) in ids]
    card_rows.insert_snapshots([card for _pk, card in new])
    card_rows.insert_lines(new)
    card_rows.insert_sheets([pk for pk, _card in new])
    card_rows.post(new)
    telling.card_closed([(pk, card) for pk, card in new if at - card.window.cut_off < TOLD_WITHIN], at=at)
    return [card for _pk, card in new]
