"""Columns: figures of days, weeks or months side by side, with their plan as a dashed mark across."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from reports.charts import frame
from reports.charts.chart import Chart, nothing, rows_by_label
from reports.charts.drawing import Drawing, Shape, line, link, rect, stripes, text, width
from reports.charts.frame import Axis, Frame
from reports.charts.points import Point, Series
from reports.charts.scale import short

WIDEST = 56.0
TONE_STRIPES = {"watch": "sparse", "bad": "dense"}


def columns(*, title: str, series: Sequence[Series], says: str, axis: Axis = short, labels: str = "") -> Chart:
    """Columns in the order of time. `axis` formats the round numbers, `labels` heads the first column of the table."""
    heads, rows = rows_by_label(series, labels or title)
    return Chart(
        kind="columns", title=title, says=says, headings=heads, rows=rows, draw=partial(_draw, tuple(series), axis)
    )


def _draw(series: Sequence[Series], axis: Axis, wide: float) -> Drawing:
    if not any(one.known for one in series):
        return nothing(wide)
    above, used = frame.legend(series, wide, lines=False) if len(series) > 1 else ([], 0.0)
    around = frame.framed(series, axis, wide=wide, top=used + 22, height=150 if wide <= 400 else 196, right=4)
    names = frame.labels(series)
    slot = (around.right - around.left) / len(names)
    centres = [around.left + slot * (index + 0.5) for index in range(len(names))]
    solid = [one for one in series if not one.dashed]
    each = min(slot * 0.72 / max(len(solid), 1), WIDEST)
    shapes = [*above, *around.shapes]
    turn = 0
    for one, (tone, pattern) in zip(series, frame.colours(series), strict=True):
        if not one.dashed:
            start = (turn - len(solid) / 2) * each
            turn += 1
            shapes += _bars(
                one, tone, pattern, [centre + start for centre in centres], each, around, alone=len(series) == 1
            )
    for one in series:
        if one.dashed:
            shapes += _plans(one, centres, min(slot * 0.9, each * max(len(solid), 1) + 10), around)
    lower = 0.0
    if len(solid) == 1 and not solid[0].soft:
        shapes += _values(solid[0], [one for one in series if one.dashed], centres, slot, around)
        lower = 14.0 if around.up.low < 0 else 0.0
    shapes += frame.below(names, centres, slot, around.bottom + 16 + lower, (0.0, wide))
    return Drawing(wide, around.bottom + frame.depth(names, slot) + lower, tuple(shapes))


def _bars(
    series: Series, tone: str, pattern: str, starts: Sequence[float], each: float, around: Frame, *, alone: bool
) -> list[Shape]:
    shapes = []
    for start, point in zip(starts, series.points, strict=False):
        if point.value is None:
            continue
        zero, end = around.up.zero, around.up.at(float(point.value))
        y, high, thick = min(zero, end), abs(end - zero), max(each - (2 if each > 8 else 0.5), 1)
        x = start + (each - thick) / 2
        inside = [
            rect("hit", start, around.top, each, around.bottom - around.top),
            rect("bar", x, y, thick, high, tone=point.tone or tone, round_=3),
        ]
        if shown := TONE_STRIPES.get(point.tone, "") if point.tone else pattern:
            inside.append(stripes(shown, x, y, thick, high, upright=True))
        shapes.append(link(point.href, frame.named(series, point, alone=alone), *inside))
    return shapes


def _plans(series: Series, centres: Sequence[float], wide: float, around: Frame) -> list[Shape]:
    shapes = []
    for centre, point in zip(centres, series.points, strict=False):
        if point.value is None:
            continue
        y = around.up.at(float(point.value))
        hit = rect("hit", centre - wide / 2, y - 6, wide, 12)
        mark = line("plan", centre - wide / 2, y, centre + wide / 2, y)
        shapes.append(link(point.href, frame.named(series, point, alone=False), hit, mark))
    return shapes


def _values(
    series: Series, plans: Sequence[Series], centres: Sequence[float], slot: float, around: Frame
) -> list[Shape]:
    """Each value at the end of its column where all of them fit, else the highest one and the last."""
    known = [index for index, point in enumerate(series.points) if point.value is not None]
    fits = all(width(series.points[index].shown, bold=True) <= slot - 3 for index in known)
    shapes = []
    for index in known if fits else _telling(series, known, centres):
        marks = [plan.points[index].value for plan in plans if index < len(plan.points)]
        shapes.append(
            _value(centres[index], series.points[index], [float(one) for one in marks if one is not None], around)
        )
    return shapes


def _telling(series: Series, known: Sequence[int], centres: Sequence[float]) -> list[int]:
    highest, last = max(known, key=lambda index: frame.size(series.points[index].value)), known[-1]
    needed = sum(width(series.points[index].shown, bold=True) / 2 for index in (highest, last)) + 6
    return [highest] if centres[last] - centres[highest] < needed else [highest, last]


def _value(centre: float, point: Point, marks: Sequence[float], around: Frame) -> Shape:
    """The value beyond the end of its column, and beyond the mark of a plan that stands right there."""
    end = around.up.at(frame.size(point.value))
    half = width(point.shown, bold=True) / 2
    x = min(max(centre, around.left + half), around.right + 4 - half)
    if frame.size(point.value) < 0:
        return text("value", x, end + 15, point.shown, anchor="middle")
    beyond = min([end, *(y for mark in marks if end - 18 < (y := around.up.at(mark)) <= end + 2)])
    return text("value", x, beyond - 6, point.shown, anchor="middle")
