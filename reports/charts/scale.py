"""Where a value stands in a drawing, and the round numbers beside it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, log10

from accounts import formats

STEPS = (1, 2, 2.5, 5, 10)
CROPPED = 2 / 3  # a line whose lowest value is above this part of its highest need not begin at zero


def step(span: float, intervals: int, *, whole: bool) -> float:
    """The smallest round step (1, 2, 2.5 or 5 times a power of ten) that needs at most so many intervals."""
    rough = span / max(intervals, 1)
    power = 10.0 ** floor(log10(rough))
    found = next(size * power for size in STEPS if size * power >= rough * (1 - 1e-9))
    if whole and found != int(found):
        return float(ceil(found)) if found < 1 else found * 2
    return found


@dataclass(frozen=True)
class Scale:
    """Values from `low` to `high` on a stretch from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float
    ticks: tuple[float, ...]

    def at(self, value: float) -> float:
        return self.start + (self.end - self.start) * (value - self.low) / (self.high - self.low)

    @property
    def zero(self) -> float:
        """Where bars begin."""
        return self.at(min(max(0.0, self.low), self.high))


def scale(values: Iterable[float], start: float, end: float, *, intervals: int = 4, cropped: bool = False) -> Scale:
    """A scale with round ends around all values and zero; `cropped` may leave zero out where it would flatten the line."""
    known = list(values)
    low, high = min(known, default=0.0), max(known, default=0.0)
    if not (cropped and 0 < high * CROPPED < low < high):
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        return Scale(0.0, 1.0, start, end, (0.0,))
    size = step(high - low, intervals, whole=all(value == int(value) for value in known))
    first, last = floor(low / size + 1e-9), ceil(high / size - 1e-9)
    ticks = tuple(number * size for number in range(first, last + 1))
    return Scale(ticks[0], ticks[-1], start, end, ticks)


def short(value: float) -> str:
    """How a tick reads when nobody says otherwise: "0", "250", "1.5k", "2M"."""
    for size, letter in formats.LARGE:
        if abs(value) >= size:
            return f"{formats.number(value / size, 1)}{letter}"
    return formats.number(value, 2)
