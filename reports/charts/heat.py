"""A heat map: rows by columns, the more the darker, with the figure in each cell where there is room for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from reports.charts.chart import Chart, heading, nothing
from reports.charts.drawing import (
    Drawing,
    Shape,
    fitted,
    link,
    number,
    path,
    rect,
    stacked,
    text,
    upright,
    width,
    wrapped,
)
from reports.charts.frame import UPRIGHT, every, labels, size
from reports.charts.palette import LEVELS
from reports.charts.points import Point, Series

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


@dataclass(frozen=True)
class _Grid:
    """The room of the cells: where they begin, how far apart they are, and whether their figures are written in."""

    side: float
    slot: float
    high: float
    space: float
    written: bool


def _grid(series: Sequence[Series], names: Sequence[str], wide: float) -> _Grid:
    side = min(max(width(one.name) for one in series) + 12, wide * (0.3 if wide <= 400 else 0.22))
    slot = (wide - side) / len(names)
    space = 3.0 if slot > 16 else 1.0
    widest = max(width(point.shown) for one in series for point in one.points)
    return _Grid(side, slot, 34.0 if slot > 24 else 22.0, space, widest <= slot - space - 4)


def _draw(series: Sequence[Series], wide: float) -> Drawing:
    known = [value for one in series for value in one.known]
    if not known:
        return nothing(wide)
    names = labels(series)
    grid = _grid(series, names, wide)
    shapes, y = _heads(names, grid, wide)
    for one in series:
        shapes += stacked(
            "label", 0, y + grid.high / 2, wrapped(one.name, grid.side - 10, lines=2 if grid.high >= 30 else 1)
        )
        for index, point in enumerate(one.points):
            shade = level(size(point.value), min(known), max(known))
            shapes.append(_cell(one, point, shade, grid.side + index * grid.slot, y, grid))
        y += grid.high + grid.space
    return Drawing(wide, y + 1, tuple(shapes))


def _heads(names: Sequence[str], grid: _Grid, wide: float) -> tuple[list[Shape], float]:
    """The names of the columns: up to three lines each where they have room, else upright, or each n-th of many."""
    slot, widest = grid.slot, max(width(name) for name in names)
    centres = [grid.side + index * slot + (slot - grid.space) / 2 for index in range(len(names))]
    if slot >= 60 or widest <= slot - 2:
        lines = [wrapped(name, slot - 4, lines=3) for name in names]
        deep = 14 * max(len(one) for one in lines)
        return [
            text("tick", x, deep - 14 * (len(one) - 1 - at) - 3, words, anchor="middle")
            for x, one in zip(centres, lines, strict=True)
            for at, words in enumerate(one)
        ], deep + 6.0
    if slot >= 15:
        room = min(widest, UPRIGHT)
        return [upright("tick", x, room, fitted(name, room)) for x, name in zip(centres, names, strict=True)], room + 8
    step = every(names, slot, room=max(slot * 4, 40))
    shown = [(grid.side + index * slot, fitted(names[index], slot * step - 6)) for index in range(0, len(names), step)]
    return [text("tick", x, 11, name) for x, name in shown if x + width(name) <= wide], 20.0


def _cell(series: Series, point: Point, shade: int, x: float, y: float, grid: _Grid) -> Shape:
    tone = point.tone if point.tone in MARKS else "" if point.value is None else f"level-{shade}"
    wide, high, marked = grid.slot - grid.space, grid.high, tone in {"watch", "bad"}
    loud = marked and wide < 8  # no room for a mark: the colour of a bar, which grey shows too
    inside = [rect("bar" if loud else "cell", x, y, wide, high, tone=tone, round_=4 if wide > 12 else 1.5)]
    if grid.written:
        room_for_mark = marked and width(point.shown) + 16 <= wide - 4
        middle = x + wide / 2 + (7 if room_for_mark else 0)
        inside.append(text("figure", middle, y + high / 2 + 4.3, point.shown, anchor="middle", tone=tone))
        if room_for_mark:
            inside.append(_mark(tone, middle - width(point.shown) / 2 - 9, y + high / 2))
    elif marked and not loud:
        inside.append(_mark(tone, x + wide / 2, y + high / 2))
    inside.append(rect("hit", x, y, wide, high, round_=4))
    return link(point.href, f"{series.name}, {point.label}: {point.shown}", *inside)


def _mark(tone: str, x: float, y: float) -> Shape:
    """A cross for what is missed, a bang for what is to be watched: the cell says it without its colour."""
    if tone == "bad":
        return path("mark", f"M{number(x - 3)} {number(y - 3)}l6 6m0-6l-6 6", tone=tone)
    return path("mark", f"M{number(x)} {number(y - 4)}v4.5m0 3.3v.2", tone=tone)
