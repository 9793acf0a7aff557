"""What was lost this month: why, to whom, and what could have been sold."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import formats
from reports import charts
from reports.charts import Chart, Series
from reports.company.blocks import WATCH, Block, Cell, Grid, Row
from reports.company.board import TOP, Board, point
from reports.figures.sums import Sum

KEY = "lost"


def block(board: Board) -> Block:
    board = board.under(KEY)
    sum_, was = board.sum(KEY), board.was(KEY)
    reasons = [(part, board.money(KEY, part)) for part, _sum in _largest(board, board.parts(KEY))[:TOP]]
    without = board.sum(KEY, "").count
    return Block(
        key=KEY,
        width="whole",
        title=_("Lost deals"),
        icon="mood-sad",
        changed=board.change_of_month(sum_.count, was.count if was else None, formats.number),
        why=_("shown because reasons of losses are the first sign that the market turns"),
        facts=_facts(board, without) if sum_.count else [],
        charts=[_chart(board, reasons)] if reasons else [],
        points=[cell for _part, cell in reasons],
        grids=[grid for grid in (_to_whom(board), _products(board)) if grid],
        alarm=_unsaid(without) if without else "",
        tone=WATCH if without else "",
        empty=_("No deal was lost this month. Well held."),
    )


def _unsaid(without: int) -> str:
    said = ngettext("%(n)s deal was lost without a reason.", "%(n)s deals were lost without a reason.", without)
    return said % {"n": formats.number(without)}


def _facts(board: Board, without: int) -> list[Cell]:
    sum_ = board.sum(KEY)
    note = ngettext("in %(n)s deal", "in %(n)s deals", sum_.count) % {"n": formats.number(sum_.count)}
    facts = [board.money(KEY, label=_("Lost this month"), note=note)]
    if without:
        facts.append(
            board.count(KEY, "", label=_("Without a reason"), note=_("ask why before they are forgotten"), tone=WATCH)
        )
    return facts


def _largest(board: Board, parts: Mapping[str, Sum]) -> list[tuple[str, Sum]]:
    return sorted(parts.items(), key=lambda row: (-board.minor(row[1]), -row[1].count, row[0]))


def _reason(board: Board, part: str) -> str:
    return board.reasons.get(part, "") or _("no reason given")


def _chart(board: Board, reasons: list[tuple[str, Cell]]) -> Chart:
    points = [
        point(cell, _reason(board, part), board.minor(cell.behind) if cell.behind else 0, tone="" if part else WATCH)
        for part, cell in reasons
    ]
    says = _("Most is lost for “%(reason)s”: %(amount)s.") % {"reason": points[0].label, "amount": points[0].shown}
    return charts.bars(
        title=_("Lost by reason"), series=[Series(name=_("Lost"), points=points)], says=says, labels=_("Reason")
    )


def _to_whom(board: Board) -> Grid | None:
    rows = [row for row in _largest(board, board.parts("lost_to")) if row[0]]
    return _grid(board, "lost_to", _("To whom"), _("Competitor"), rows, {})


def _products(board: Board) -> Grid | None:
    rows = _largest(board, board.parts("lost_product"))
    return _grid(board, "lost_product", _("What could have been sold"), _("Product"), rows, board.products)


def _grid(
    board: Board, key: str, title: str, what: str, rows: list[tuple[str, Sum]], names: Mapping[str, str]
) -> Grid | None:
    shown, more = board.top(rows)
    if not shown:
        return None
    lines = [
        Row(name=names.get(part, part), cells=[board.count(key, part), board.money(key, part)]) for part, _sum in shown
    ]
    return Grid(title=title, headings=[what, _("Deals"), _("Amount")], rows=lines, more=more)
