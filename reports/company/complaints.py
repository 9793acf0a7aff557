"""Complaints and returns: what is open, and what the month brought."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts import formats
from crm.models import ComplaintKind
from reports.company.blocks import BAD, WATCH, Block, Cell, Grid, Row
from reports.company.board import Board

KEY = "complaints"
NEW, OPEN = "complaints_new", "complaints_open"


def block(board: Board) -> Block:
    board = board.under(KEY)
    count, was = board.sum(OPEN).count, board.was(OPEN)
    rose = was is not None and count > was.count
    any_ = count or board.sum(NEW).count
    return Block(
        key=KEY,
        width="less",
        title=_("Complaints and returns"),
        icon="message-2-exclamation",
        changed=board.change(count, was.count if was else None, formats.number),
        why=_("shown because a client who complains still wants to stay"),
        facts=_facts(board) if any_ else [],
        grids=[_by_kind(board)] if any_ else [],
        alarm=_("%(n)s more open complaints than a week ago.") % {"n": formats.number(count - was.count)}
        if rose and was
        else "",
        tone=BAD if rose else WATCH if count else "",
        empty=_("Nobody complains, nothing came back this month."),
    )


def _facts(board: Board) -> list[Cell]:
    count = board.sum(OPEN).count
    return [
        board.count(OPEN, label=_("Open"), note=_("wait for an answer"), tone=WATCH if count else ""),
        board.count(NEW, label=_("New this month"), note=board.amount(board.sum(NEW))),
    ]


def _by_kind(board: Board) -> Grid:
    rows = [
        Row(
            name=str(kind.label).capitalize(),
            cells=[
                board.count(OPEN, kind.value),
                board.count(NEW, kind.value),
                board.money(NEW, kind.value),
            ],
        )
        for kind in ComplaintKind
    ]
    return Grid(title=_("By kind"), headings=[_("Kind"), _("Open"), _("New"), _("Worth")], rows=rows)
