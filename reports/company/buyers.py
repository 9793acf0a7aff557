"""Who buys again, who buys for the first time, and whose purchases fall."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import formats
from reports import charts
from reports.charts import Chart, Series
from reports.company.blocks import WATCH, Block, Cell, Grid, Row
from reports.company.board import Board, point

KEY = "buyers"


def block(board: Board) -> Block:
    board = board.under(KEY)
    falling, was = board.sum("falling"), board.was("falling")
    bought = board.sum("repeat_buyers").count + board.sum("first_buyers").count
    facts = _facts(board) if bought or falling.count else []
    return Block(
        key=KEY,
        width="most",
        title=_("Repeat purchases, and clients who buy less"),
        icon="repeat",
        changed=_("falling clients: %(change)s")
        % {"change": board.change(falling.count, was.count if was else None, formats.number)},
        why=_("shown because selling again is cheaper than selling first"),
        facts=facts,
        charts=[_chart(board, facts)] if bought else [],
        grids=[_by_team(board)] if board.team_rows("falling") else [],
        alarm=_alarm(board) if falling.count else "",
        tone=WATCH if falling.count else "",
        empty=_("No shipments are in the books yet."),
    )


def _facts(board: Board) -> list[Cell]:
    return [
        board.money("repeat_buyers", label=_("Bought again"), note=_clients(board, "repeat_buyers")),
        board.money("first_buyers", label=_("Bought first"), note=_clients(board, "first_buyers")),
        board.money(
            "falling",
            label=_("Missing"),
            note=_clients(board, "falling"),
            tone=WATCH if board.sum("falling").count else "",
        ),
    ]


def _clients(board: Board, key: str) -> str:
    count = board.sum(key).count
    return ngettext("%(n)s client in a year", "%(n)s clients in a year", count) % {"n": formats.number(count)}


def _chart(board: Board, facts: list[Cell]) -> Chart:
    tones = ("good", "blue", "watch")
    points = [
        point(
            cell,
            cell.label,
            board.minor(cell.behind) if cell.behind else 0,
            tone=tone,
            shown=board.amount(cell.behind) if cell.behind else cell.shown,
        )
        for cell, tone in zip(facts, tones, strict=True)
    ]
    again, first = board.sum("repeat_buyers").count, board.sum("first_buyers").count
    says = _("%(again)s clients bought again and %(first)s for the first time in 365 days.") % {
        "again": formats.number(again),
        "first": formats.number(first),
    }
    return charts.bars(
        title=_("Purchases of a year"), series=[Series(name=_("Amount"), points=points)], says=says, labels=_("Clients")
    )


def _by_team(board: Board) -> Grid:
    shown, more = board.top(board.team_rows("falling"))
    rows = [
        Row(
            name=board.teams.get(team, ""),
            cells=[board.count("falling", team=team), board.money("falling", team=team)],
        )
        for team, _sum in shown
    ]
    return Grid(
        title=_("Whose clients buy less"), headings=[_("Team"), _("Clients"), _("Missing")], rows=rows, more=more
    )


def _alarm(board: Board) -> str:
    falling = board.sum("falling")
    said = ngettext(
        "%(n)s client buys at least 30 %% less: %(missing)s.",
        "%(n)s clients buy at least 30 %% less: %(missing)s.",
        falling.count,
    )
    return said % {"n": formats.number(falling.count), "missing": board.amount(falling)}
