"""What a chart is drawn from: points, each with its value, how it reads and where it leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

Value = Decimal | int | float | None

TONES = frozenset({"", "good", "watch", "bad", "grey", "blue", "violet", "orange", "green"})


@dataclass(frozen=True, kw_only=True)
class Point:
    """One value, formatted, with the address of the records behind it. None is a gap, not a zero."""

    label: str
    value: Value
    shown: str
    href: str = ""
    tone: str = ""  # "", good, watch, bad, or the colour of a stage

    def __post_init__(self) -> None:
        if self.tone not in TONES:
            raise ValueError(f"A point cannot be {self.tone!r}. Choose one of {', '.join(sorted(TONES))}.")


@dataclass(frozen=True, kw_only=True)
class Series:
    """Points of one kind in their order. Series of one chart have the same labels in the same places."""

    name: str
    points: Sequence[Point]
    dashed: bool = False  # a plan
    soft: bool = False  # what the others are compared with

    @property
    def known(self) -> list[float]:
        """The values that are there."""
        return [float(point.value) for point in self.points if point.value is not None]
