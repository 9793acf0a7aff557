"""Shapes of a drawing, before anybody says whether they are painted by classes (a page) or by attributes (paper, a picture)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

NARROW, SLIM, BROAD = "ijlłI'’`!,.:;·| \u202f\u00a0", 'frtк()[]/"*-', "mwMWжмшщюыЖШЩЮФЫ@%—…"
SIZE = 12.0
"""Of letters, in units of a drawing: a drawing is shown at about the size that it is drawn for."""
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Shape:
    """A mark: `part` says what it is, `tone` how it is meant. A page turns both into classes, paper into colours."""

    tag: str
    part: str = ""
    tone: str = ""
    at: dict[str, float | str] = field(default_factory=dict)
    words: str = ""
    inside: tuple[Shape, ...] = ()
    href: str = ""
    name: str = ""


@dataclass(frozen=True)
class Drawing:
    """Shapes on a sheet of that size."""

    width: float
    height: float
    shapes: tuple[Shape, ...]


def rect(part: str, x: float, y: float, width: float, height: float, *, tone: str = "", round_: float = 0) -> Shape:
    at: dict[str, float | str] = {"x": x, "y": y, "width": max(width, 0.0), "height": max(height, 0.0)}
    if round_:
        at["rx"] = min(round_, max(width, 0.0) / 2, max(height, 0.0) / 2)
    return Shape("rect", part, tone, at)


def line(part: str, x1: float, y1: float, x2: float, y2: float, *, tone: str = "") -> Shape:
    return Shape("path", part, tone, {"d": f"M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}"})


def path(part: str, d: str, *, tone: str = "") -> Shape:
    return Shape("path", part, tone, {"d": d})


def stripes(kind: str, x: float, y: float, wide: float, high: float, *, upright: bool = False) -> Shape:
    """Stripes across a bar of that box (`sparse` or `dense`): what tells it from others without colours."""
    middle = x + wide / 2 if upright else y + high / 2
    d = through([(middle, y + high), (middle, y)] if upright else [(x, middle), (x + wide, middle)])
    return Shape("path", kind, at={"d": d, "stroke-width": max(wide if upright else high, 0.0)})


def text(part: str, x: float, y: float, words: str, *, anchor: str = "start", tone: str = "") -> Shape:
    at: dict[str, float | str] = {"x": x, "y": y}
    if anchor != "start":
        at["text-anchor"] = anchor
    return Shape("text", part, tone, at, words)


def marker(part: str, turn: int, x: float, y: float, r: float, *, tone: str) -> Shape:
    """Circle, square, diamond, triangle in turns: lines are told apart without colours."""
    kind = turn % 4
    if kind == 0:
        return Shape("circle", part, tone, {"cx": x, "cy": y, "r": r})
    if kind == 1:
        corners = [(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)]
    elif kind == 2:
        corners = [(x, y - r * 1.35), (x + r * 1.35, y), (x, y + r * 1.35), (x - r * 1.35, y)]
    else:
        corners = [(x, y - r * 1.3), (x + r * 1.25, y + r), (x - r * 1.25, y + r)]
    return path(part, through(corners) + "Z", tone=tone)


def upright(part: str, x: float, y: float, words: str, *, anchor: str = "start") -> Shape:
    """Words that run upwards, for names that have more height than room."""
    x += SIZE * 0.36
    at: dict[str, float | str] = {"x": x, "y": y, "transform": f"rotate(-90 {number(x)} {number(y)})"}
    if anchor != "start":
        at["text-anchor"] = anchor
    return Shape("text", part, at=at, words=words)


def link(href: str, name: str, *inside: Shape) -> Shape:
    """What somebody may open, with the words that it is called by; without an address only the words, shown on hover."""
    return Shape("a" if href else "g", "link" if href else "", inside=inside, href=href, name=name)


def through(points: Iterable[tuple[float, float]]) -> str:
    """A path through these points."""
    return "".join(f"{'L' if index else 'M'}{number(x)} {number(y)}" for index, (x, y) in enumerate(points))


def number(value: float | str) -> str:
    """A coordinate to a tenth, without a zero that says nothing."""
    if isinstance(value, str):
        return value
    shown = f"{value:.1f}"
    return shown[:-2] if shown.endswith(".0") else shown


def width(words: str, *, size: float = SIZE, bold: bool = False) -> float:
    """About how wide these words are in Inter; two or three per cent too much rather than too little."""
    ems = 0.0
    for char in words:
        if char in NARROW:
            ems += 0.28
        elif char in SLIM:
            ems += 0.4
        elif char in BROAD:
            ems += 0.92
        elif char.isupper():
            ems += 0.71
        else:
            ems += 0.63 if char.isdigit() else 0.59
    return ems * size * (1.06 if bold else 1.0)


def fitted(words: str, room: float, *, size: float = SIZE, bold: bool = False) -> str:
    """The words, cut with an ellipsis where they would not fit."""
    if width(words, size=size, bold=bold) <= room:
        return words
    kept = words
    while kept and width(kept + ELLIPSIS, size=size, bold=bold) > room:
        kept = kept[:-1]
    return kept.rstrip(" ,.·-") + ELLIPSIS


def wrapped(words: str, room: float, *, lines: int = 2, size: float = SIZE) -> list[str]:
    """The words in at most so many lines of that room, the last one cut where they would not fit."""
    done: list[str] = []
    left = words.split()
    while left and len(done) < lines - 1:
        taken = [left.pop(0)]
        while left and width(" ".join([*taken, left[0]]), size=size) <= room:
            taken.append(left.pop(0))
        done.append(fitted(" ".join(taken), room, size=size))
    return [*done, fitted(" ".join(left), room, size=size)] if left else done or [""]


def stacked(
    part: str, x: float, middle: float, lines: Sequence[str], *, anchor: str = "start", leading: float = 14
) -> list[Shape]:
    """Lines of text around a middle."""
    top = middle - leading * (len(lines) - 1) / 2 + SIZE * 0.36
    return [text(part, x, top + index * leading, words, anchor=anchor) for index, words in enumerate(lines)]
