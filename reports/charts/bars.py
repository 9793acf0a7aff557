"""Bars: who or what, from the top down, each with its name before and its figure behind."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from reports.charts import frame
from reports.charts.chart import Chart, nothing, rows_by_label
from reports.charts.columns import TONE_STRIPES
from reports.charts.drawing import Drawing, Shape, fitted, line, link, rect, stacked, stripes, text, width, wrapped
from reports.charts.points import Point, Series
from reports.charts.scale import Scale, scale

THICK, THIN, GAP = 22.0, 13.0, 14.0


def bars(*, title: str, series: Sequence[Series], says: str, labels: str = "", full: float | None = None) -> Chart:
    """Bars in the order given. `labels` heads the first column of the table; `full` is what a whole bar stands for (100 per cent)."""
    heads, rows = rows_by_label(series, labels or title)
    return Chart(
        kind="bars", title=title, says=says, headings=heads, rows=rows, draw=partial(_draw, tuple(series), full)
    )


class _Room:
    """How the width is shared: names, bars, figures. On a narrow sheet the name stands above its bar."""

    def __init__(self, series: Sequence[Series], wide: float) -> None:
        names = frame.labels(series)
        shown = [point.shown for one in series if not one.dashed for point in one.points]
        self.wide, self.narrow = wide, wide <= 400
        self.figure = min(max((width(one, bold=True) for one in shown), default=0.0) + 12, wide * 0.3)
        longest = max((width(name) for name in names), default=0.0)
        beside = longest <= wide * (0.31 if self.narrow else 0.34)
        self.above = self.narrow and not beside
        self.name = 0.0 if self.above else min(longest + 14, wide * 0.34)
        self.lines = [
            wrapped(name, wide if self.above else self.name - 12, lines=1 if self.above else 2) for name in names
        ]

    def scale(self, series: Sequence[Series], full: float | None) -> Scale:
        """From the lowest to the highest value: a bar as long as its room is the greatest there is, or what is full."""
        values = [value for one in series for value in one.known]
        low, high = min([0.0, *values]), max([0.0, full or 0.0, *values])
        start, end = self.name, self.wide - self.figure
        return Scale(low, high, start, end, ()) if low < high else scale([], start, end)


def _draw(series: Sequence[Series], full: float | None, wide: float) -> Drawing:
    if not any(one.known for one in series):
        return nothing(wide)
    shapes, top = frame.legend(series, wide, lines=False) if len(series) > 1 else ([], 0.0)
    room, solid = _Room(series, wide), [one for one in series if not one.dashed] or list(series)
    along = room.scale(series, full)
    thick = THICK if len(solid) == 1 else THIN
    y = top
    for index, lines in enumerate(room.lines):
        if room.above:
            shapes.append(text("label", 0, y + 12, lines[0]))
            y += 20
        high = thick * len(solid) + 2 * (len(solid) - 1)
        if not room.above:
            shapes += stacked("label", 0, y + max(high, 14 * len(lines)) / 2, lines)
            high_of_row = max(high, 14 * len(lines))
        else:
            high_of_row = high
        shapes += _row(series, index, along, room, y + (high_of_row - high) / 2, thick)
        y += high_of_row + GAP
    if along.low < 0 < along.high:
        shapes.append(line("base", along.zero, top, along.zero, y - GAP))
    return Drawing(wide, y - GAP + 4, tuple(shapes))


def _row(series: Sequence[Series], index: int, along: Scale, room: _Room, y: float, thick: float) -> list[Shape]:
    shapes, top = [], y
    for one, (tone, pattern) in zip(series, frame.colours(series), strict=True):
        if one.dashed and len(series) > 1:
            continue
        if index < len(one.points):
            shapes.append(_bar(one, one.points[index], tone, pattern, along, room, y, thick, alone=len(series) == 1))
        y += thick + 2
    plans = [one for one in series if one.dashed and len(series) > 1 and index < len(one.points)]
    shapes += [
        _plan(one, one.points[index], along, top - 4, y + 2) for one in plans if one.points[index].value is not None
    ]
    return shapes


def _bar(
    series: Series,
    point: Point,
    tone: str,
    pattern: str,
    along: Scale,
    room: _Room,
    y: float,
    thick: float,
    *,
    alone: bool,
) -> Shape:
    inside = [rect("track", room.name, y, room.wide - room.figure - room.name, thick, round_=5)]
    if point.value is not None:
        zero, end = along.zero, along.at(float(point.value))
        x, long = min(zero, end), abs(end - zero)
        inside.append(rect("bar", x, y, long, thick, tone=point.tone or tone, round_=5 if along.low == 0 else 2))
        if shown := TONE_STRIPES.get(point.tone, "") if point.tone else pattern:
            inside.append(stripes(shown, x, y, long, thick))
    figure = fitted(point.shown, room.figure, bold=True)
    inside.append(text("value", room.wide, y + thick / 2 + 4.3, figure, anchor="end"))
    inside.append(rect("hit", room.name - 2, y - 1, room.wide - room.name + 2, thick + 2, round_=5))
    return link(point.href, frame.named(series, point, alone=alone), *inside)


def _plan(series: Series, point: Point, along: Scale, top: float, bottom: float) -> Shape:
    x = along.at(frame.size(point.value))
    hit = rect("hit", x - 6, top, 12, bottom - top)
    return link(point.href, frame.named(series, point, alone=False), hit, line("plan", x, top, x, bottom))
