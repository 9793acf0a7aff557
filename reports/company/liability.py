"""What the company owes in bonuses for points that nobody has approved yet."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import formats
from reports import charts
from reports.charts import Chart, Series
from reports.company.blocks import Block, Cell
from reports.company.board import TOP, Board, point

KEY = "liability"


def block(board: Board) -> Block:
    board = board.under(KEY)
    sum_, was = board.sum(KEY), board.was(KEY)
    teams = [(team, one) for team, one in board.team_rows(KEY) if board.minor(one)]
    cells = {team: board.money(KEY, team=team) for team, _sum in teams[:TOP]}
    return Block(
        key=KEY,
        width="less",
        title=_("Bonus to pay"),
        icon="coins",
        changed=board.change(
            board.minor(sum_),
            None if was is None else board.minor(was),
            lambda minor: formats.money(minor, board.currency),
        ),
        why=_("shown because it is your money, and paid only when you approve it"),
        facts=[_owed(board)] if sum_.count else [],
        charts=[_chart(board, cells)] if len(cells) > 1 else [],
        points=list(cells.values()) if len(cells) > 1 else [],
        empty=_("No points are open: nothing is owed."),
        more=_("Settlements"),
        more_href="discipline:settlement-list",
    )


def _owed(board: Board) -> Cell:
    points = board.sum(KEY).count
    note = ngettext("for %(n)s open point", "for %(n)s open points", points) % {"n": formats.number(points)}
    return board.money(KEY, label=_("Owed today"), note=note)


def _chart(board: Board, cells: dict[int, Cell]) -> Chart:
    points = [
        point(cell, board.teams.get(team, ""), board.minor(cell.behind) if cell.behind else 0)
        for team, cell in cells.items()
    ]
    first = points[0]
    says = _("Most is owed to %(team)s: %(amount)s.") % {"team": first.label, "amount": first.shown}
    return charts.bars(
        title=_("Bonus by team"), series=[Series(name=_("To pay"), points=points)], says=says, labels=_("Team")
    )
