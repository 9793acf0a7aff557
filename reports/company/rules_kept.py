"""Discipline: which part of the rules the teams kept, day by day, and what lies about undone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import formats
from crm.exports import Percent
from reports import charts
from reports.charts import Chart, Point, Series
from reports.company.blocks import BAD, GOOD, WATCH, Block, Cell, Grid, Row
from reports.company.board import Board, TeamScore

KEY = "discipline"
DAYS = 14
WEEK = timedelta(days=7)
KEPT, HALF_KEPT = Decimal("0.9"), Decimal("0.7")
FELL = Decimal("0.05")


def block(board: Board) -> Block:
    board = board.under(KEY)
    now, before = share(_since(board, WEEK)), share(_before(board))
    fell = now is not None and before is not None and before - now >= FELL
    return Block(
        key=KEY,
        width="most",
        title=_("Discipline by team"),
        icon="clipboard-check",
        changed=_changed(now, before),
        why=_("shown because the rules kept this week are the sales of the next months"),
        facts=[_kept(board, now, before), *_undone(board)] if board.scores else _undone(board),
        charts=[_chart(board)] if board.scores else [],
        grids=[_teams(board)] if board.scores else [],
        alarm=_("Rules kept fell from %(before)s to %(now)s.")
        % {"before": formats.percent(before), "now": formats.percent(now)}
        if fell
        else "",
        tone=BAD if fell else tone(now),
        more=_("The team's day"),
        more_href="discipline:team-day",
    )


def tone(part: Decimal | None) -> str:
    if part is None:
        return ""
    return GOOD if part >= KEPT else WATCH if part >= HALF_KEPT else BAD


def share(scores: Iterable[TeamScore]) -> Decimal | None:
    """Rules kept of those that counted; None when none did."""
    rows = list(scores)
    met = sum(one.met for one in rows)
    counted = met + sum(one.missed for one in rows)
    return Decimal(met) / counted if counted else None


def _changed(now: Decimal | None, before: Decimal | None) -> str:
    if now is None:
        return _("no day was scored in the last week")
    if before is None:
        return _("%(now)s of the rules kept in seven days") % {"now": formats.percent(now)}
    said = _("%(now)s of the rules kept in seven days, %(before)s in the seven before")
    return said % {"now": formats.percent(now), "before": formats.percent(before)}


def _since(board: Board, back: timedelta) -> list[TeamScore]:
    return [one for one in board.scores if one.day > board.day - back]


def _before(board: Board) -> list[TeamScore]:
    return [one for one in board.scores if one.day <= board.day - WEEK]


def _kept(board: Board, now: Decimal | None, before: Decimal | None) -> Cell:
    note = _("%(n)s the week before") % {"n": formats.percent(before)} if before is not None else _("in seven days")
    last = board.scores[-1]
    return Cell(
        label=_("Rules kept"),
        shown=formats.percent(now),
        plain=Percent(now),
        note=note,
        tone=tone(now),
        href=_page(last.team, last.day),
    )


def _undone(board: Board) -> list[Cell]:
    """What lapsed and what nobody works on; counts that open."""
    listed = (
        ("overdue", _("Overdue tasks"), BAD),
        ("deals_late", _("Late next steps"), BAD),
        ("deals_bare", _("Deals without a task"), WATCH),
    )
    found = []
    for key, label, word in listed:
        count = board.sum(key).count
        was = board.was(key)
        note = board.change(count, was.count if was else None, formats.number) if was else ""
        found.append(board.count(key, label=label, note=note, tone=word if count else ""))
    return found


def _chart(board: Board) -> Chart:
    """The share by day, over all teams."""
    by_day: dict[date, list[TeamScore]] = defaultdict(list)
    for one in board.scores:
        by_day[one.day].append(one)
    points = []
    for day, scores in sorted(by_day.items()):
        part = share(scores)
        points.append(Point(
            label=date_format(day, "j M"), value=None if part is None else float(part), shown=formats.percent(part),
            href=_page(scores[0].team, day), tone=BAD if tone(part) == BAD else "",
        ))  # fmt: skip
    says = _("Between %(low)s and %(high)s in %(n)s scored days.") % {
        "low": formats.percent(min((one.value or 0) for one in points)),
        "high": formats.percent(max((one.value or 0) for one in points)),
        "n": len(points),
    }
    return charts.columns(
        title=_("Rules kept by day"),
        series=[Series(name=_("Rules kept"), points=points)],
        says=says,
        labels=_("Day"),
        axis=formats.percent,
    )


def _teams(board: Board) -> Grid:
    """The teams, the one that keeps least first."""
    by_team: dict[int, list[TeamScore]] = defaultdict(list)
    for one in board.scores:
        by_team[one.team].append(one)
    worst = sorted(by_team, key=lambda team: (share(by_team[team]) or Decimal(0), board.teams.get(team, "")))
    shown, more = board.top(worst)
    return Grid(
        title=_("Teams, the one that needs you first"),
        headings=[_("Team"), _("Rules kept"), _("Last days"), _("Points"), _("Overdue")],
        rows=[_team(board, team, by_team[team]) for team in shown],
        secondary=(3,),
        more=more,
    )


def _team(board: Board, team: int, scores: list[TeamScore]) -> Row:
    last, part = scores[-1], share(scores)
    page = _page(team, last.day)
    points = sum(one.points for one in scores)
    people = ngettext("%(n)s card", "%(n)s cards", last.cards) % {"n": last.cards}
    trend = [float(day) for one in scores if (day := share([one])) is not None]
    return Row(
        name=board.teams.get(team, ""),
        href=page,
        note=f"{formats.day(last.day, board.day)} · {people}",
        cells=[
            Cell(shown=formats.percent(part), plain=Percent(part), href=page, tone=tone(part)),
            Cell(shown="", plain=len(scores), trend=trend),
            Cell(shown=formats.points(points), plain=points, href=page),
            board.count("overdue", team=team),
        ],
    )


def _page(team: int, day: date) -> str:
    return f"{reverse('discipline:team-day')}?team={team}&day={day.isoformat()}"
