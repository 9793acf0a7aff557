"""What lines and columns share: a hairline grid with round numbers, the labels below, who is who above."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

from reports.charts.drawing import SIZE, Shape, fitted, line, marker, rect, stripes, text, upright, width, wrapped
from reports.charts.points import Point, Series, Value
from reports.charts.scale import Scale, scale

Axis = Callable[[float], str]
NARROW = 320
"""Drawings up to 400 wide are for phones and narrow cards."""
COLOURS = ("", "orange", "green", "violet", "grey", "blue")
STRIPES = ("", "sparse", "dense", "", "sparse", "dense")
LEGEND = 20.0
UPRIGHT = 92.0
"""The room for names that run upwards."""
BELOW = 26.0
FLAT = 64.0
"""How high a drawing of nothing but zeros is."""


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
    bottom = top + (height if any(values) else FLAT)
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
    names: Sequence[str],
    centres: Sequence[float],
    slot: float,
    y: float,
    edges: tuple[float, float],
    *,
    time: bool = False,
) -> list[Shape]:
    """Labels under their places: in up to two lines, or upright, or each n-th where there are too many."""
    way = _way(names, slot, time=time)
    if way == "wrapped":
        lines = [wrapped(name, slot - 6) for name in names]
        return [
            text("tick", x, y + 4 + 14 * row, words, anchor="middle")
            for x, rows in zip(centres, lines, strict=True)
            for row, words in enumerate(rows)
        ]
    if way == "upright":
        return [
            upright("tick", x, y - 6, fitted(name, UPRIGHT), anchor="end")
            for x, name in zip(centres, names, strict=True)
        ]
    shapes = []
    for index in range(0, len(names), step := every(names, slot)):
        shown = fitted(names[index], max(slot * step - 8, 20))
        half, x = width(shown) / 2, centres[index]
        shapes.append(text("tick", min(max(x, edges[0] + half), edges[1] - half), y + 4, shown, anchor="middle"))
    return shapes


def _way(names: Sequence[str], slot: float, *, time: bool) -> str:
    """How labels stand below: days and weeks (short, or known to be `time`) may be left out, names may not."""
    widest = max(width(name) for name in names)
    if len(names) <= 12 and slot >= 44:
        return "wrapped"
    return "upright" if not time and widest > max(72, slot - 6) and slot >= 15 else "thinned"


def depth(names: Sequence[str], slot: float, *, time: bool = False) -> float:
    """How much room the labels below need."""
    way, widest = _way(names, slot, time=time), max(width(name) for name in names)
    if way == "upright":
        return 16 + min(widest, UPRIGHT)
    return BELOW + 14 if way == "wrapped" and widest > slot - 6 else BELOW


def legend(
    series: Sequence[Series], wide: float, *, lines: bool, said: Sequence[str] = ()
) -> tuple[list[Shape], float]:
    """Who is who, in rows above the drawing, each with what is `said` of it; returns the shapes and how high they are."""
    x, y = 0.0, 0.0
    shapes: list[Shape] = []
    for turn, (one, (tone, pattern)) in enumerate(zip(series, colours(series), strict=True)):
        figure = said[turn] if said else ""
        name = fitted(one.name, wide - 40 - width(figure, bold=True))
        needed = 22 + width(name) + (width(figure, bold=True) + 6 if figure else 0) + 16
        if x and x + needed > wide:
            x, y = 0.0, y + LEGEND
        dotted = lines and not one.dashed and not one.soft
        shapes += swatch(x, y + 8, tone, pattern, lines=lines or one.dashed, turn=turn, dotted=dotted)
        shapes.append(text("tick", x + 22, y + 12, name))
        if figure:
            shapes.append(text("value", x + needed - 16, y + 12, figure, anchor="end"))
        x += needed
    return shapes, y + LEGEND + 6


def swatch(
    x: float, y: float, tone: str, pattern: str, *, lines: bool, turn: int = 0, dotted: bool = False
) -> list[Shape]:
    """A piece of what a series is drawn with."""
    if lines:
        dot = [marker("dot", turn, x + 8, y, 3.2, tone=tone)] if dotted else []
        return [line("line", x, y, x + 16, y, tone=tone), *dot]
    block = [rect("bar", x + 2, y - 6, 12, 12, tone=tone, round_=3)]
    return [*block, stripes(pattern, x + 2, y - 6, 12, 12)] if pattern else block


def named(series: Series, point: Point, *, alone: bool) -> str:
    """What a point is called by listeners and on hover."""
    return f"{point.label}: {point.shown}" if alone else f"{series.name}, {point.label}: {point.shown}"


def size(value: Value) -> float:
    return 0.0 if value is None else float(value)
