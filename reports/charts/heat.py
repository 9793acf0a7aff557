"""A heat map: rows by columns, the more the darker, with the figure in each cell where there is room for it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from reports.charts.chart import Chart, heading, nothing
from reports.charts.drawing import Drawing, Shape, fitted, link, path, rect, stacked, text, width, wrapped
from reports.charts.frame import every, labels, size
from reports.charts.palette import LEVELS
from reports.charts.points import Point, Series

SPACE = 3.0
MARKS = frozenset({"good", "watch", "bad"})


def heat(*, title: str, series: Sequence[Series], says: str, labels: str = "") -> Chart:
    """A row for each series. `labels` heads the column of their names in the table."""
    longest = max((one.points for one in series), key=len, default=())
    heads = [labels or title, *(point.label for point in longest)]
    rows = [[heading(one.name), *one.points] for one in series]
    return Chart(kind="heat", title=title, says=says, headings=heads, rows=rows, draw=partial(_draw, tuple(series)))


def level(value: float, low: float, high: float) -> int:
    """How dark a cell is: 0 for nothing, 1 to 5 in equal steps between zero (or the lowest) and the highest."""
    most = len(LEVELS) - 1
    floor_ = min(low, 0.0)
    if not value or high <= floor_:
        return 0
    return min(most, max(1, int((value - floor_) / (high - floor_) * most) + 1))


def _draw(series: Sequence[Series], wide: float) -> Drawing:
    known = [value for one in series for value in one.known]
    if not known:
        return nothing(wide)
    names = labels(series)
    side = min(max(width(one.name) for one in series) + 12, wide * (0.3 if wide <= 400 else 0.22))
    slot = (wide - side + SPACE) / len(names)
    high = 34.0 if slot > 24 else max(min(slot, 34.0), 18.0)
    heads, top = _heads(names, side, slot)
    widest = max(width(point.shown) for one in series for point in one.points)
    written = widest <= slot - SPACE - 4
    shapes, y = list(heads), top
    for one in series:
        shapes += stacked("label", 0, y + high / 2, wrapped(one.name, side - 10, lines=2 if high >= 30 else 1))
        for index, point in enumerate(one.points):
            shade = level(size(point.value), min(known), max(known))
            shapes.append(_cell(one, point, shade, side + index * slot, y, slot - SPACE, high, written=written))
        y += high + SPACE
    return Drawing(wide, y + 1, tuple(shapes))


def _heads(names: Sequence[str], side: float, slot: float) -> tuple[list[Shape], float]:
    """The names of the columns: up to three lines each where they have room, else each n-th in one."""
    centres = [side + index * slot + (slot - SPACE) / 2 for index in range(len(names))]
    if slot >= 44 or all(width(name) <= slot - 2 for name in names):
        lines = [wrapped(name, slot - 4, lines=3) for name in names]
        deep = 14 * max(len(one) for one in lines)
        return [
            text("tick", x, deep - 14 * (len(one) - 1 - at) - 3, words, anchor="middle")
            for x, one in zip(centres, lines, strict=True)
            for at, words in enumerate(one)
        ], deep + 6.0
    step = every(names, slot, room=max(slot * 4, 40))
    return [
        text("tick", side + index * slot, 11, fitted(names[index], slot * step - 6))
        for index in range(0, len(names), step)
    ], 20.0


def _cell(
    series: Series, point: Point, shade: int, x: float, y: float, wide: float, high: float, *, written: bool
) -> Shape:
    tone = point.tone if point.tone in MARKS else "" if point.value is None else f"level-{shade}"
    inside = [rect("cell", x, y, wide, high, tone=tone, round_=4 if wide > 12 else 2)]
    marked = tone in {"watch", "bad"}
    if written:
        room_for_mark = marked and width(point.shown) + 16 <= wide - 4
        left = x + wide / 2 + (7 if room_for_mark else 0)
        inside.append(text("figure", left, y + high / 2 + 4.3, point.shown, anchor="middle", tone=tone))
        if room_for_mark:
            inside.append(_mark(tone, left - width(point.shown) / 2 - 9, y + high / 2))
    elif marked and wide >= 8:
        inside.append(_mark(tone, x + wide / 2, y + high / 2))
    inside.append(rect("hit", x, y, wide, high, round_=4))
    return link(point.href, f"{series.name}, {point.label}: {point.shown}", *inside)


def _mark(tone: str, x: float, y: float) -> Shape:
    """A cross for what is missed, a bang for what is to be watched: the cell says it without its colour."""
    if tone == "bad":
        return path("mark", f"M{x - 3:g} {y - 3:g}l6 6m0-6l-6 6", tone=tone)
    return path("mark", f"M{x:g} {y - 4:g}v4.5m0 3.3v.2", tone=tone)
