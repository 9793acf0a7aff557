"""A funnel: what reaches each stage, and which part of the stage before that is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.utils.translation import gettext as _

from accounts import formats
from reports.charts import frame
from reports.charts.chart import Chart, gap, heading, nothing
from reports.charts.columns import TONE_STRIPES
from reports.charts.drawing import (
    Drawing,
    Shape,
    fitted,
    link,
    path,
    rect,
    stacked,
    stripes,
    text,
    through,
    width,
    wrapped,
)
from reports.charts.points import Point, Series

THICK, BETWEEN = 30.0, 24.0


def funnel(*, title: str, series: Sequence[Series], says: str, labels: str = "") -> Chart:
    """Stages from the top down, of one series. `labels` heads the first column of the table."""
    points = list(series[0].points) if series else []
    parts = conversions(points)
    heads = [labels or title, *(one.name for one in series[:1]), _("Of the stage before")]
    rows = [[heading(point.label), point, part] for point, part in zip(points, parts, strict=True)]
    draw = partial(_draw, points, parts)
    return Chart(kind="funnel", title=title, says=says, headings=heads, rows=rows, draw=draw)


def conversions(points: Sequence[Point]) -> list[Point]:
    """For each stage its part of the stage before, where there is one."""
    found = []
    for before, point in zip([None, *points[:-1]], points, strict=True) if points else []:
        if before is None or not before.value or point.value is None:
            found.append(gap(point.label))
        else:
            part = float(point.value) / float(before.value)
            found.append(Point(label=point.label, value=part, shown=formats.percent(part)))
    return found


def _draw(points: Sequence[Point], parts: Sequence[Point], wide: float) -> Drawing:
    known = [abs(float(point.value)) for point in points if point.value is not None]
    if not known:
        return nothing(wide)
    name = min(max(width(point.label) for point in points) + 14, wide * 0.3)
    figure = min(max(width(point.shown, bold=True) for point in points) + 12, wide * 0.28)
    middle, room, most = (name + wide - figure) / 2, wide - figure - name, max(known) or 1.0
    halves = [abs(frame.size(point.value)) / most * room / 2 for point in points]
    shapes: list[Shape] = []
    y = 2.0
    for index, point in enumerate(points):
        if index:
            shapes += _step(parts[index], middle, halves[index - 1], halves[index], y - BETWEEN)
        shapes += stacked("label", 0, y + THICK / 2, wrapped(point.label, name - 10, lines=2))
        shapes.append(_stage(point, middle, halves[index], y, wide, name, figure))
        y += THICK + BETWEEN
    return Drawing(wide, y - BETWEEN + 4, tuple(shapes))


def _stage(point: Point, middle: float, half: float, y: float, wide: float, name: float, figure: float) -> Shape:
    inside = [rect("bar", middle - half, y, max(half * 2, 2.0), THICK, tone=point.tone, round_=4)]
    if pattern := TONE_STRIPES.get(point.tone, ""):
        inside.append(stripes(pattern, middle - half, y, half * 2, THICK))
    shown = fitted(point.shown, figure, bold=True)
    inside.append(text("value", wide, y + THICK / 2 + 4.3, shown, anchor="end"))
    inside.append(rect("hit", name - 2, y - 1, wide - name + 2, THICK + 2, round_=5))
    return link(point.href, f"{point.label}: {point.shown}", *inside)


def _step(part: Point, middle: float, upper: float, lower: float, y: float) -> list[Shape]:
    corners = [(middle - upper, y), (middle + upper, y), (middle + lower, y + BETWEEN), (middle - lower, y + BETWEEN)]
    shapes = [path("link-shape", through(corners) + "Z")]
    if part.value is not None:
        shapes.append(text("note", middle, y + BETWEEN / 2 + 4, f"↓ {part.shown}", anchor="middle"))
    return shapes
