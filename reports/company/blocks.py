"""What the owner's screen is made of: blocks, each with its figures, a chart or a small table, and one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from reports.charts import Chart
from reports.figures.sums import Sum

GOOD, WATCH, BAD = "good", "watch", "bad"


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A figure: how it reads, its plain value for a file, and where it opens.

    `behind` is what the list that it opens comes to, also where the figure is worked out of it (a share, an average); None where it
    leads to a page instead of a list. `trend` is drawn as a spark.
    """

    shown: str
    plain: Any = None
    href: str = ""
    behind: Sum | None = None
    label: str = ""
    note: str = ""
    tone: str = ""
    trend: Sequence[Any] = ()


@dataclass(frozen=True, kw_only=True)
class Row:
    """A line of a small table: what it is about, where that leads, and a cell for each heading."""

    name: str
    cells: list[Cell]
    href: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A small table. `headings` begins with what the rows are; on a phone the columns in `secondary` give way. `more` is how many
    rows only the workbook has."""

    title: str
    headings: list[str]
    rows: list[Row]
    secondary: tuple[int, ...] = ()
    more: int = 0

    @property
    def columns(self) -> list[tuple[str, bool]]:
        """The headings over the figures, each with whether a phone leaves it out."""
        return [(name, place in self.secondary) for place, name in enumerate(self.headings[1:])]

    @property
    def lines(self) -> Iterator[tuple[Row, list[tuple[Cell, bool]]]]:
        """The rows, each cell with whether a phone leaves it out."""
        for row in self.rows:
            yield row, [(cell, place in self.secondary) for place, cell in enumerate(row.cells)]


@dataclass(frozen=True, kw_only=True)
class Block:
    """One question of the owner. `changed` is what a week made of it and `why` the reason to show it: together one sentence.

    `alarm` is what he should know first, in the list on top; "" while all is well. Without facts, chart or grids `empty` says why.
    On a desk its `width` is whole, half, or most and less of a row.
    """

    key: str
    title: str
    icon: str
    changed: str
    why: str
    facts: list[Cell] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    points: list[Cell] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    alarm: str = ""
    tone: str = ""
    width: str = "half"
    empty: str = ""
    more: str = ""
    more_href: str = ""

    @property
    def says(self) -> str:
        return _("%(changed)s — %(why)s") % {"changed": capfirst(self.changed), "why": self.why}

    @property
    def is_empty(self) -> bool:
        return not (self.facts or self.charts or self.grids)

    @property
    def cells(self) -> Iterator[Cell]:
        """Everything that opens something: figures, points of charts, cells of tables."""
        yield from self.facts
        yield from self.points
        for grid in self.grids:
            for row in grid.rows:
                yield from row.cells
