"""The quality of the client base: how complete, true and fresh the cards are."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import formats
from reports import charts
from reports.charts import Chart, Series
from reports.company.blocks import BAD, GOOD, WATCH, Block, Cell
from reports.company.board import TOP, Board, point

KEY = "quality"
WELL, FAIRLY = Decimal(80), Decimal(60)


def block(board: Board) -> Block:
    board = board.under(KEY)
    now, was = board.average(KEY), _before(board)
    teams = _teams(board)
    return Block(
        key=KEY,
        title=_("Quality of the client base"),
        icon="id",
        changed=board.change(_rounded(now), _rounded(was), _points),
        why=_("shown because nobody can sell to a card without a phone number or a next step"),
        facts=[_average(board, now)] if now is not None else [],
        charts=[_chart(board, teams)] if len(teams) > 1 else [],
        points=[cell for _team, _value, cell in teams] if len(teams) > 1 else [],
        alarm=_("The base fell below %(n)s points.") % {"n": FAIRLY} if now is not None and now < FAIRLY else "",
        tone=tone(now),
        empty=_("No companies are in the base yet."),
        more=_("The companies"),
        more_href="crm:company-list",
    )


def tone(value: Decimal | None) -> str:
    if value is None:
        return ""
    return GOOD if value >= WELL else WATCH if value >= FAIRLY else BAD


def _points(value: Decimal) -> str:
    return _("%(n)s points") % {"n": formats.number(value, 1)}


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else round(value, 1)


def _before(board: Board) -> Decimal | None:
    was = board.was(KEY)
    return Decimal(sum(was.minor.values())) / was.count / 100 if was and was.count else None


def _average(board: Board, now: Decimal) -> Cell:
    count = board.sum(KEY).count
    note = ngettext("of 100, over %(n)s company", "of 100, over %(n)s companies", count) % {"n": formats.number(count)}
    return board.cell(
        KEY, shown=formats.number(now, 1), plain=_rounded(now), label=_("Average quality"), note=note, tone=tone(now)
    )


def _teams(board: Board) -> list[tuple[int, Decimal, Cell]]:
    """The teams, the poorest cards first."""
    found = []
    for team, _sum in board.team_rows(KEY):
        value = board.average(KEY, team=team) or Decimal(0)
        found.append((value, team))
    return [
        (team, value, board.cell(KEY, team=team, shown=formats.number(value, 1), plain=_rounded(value)))
        for value, team in sorted(found)[:TOP]
    ]


def _chart(board: Board, teams: list[tuple[int, Decimal, Cell]]) -> Chart:
    points = [point(cell, board.teams.get(team, ""), float(value), tone=tone(value)) for team, value, cell in teams]
    says = _("%(team)s has the poorest cards: %(n)s of 100.") % {"team": points[0].label, "n": points[0].shown}
    return charts.bars(
        title=_("Quality by team"), series=[Series(name=_("Quality"), points=points)], says=says, labels=_("Team")
    )
