"""How deals went through the stages in half a year: what moves on, how long it takes, and where deals break."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import formats
from crm.exports import Percent
from reports import charts
from reports.charts import Chart, Series
from reports.company.blocks import BAD, WATCH, Block, Cell, Grid, Row
from reports.company.board import Board, StageName, point

KEY = "funnel"
ENOUGH = 20
"""With fewer deals a stage is not judged."""


def block(board: Board) -> Block:
    board = board.under(KEY)
    stages = [stage for stage in board.stages if _has_any(board, stage)]
    breaks = _breaks(board, stages)
    entered = _entered(board, stages)
    return Block(
        key=KEY,
        width="whole",
        title=_("Funnel and where deals break"),
        icon="filter",
        changed=_changed(board),
        why=_why(board, breaks),
        facts=[_open(board)] if stages else [],
        charts=[_chart(entered)] if entered else [],
        points=[cell for _stage, cell in entered],
        grids=[_grid(board, stages, breaks)] if stages else [],
        alarm=_alarm(board, breaks),
        tone=WATCH if breaks else "",
        empty=_("No deal has gone through the funnel yet."),
        more=_("The board"),
        more_href="crm:deal-board",
    )


def _has_any(board: Board, stage: StageName) -> bool:
    return any(board.sum(key, stage.key).count for key in ("entered_stage", "deals_open"))


def moved(board: Board, stage: StageName) -> tuple[int, int, Decimal | None]:
    """How many deals moved on, how many that or lost, and the share; those that still stand there say nothing yet."""
    on, lost = board.sum("moved_on", stage.key).count, board.sum("lost_here", stage.key).count
    return on, on + lost, Decimal(on) / (on + lost) if on + lost else None


def _breaks(board: Board, stages: list[StageName]) -> StageName | None:
    """The stage that hands on the least; None while no stage has seen enough deals."""
    judged = [
        (part, place, stage)
        for place, stage in enumerate(stages)
        for _on, ended, part in [moved(board, stage)]
        if ended >= ENOUGH
    ]
    if not judged:
        return None
    return min(judged)[2] if min(judged)[0] < 1 else None  # type: ignore[operator]


def _entered(board: Board, stages: list[StageName]) -> list[tuple[StageName, Cell]]:
    """The funnel with most deals: what came into each stage."""
    counts: dict[str, int] = {}
    for stage in stages:
        counts[stage.pipeline] = counts.get(stage.pipeline, 0) + board.sum("entered_stage", stage.key).count
    if not any(counts.values()):
        return []
    largest = max(counts, key=lambda name: counts[name])
    return [(stage, board.count("entered_stage", stage.key)) for stage in stages if stage.pipeline == largest]


def _chart(entered: list[tuple[StageName, Cell]]) -> Chart:
    points = [point(cell, stage.name, cell.plain, tone=stage.colour) for stage, cell in entered]
    says = _("%(n)s deals came into the first stage in 180 days, %(m)s reached the last.") % {
        "n": points[0].shown,
        "m": points[-1].shown,
    }
    return charts.funnel(
        title=_("Deals that came into each stage"),
        series=[Series(name=_("Deals"), points=points)],
        says=says,
        labels=_("Stage"),
    )


def _open(board: Board) -> Cell:
    sum_ = board.sum("deals_open")
    note = ngettext("in %(n)s open deal", "in %(n)s open deals", sum_.count) % {"n": formats.number(sum_.count)}
    return board.money("deals_open", label=_("In the funnel now"), note=note)


def _grid(board: Board, stages: list[StageName], breaks: StageName | None) -> Grid:
    several = len({stage.pipeline for stage in stages}) > 1
    return Grid(
        title=_("Stages in the last 180 days"),
        headings=[_("Stage"), _("Came in"), _("Moved on"), _("Lost here"), _("Days"), _("Open now")],
        rows=[_row(board, stage, several, stage == breaks) for stage in stages],
        secondary=(0, 4),
    )


def _row(board: Board, stage: StageName, several: bool, breaks: bool) -> Row:
    _on, ended, part = moved(board, stage)
    shown = (
        _("%(part)s of %(n)s") % {"part": formats.percent(part), "n": formats.number(ended)} if ended else formats.DASH
    )
    days = board.average("stage_days", stage.key)
    return Row(
        name=stage.name,
        note=stage.pipeline if several else "",
        cells=[
            board.count("entered_stage", stage.key),
            board.cell("moved_on", stage.key, shown=shown, plain=Percent(part), tone=BAD if breaks else ""),
            board.count("lost_here", stage.key),
            board.cell("stage_days", stage.key, shown=formats.number(days, 1), plain=days),
            board.money("deals_open", stage.key),
        ],
    )


def _changed(board: Board) -> str:
    was = board.was("deals_open")
    shown = lambda minor: formats.money(minor, board.currency)  # noqa: E731 - a word for one call
    said = board.change(board.minor(board.sum("deals_open")), None if was is None else board.minor(was), shown)
    return _("in the funnel: %(change)s") % {"change": said}


def _why(board: Board, breaks: StageName | None) -> str:
    if breaks is None:
        return _("shown because a funnel that moves is a month that can be planned")
    _on, _ended, part = moved(board, breaks)
    return _("shown because only %(part)s of the deals move on from “%(stage)s”") % {
        "part": formats.percent(part),
        "stage": breaks.name,
    }


def _alarm(board: Board, breaks: StageName | None) -> str:
    if breaks is None:
        return ""
    lost = board.sum("lost_here", breaks.key).count
    said = ngettext(
        "Deals break at “%(stage)s”: %(n)s was lost there.", "Deals break at “%(stage)s”: %(n)s were lost there.", lost
    )
    return said % {"stage": breaks.name, "n": formats.number(lost)}
