"""A chart: one drawing at several widths, the sentence that it comes to, and the table behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.formats import DASH
from reports.charts import painting
from reports.charts.drawing import Drawing, line, text
from reports.charts.points import Point, Series

NARROW, MIDDLE, WIDE = 320, 560, 1040
SPOKEN_AT_MOST = 24
"""Charts of more points say their sentence only; the table says the rest."""


@dataclass(frozen=True, kw_only=True)
class Chart:
    """What a page, a mail and a sheet of paper show. `rows` begin with their label; every cell is a Point."""

    kind: str
    title: str
    says: str
    headings: list[str]
    rows: list[list[Point]]
    draw: Callable[[float], Drawing]

    @property
    def svg(self) -> SafeString:
        """For a page, half or two thirds of it wide."""
        return self._on_page(MIDDLE, "middle")

    @property
    def svg_narrow(self) -> SafeString:
        """For a phone or a narrow card; the style sheet chooses."""
        return self._on_page(NARROW, "narrow")

    @property
    def svg_wide(self) -> SafeString:
        """For a card as wide as the page."""
        return self._on_page(WIDE, "wide")

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return all(cell.value is None for row in self.rows for cell in row)

    @property
    def label(self) -> str:
        """What listeners hear first: the title, the sentence and, of a small chart, every number."""
        cells = [(row[0].label, cell) for row in self.rows for cell in row[1:] if cell.value is not None]
        said = f"{self.title}. {self.says}".strip()
        if not 0 < len(cells) <= SPOKEN_AT_MOST:
            return said
        return f"{said} {', '.join(f'{name}: {cell.shown}' for name, cell in cells)}."

    def standalone(self, theme: str = "light", *, width: int = MIDDLE, ground: bool = False) -> str:
        """An SVG file that needs no style sheet; `ground` paints the card under it."""
        return painting.alone(self.draw(width), self.label, theme, ground=ground)

    def png(self, scale: float = 2, *, theme: str = "light", width: int = MIDDLE) -> bytes:
        """A picture, for a mail. Takes about a tenth of a second: not for a page."""
        from reports.typesetting import picture

        return picture(self.standalone(theme, width=width, ground=True), scale=scale)

    def _on_page(self, width: int, name: str) -> SafeString:
        return painting.for_page(self.draw(width), self.label, f"c-chart__svg c-chart__svg--{name}")


def rows_by_label(series: Sequence[Series], first: str) -> tuple[list[str], list[list[Point]]]:
    """The table behind lines, columns and bars: a row for each label, a column for each series."""
    headings = [first, *(one.name for one in series)]
    longest = max((one.points for one in series), key=len, default=())
    rows = []
    for index, point in enumerate(longest):
        cells = [one.points[index] if index < len(one.points) else gap(point.label) for one in series]
        rows.append([heading(point.label), *cells])
    return headings, rows


def heading(label: str) -> Point:
    """The first cell of a row."""
    return Point(label=label, value=None, shown=label)


def gap(label: str) -> Point:
    """The cell of what is not there."""
    return Point(label=label, value=None, shown=DASH)


def nothing(wide: float) -> Drawing:
    """What is drawn where there is nothing yet."""
    height = 120.0
    words = text("tick", wide / 2, height / 2 - 8, _("Nothing to show here yet."), anchor="middle")
    return Drawing(wide, height, (line("grid", 0, height - 20, wide, height - 20), words))
