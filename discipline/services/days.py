"""Closing a day: figures as of the cut-off become snapshots, cards, lines and postings, once for ever."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import OperationalError, connection, transaction

from accounts.models import Team
from crm.history.sql import WRITERS_LOCK
from discipline import scoring
from discipline.metrics import METRICS, Measure, bound, figure_key, measure
from discipline.models import EntryKind, Period, Rule, SchemeVersion, Scorecard
from discipline.plans import PlanBook
from discipline.rulebook import Rulebook
from discipline.scoring import Asked, Line
from discipline.services import telling
from discipline.services.bulk import insert
from discipline.timetable import Timetable, Week
from discipline.windows import Window

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


def close(*, team: Team, day: date, at: datetime) -> Closed:
    """Score everybody of a team whose horizon has passed and who has no card of that day; doing it again changes nothing.

    The figures are those of the cut-off, whenever this runs. Raises WritersBusy when a writer holds on for too long.
    """
    return close_all(team=team, days=[day], at=at)[0]


def close_all(*, team: Team, days: Sequence[date], at: datetime) -> list[Closed]:
    """Close several days of a team in one go, with as many statements as one day takes."""
    timetable = Timetable.of_teams([team.pk], first=min(days), until=max(days))
    there = set(Scorecard.objects.filter(team=team, day__in=days).values_list("user_id", "day"))
    windows = [window for day in days for window in timetable.windows(day, team.pk)]
    due = [w for w in windows if w.scored and w.horizon <= at and (w.person_id, w.day) not in there]
    complete = [day for day in days if (over_at := timetable.over_at(team.pk, day)) is not None and over_at <= at]
    if due:
        wait_for_writers()
    with transaction.atomic():
        written = Counter(card.window.day for card in save(score(due, timetable), at=at))
        _sum_up(team.pk, complete)
    return [Closed(team_id=team.pk, day=day, cards=written[day], complete=day in complete) for day in days]


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
    weeks = {window: week for window, _version in ruled if (week := timetable.week(window))}
    daily = _measured(ruled, Period.DAY, [window for window, _version in ruled])
    weekly = _measured(ruled, Period.WEEK, [replace(window, opens=week.opens) for window, week in weeks.items()])
    planned = [window for window, version in ruled if any(rule.by_plan for rule in version.rules.all())]
    plans = PlanBook.of(planned, timetable)
    ends = {window: n for n, window in enumerate(weeks)}
    cards = []
    for n, (window, version) in enumerate(ruled):
        figures = {key: of_all[n] for key, of_all in daily.items()}
        lines = [scoring.line(rule, figures[_figure(rule)], window) for rule in _rules(version, Period.DAY)]
        if window in weeks:
            sums = {key: of_all[ends[window]] for key, of_all in weekly.items()}
            lines += _weekly(window, version, weeks[window], sums, plans)
        cards.append(
            Card(window=window, version=version, signed=book.signed(window, version), figures=figures, lines=lines)
        )
    return cards


def _measured(
    ruled: Sequence[tuple[Window, SchemeVersion]], period: str, windows: Sequence[Window]
) -> dict[str, list[Measure]]:
    """The figures that the rules of a period ask for, and on days those that are always kept; of every window."""
    always = [metric for metric in METRICS.values() if metric.daily] if period == Period.DAY else []
    versions = {version.pk: version for _window, version in ruled}.values()
    asked = [bound(rule.metric, rule.parameters) for version in versions for rule in _rules(version, period)]
    return measure([*always, *asked], windows)


def _weekly(
    window: Window, version: SchemeVersion, week: Week, figures: Mapping[str, Measure], plans: PlanBook
) -> list[Line]:
    """The weekly rules on the card of the week's last day."""
    there = replace(window, scheduled=week.scheduled, absent=week.absent)
    first = window.day - timedelta(days=window.day.isoweekday() - 1)
    lines = []
    for rule in _rules(version, Period.WEEK):
        base = plans.share(window, _figure(rule), first) if rule.by_plan else rule.threshold
        asked = Asked(threshold=None, opens=week.opens)
        if base is not None:
            asked = replace(scoring.asked(rule, there, base=base), opens=week.opens)
        lines.append(scoring.line(rule, figures[_figure(rule)], there, asked))
    return lines


def _rules(version: SchemeVersion, period: str) -> list[Rule]:
    return [rule for rule in version.rules.all() if rule.period == period]


def _figure(rule: Rule) -> str:
    return figure_key(rule.metric, rule.parameters)


def save(cards: Sequence[Card], *, at: datetime) -> list[Card]:
    """Write the cards that are not there yet with all that belongs to them, in a fixed number of statements; gives those."""
    ids = _insert_cards(cards)
    new = [(ids[key], card) for card in cards if (key := (card.window.person_id, card.window.day)) in ids]
    _insert_snapshots([card for _pk, card in new])
    _insert_lines(new)
    _post(new)
    telling.card_closed([(pk, card) for pk, card in new if at - card.window.cut_off < TOLD_WITHIN], at=at)
    return [card for _pk, card in new]


def _insert_cards(cards: Sequence[Card]) -> dict[tuple[int, date], int]:
    columns = {
        "user_id": "bigint", "team_id": "bigint", "day": "date", "version_id": "bigint", "mode": "text", "zone": "text",
        "window_from": "timestamptz", "cut_off": "timestamptz", "horizon": "timestamptz", "scheduled": "smallint",
        "absent": "smallint", "ramp": "smallint", "signed": "boolean", "points": "int", "posted": "int", "inputs_hash": "text",
    }  # fmt: skip
    rows = [
        (
            card.window.person_id, card.window.team_id, card.window.day, card.version.pk, card.window.mode, card.window.zone,
            card.window.opens, card.window.cut_off, card.window.horizon, card.window.scheduled, card.window.absent,
            card.window.ramp, card.signed, card.points, card.posted, card.fingerprint,
        )
        for card in sorted(cards, key=lambda card: (card.window.day, card.window.person_id))
    ]  # fmt: skip
    written = insert("discipline_scorecard", columns, rows, returning="user_id, day, id")
    return {(user_id, day): pk for user_id, day, pk in written}


def _insert_snapshots(cards: Sequence[Card]) -> None:
    columns = {
        "user_id": "bigint",
        "day": "date",
        "metric": "text",
        "metric_version": "smallint",
        "parameters": "text",
        "value": "numeric",
    }
    rows = [
        (card.window.person_id, card.window.day, metric, METRICS[metric].version, key[len(metric) :], figure.value)
        for card in cards
        for key, figure in card.figures.items()
        for metric in [key.partition("{")[0]]
    ]
    insert("discipline_snapshot", columns, rows)


def _insert_lines(cards: Sequence[tuple[int, Card]]) -> None:
    columns = {
        "card_id": "bigint", "rule_id": "bigint", "code": "text", "metric": "text", "metric_version": "smallint",
        "value": "numeric", "comparison": "text", "threshold": "numeric", "result": "text", "reason": "text", "points": "smallint",
        "opens": "timestamptz", "position": "smallint", "evidence": "jsonb",
    }  # fmt: skip
    rows = [
        (
            pk, line.rule.pk, line.rule.code, line.rule.metric, METRICS[line.rule.metric].version, line.value,
            line.rule.comparison, line.threshold, line.result, line.reason, line.points, line.asked.opens, position,
            json.dumps(line.measure.evidence),
        )
        for pk, card in cards
        for position, line in enumerate(card.lines)
    ]  # fmt: skip
    insert("discipline_scoreline", columns, rows)


def _post(cards: Sequence[tuple[int, Card]]) -> None:
    """Move the points that count: from the company to the person, or back. Nothing moves for nothing."""
    columns = {
        "key": "text", "kind": "text", "user_id": "bigint", "card_id": "bigint", "day": "date", "debit": "text", "credit": "text",
        "points": "int",
    }  # fmt: skip
    rows = []
    for pk, card in cards:
        if not card.posted:
            continue
        person = f"person:{card.window.person_id}"
        debit, credit = ("company", person) if card.posted > 0 else (person, "company")
        key = f"card:{card.window.person_id}:{card.window.day.isoformat()}"
        rows.append((key, EntryKind.CARD, card.window.person_id, pk, card.window.day, debit, credit, abs(card.posted)))
    insert("discipline_ledgerentry", columns, rows)


def _sum_up(team_id: int, days: Sequence[date]) -> None:
    """Write down that days of a team are closed for everybody, with their sums; a free day has zeros."""
    if not days:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO discipline_teamday (team_id, day, cards, points, met, missed)
            SELECT %(team)s, d.day, count(c.id), COALESCE(sum(c.points), 0), COALESCE(sum(l.met), 0), COALESCE(sum(l.missed), 0)
            FROM unnest(%(days)s::date[]) AS d (day)
            LEFT JOIN discipline_scorecard c ON c.team_id = %(team)s AND c.day = d.day
            LEFT JOIN LATERAL (
                SELECT count(*) FILTER (WHERE result = 'met') AS met, count(*) FILTER (WHERE result = 'missed') AS missed
                FROM discipline_scoreline WHERE card_id = c.id
            ) AS l ON true
            GROUP BY d.day
            ON CONFLICT DO NOTHING
            """,
            {"team": team_id, "days": list(days)},
        )
