"""What was won against the plan, day by day, with the pace; and by team."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from accounts import formats
from crm.exports import Percent
from reports import charts
from reports.charts import Chart, Point, Series
from reports.company.blocks import BAD, GOOD, WATCH, Block, Cell, Grid, Row
from reports.company.board import Board, point
from reports.company.outlook import Outlook
from reports.moments import Span

KEY = "won"
ON_PACE, BEHIND = Decimal("0.95"), Decimal("0.8")


def block(board: Board) -> Block:
    board = board.under(KEY)
    outlook = Outlook.of(board.shown)
    facts = [_won(board), *_against_plan(board, outlook)] if outlook.plan or board.sum("won").count else []
    running = _running(board) if facts else []
    return Block(
        key=KEY,
        width="most",
        title=_("Won against plan"),
        icon="trophy",
        changed=board.change_of_month(
            board.minor(board.sum("won")), _minor(board, "won"), lambda minor: formats.money(minor, board.currency)
        ),
        why=_why(board, outlook),
        facts=facts,
        charts=[_chart(board, outlook, running)] if facts else [],
        points=[cell for _day, cell in running if cell],
        grids=_by_team(board) if facts else [],
        alarm=_alarm(outlook),
        tone=tone(outlook.pace),
        empty=_("Nothing is won this month yet, and nobody has a plan."),
        more=_("The plans"),
        more_href="discipline:plan-list",
    )


def tone(pace: Decimal | None) -> str:
    """How far from the pace of the plan."""
    if pace is None:
        return ""
    return GOOD if pace >= ON_PACE else WATCH if pace >= BEHIND else BAD


def _won(board: Board) -> Cell:
    sum_ = board.sum("won")
    note = _("%(n)s deals") % {"n": formats.number(sum_.count)}
    return board.money("won", label=_("Won this month"), note=note)


def _against_plan(board: Board, outlook: Outlook) -> list[Cell]:
    if not outlook.plan:
        return []
    of = _("of %(plan)s") % {"plan": board.near(outlook.plan)}
    part = outlook.reached
    found = [board.cell("won", shown=formats.percent(part), plain=Percent(part), label=_("Plan reached"), note=of)]
    if outlook.pace is not None:
        note = _("by now it should be %(n)s") % {"n": board.near(outlook.expected)}
        found.append(board.cell(
            "won", shown=formats.percent(outlook.pace), plain=Percent(outlook.pace), label=_("Pace"), note=note,
            tone=tone(outlook.pace),
        ))  # fmt: skip
    if outlook.needed is not None:
        note = _("so far %(n)s a day") % {"n": board.near(outlook.a_day)}
        found.append(board.cell(
            "plan", shown=board.near(outlook.needed), plain=outlook.needed / 100, label=_("Needed a day"), note=note,
        ))  # fmt: skip
    return found


def _running(board: Board) -> list[tuple[date, Cell | None]]:
    """For each day until now what was won up to it; None before the first win."""
    days = sorted(board.parts("won"))
    month = Span(board.shown.reading.moment, board.shown.reading.zone)
    found: list[tuple[date, Cell | None]] = []
    for day in _days(month.first, board.day):
        until = [one for one in days if (parse_date(one) or day) <= day]
        found.append((day, board.money("won", *until) if until else None))
    return found


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _chart(board: Board, outlook: Outlook, running: list[tuple[date, Cell | None]]) -> Chart:
    """What is won, added up by day; the plan goes by workdays up to today and evenly on from there."""
    month = Span(board.shown.reading.moment, board.shown.reading.zone)
    won = [_point(board, day, cell) for day, cell in running]
    won += [Point(label=str(day.day), value=None, shown="") for day in _days(board.day, month.last)[1:]]
    series = [Series(name=_("Won"), points=won)]
    if outlook.plan:
        plan = board.money("plan")
        goal = [
            (day, outlook.expected_on(day.day, board.day.day, month.last.day)) for day in _days(month.first, month.last)
        ]
        series.append(Series(
            name=_("Plan"), dashed=True,
            points=[point(plan, str(day.day), float(value), shown=board.near(value)) for day, value in goal],
        ))  # fmt: skip
    says = _("%(won)s won of %(plan)s.") % {"won": board.near(outlook.won), "plan": board.near(outlook.plan)}
    return charts.line(
        title=_("Won against plan"), series=series, says=says if outlook.plan else "", labels=_("Day"),
        axis=lambda minor: formats.money_short(round(minor), board.currency),
    )  # fmt: skip


def _point(board: Board, day: date, cell: Cell | None) -> Point:
    if cell is None or cell.behind is None:
        return Point(label=str(day.day), value=0, shown=board.near(0))
    return point(cell, str(day.day), board.minor(cell.behind))


def _by_team(board: Board) -> list[Grid]:
    teams = sorted(
        {team for key in ("won", "plan") for team, _sum in board.team_rows(key)}, key=lambda team: -_won_by(board, team)
    )
    shown, more = board.top(teams)
    if len(teams) < 2:
        return []
    return [Grid(
        title=_("By team"),
        headings=[_("Team"), _("Won"), _("Plan"), _("Reached")],
        rows=[_team(board, team) for team in shown],
        secondary=(1,),
        more=more,
    )]  # fmt: skip


def _won_by(board: Board, team: int) -> int:
    return board.minor(board.sum("won", team=team))


def _team(board: Board, team: int) -> Row:
    plan = board.minor(board.sum("plan", team=team))
    part = Decimal(_won_by(board, team)) / plan if plan else None
    reached = board.cell("won", shown=formats.percent(part), plain=Percent(part), team=team)
    cells = [
        board.money("won", team=team),
        board.money("plan", team=team),
        reached,
    ]
    return Row(name=board.teams.get(team, ""), cells=cells)


def _minor(board: Board, key: str) -> int | None:
    was = board.was(key)
    return None if was is None else board.minor(was)


def _why(board: Board, outlook: Outlook) -> str:
    if outlook.needed is None:
        return _("shown because results are the other half of control")
    if not outlook.needed:
        return _("shown because the plan is reached before the month is over")
    return _("shown because the plan now asks for %(needed)s a day, after %(so_far)s a day so far") % {
        "needed": board.near(outlook.needed),
        "so_far": board.near(outlook.a_day),
    }


def _alarm(outlook: Outlook) -> str:
    if tone(outlook.pace) not in (WATCH, BAD):
        return ""
    return _("%(pace)s of the pace that the plan needs.") % {"pace": formats.percent(outlook.pace)}
