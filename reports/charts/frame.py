"""What lines and columns share: a hairline grid with round numbers, the labels below, who is who above."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

from reports.charts.drawing import SIZE, Shape, fitted, line, rect, stripes, text, width, wrapped
from reports.charts.points import Point, Series, Value
from reports.charts.scale import Scale, scale

Axis = Callable[[float], str]
NARROW = 320
"""Drawings up to 400 wide are for phones and narrow cards."""
COLOURS = ("", "orange", "green", "violet", "grey", "blue")
STRIPES = ("", "sparse", "dense", "", "sparse", "dense")
LEGEND = 20.0
BELOW = 26.0


@dataclass(frozen=True)
class Frame:
    """The room that the points have, and what stands around it."""

    left: float
    right: float
    top: float
    bottom: float
    up: Scale
    shapes: tuple[Shape, ...]


def colours(series: Sequence[Series]) -> list[tuple[str, str]]:
    """The tone and the stripes of each series: plans and comparisons have their own, the others take turns."""
    found, turn = [], 0
    for one in series:
        if one.dashed or one.soft:
            found.append(("plan" if one.dashed else "soft", ""))
        else:
            found.append((COLOURS[turn % len(COLOURS)], STRIPES[turn % len(STRIPES)]))
            turn += 1
    return found


def framed(
    series: Sequence[Series], axis: Axis, *, wide: float, top: float, height: float, right: float, cropped: bool = False
) -> Frame:
    """Grid, base line and ticks for all values of these series."""
    values = [value for one in series for value in one.known]
    bottom = top + height
    up = scale(values, bottom, top, cropped=cropped)
    names = {tick: axis(tick) for tick in up.ticks}
    left = max(width(name, size=SIZE) for name in names.values()) + 10
    shapes: list[Shape] = []
    for tick, name in names.items():
        y = up.at(tick)
        shapes.append(line("base" if tick == 0 else "grid", left, y, wide - right, y))
        shapes.append(text("tick", left - 8, y + 4, name, anchor="end"))
    return Frame(left, wide - right, top, bottom, up, tuple(shapes))


def labels(series: Sequence[Series]) -> list[str]:
    """The labels of all places, from the longest series."""
    longest = max(series, key=lambda one: len(one.points))
    return [point.label for point in longest.points]


def every(names: Sequence[str], slot: float, *, room: float = 88) -> int:
    """How many places are between two labels, so that they do not touch."""
    widest = min(max((width(name) for name in names), default=0.0), room)
    return max(1, ceil((widest + 10) / slot)) if slot else 1


def below(
    names: Sequence[str], centres: Sequence[float], slot: float, y: float, edges: tuple[float, float]
) -> list[Shape]:
    """Labels under their places: all of them in up to two lines where there is room, else each n-th, cut where it must be."""
    if len(names) <= 12 and slot >= 44:
        lines = [wrapped(name, slot - 6) for name in names]
        return [
            text("tick", x, y + 4 + 14 * row, words, anchor="middle")
            for x, rows in zip(centres, lines, strict=True)
            for row, words in enumerate(rows)
        ]
    shapes = []
    for index in range(0, len(names), step := every(names, slot)):
        shown = fitted(names[index], max(slot * step - 8, 20))
        half, x = width(shown) / 2, centres[index]
        shapes.append(text("tick", min(max(x, edges[0] + half), edges[1] - half), y + 4, shown, anchor="middle"))
    return shapes


def depth(names: Sequence[str], slot: float) -> float:
    """How much room the labels below need."""
    wraps = len(names) <= 12 and slot >= 44 and any(width(name) > slot - 6 for name in names)
    return BELOW + 14 if wraps else BELOW


def legend(series: Sequence[Series], wide: float, *, lines: bool) -> tuple[list[Shape], float]:
    """Who is who, in rows above the drawing; returns the shapes and how high they are."""
    x, y = 0.0, 0.0
    shapes: list[Shape] = []
    for one, (tone, pattern) in zip(series, colours(series), strict=True):
        name = fitted(one.name, wide - 30)
        needed = 24 + width(name) + 16
        if x and x + needed > wide:
            x, y = 0.0, y + LEGEND
        shapes += swatch(x, y + 8, tone, pattern, lines=lines or one.dashed)
        shapes.append(text("tick", x + 22, y + 12, name))
        x += needed
    return shapes, y + LEGEND + 6


def swatch(x: float, y: float, tone: str, pattern: str, *, lines: bool) -> list[Shape]:
    """A piece of what a series is drawn with."""
    if lines:
        return [line("line", x, y, x + 16, y, tone=tone)]
    block = [rect("bar", x + 2, y - 6, 12, 12, tone=tone, round_=3)]
    return [*block, stripes(pattern, x + 2, y - 6, 12, 12)] if pattern else block


def named(series: Series, point: Point, *, alone: bool) -> str:
    """What a point is called by listeners and on hover."""
    return f"{point.label}: {point.shown}" if alone else f"{series.name}, {point.label}: {point.shown}"


def size(value: Value) -> float:
    return 0.0 if value is None else float(value)
