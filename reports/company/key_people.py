"""Clients and open money that only one person knows: what would leave with him."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import formats
from reports.company.blocks import WATCH, Block, Cell, Grid, Row
from reports.company.board import Board

KEY, FIGURE = "key-people", "known_to_one"


def block(board: Board) -> Block:
    board = board.under(KEY)
    sum_, was = board.sum(FIGURE), board.was(FIGURE)
    return Block(
        key=KEY,
        title=_("Clients that one person alone knows"),
        icon="key",
        changed=board.change(sum_.count, was.count if was else None, formats.number),
        why=_("shown because they leave with the person, or wait while he is ill"),
        facts=_facts(board) if sum_.count else [],
        grids=[_by_team(board)] if board.team_rows(FIGURE) else [],
        alarm=_alarm(board) if board.minor(sum_) else "",
        tone=WATCH if sum_.count else "",
        empty=_("Every client is known to two people or more."),
    )


def _facts(board: Board) -> list[Cell]:
    clients = board.sum(FIGURE).count
    return [
        board.count(
            FIGURE, label=_("Clients"), note=_("talked to by one person alone in a year"), tone=WATCH if clients else ""
        ),
        board.money(FIGURE, label=_("Their open deals"), note=_("would have nobody to go on with them")),
    ]


def _by_team(board: Board) -> Grid:
    shown, more = board.top(board.team_rows(FIGURE))
    rows = [
        Row(
            name=board.teams.get(team, ""),
            cells=[board.count(FIGURE, team=team), board.money(FIGURE, team=team)],
        )
        for team, _sum in shown
    ]
    return Grid(title=_("By team"), headings=[_("Team"), _("Clients"), _("Open deals")], rows=rows, more=more)


def _alarm(board: Board) -> str:
    sum_ = board.sum(FIGURE)
    said = ngettext(
        "%(money)s of open deals hang on one person, with %(n)s client.",
        "%(money)s of open deals hang on one person each, with %(n)s clients.",
        sum_.count,
    )
    return said % {"money": board.amount(sum_), "n": formats.number(sum_.count)}
