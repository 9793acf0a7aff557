"""Reports on paper: blocks of a page become a PDF, with the charts as vectors and the tables whole."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import FileResponse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts import formats
from crm import exports
from reports.charts import Chart, Point
from reports.typesetting import typeset

TEMPLATE = Path(settings.BASE_DIR) / "templates" / "reports" / "print" / "document.typ"
PDF = "application/pdf"
WIDTH = 680
"""What charts are drawn for, so that their letters are a little smaller than the text."""
ACROSS = 8
"""Tables of more columns lay the paper on its side."""
MOST_CELLS = 8_000
"""Of one table: about 30 pages. Nobody reads more on paper, and a page costs memory."""


@dataclass(frozen=True, kw_only=True)
class Heading:
    """The title of what follows; it stays with it on one page."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Text:
    """A paragraph."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure with its comparison. Values are formatted; `tone` is good, watch, bad or nothing."""

    label: str
    value: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Figures side by side."""

    figures: Sequence[Figure]


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A table: cells are texts or Points (whose tone is printed as a mark too), `numbers` the columns that stand right, from 0."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str | Point]]
    numbers: Collection[int] = ()
    total: Sequence[str] = ()
    title: str = ""


Block = Heading | Text | Figures | Chart | Grid


@dataclass(frozen=True, kw_only=True)
class Document:
    """What is printed. The subtitle says whose figures these are and of which moment."""

    title: str
    subtitle: str
    blocks: Sequence[Block]

    @property
    def lies_across(self) -> bool:
        """Whether a table is too wide for an upright page."""
        return any(isinstance(block, Grid) and len(block.headings) > ACROSS for block in self.blocks)


def pdf(document: Document) -> bytes:
    """The document as a PDF in the language that is active. Every word reaches the typesetter as data."""
    files: dict[str, str | bytes] = {}
    blocks = [_block(block, files) for block in document.blocks]
    data = {
        "title": document.title,
        "subtitle": document.subtitle,
        "lang": (get_language() or "en").partition("-")[0],
        "across": document.lies_across,
        "page": _("Page %(number)s of %(count)s") % {"number": "{n}", "count": "{m}"},
        "blocks": blocks,
    }
    files["data.json"] = json.dumps(data, ensure_ascii=False)
    return typeset(TEMPLATE.read_text(encoding="utf-8"), files, kind="pdf")


def served(document: Document, name: str = "") -> FileResponse:
    """The document as a download, called after its title."""
    return exports.sent(BytesIO(pdf(document)), f"{name or document.title}.pdf", PDF)


def behind(chart: Chart) -> Grid:
    """The table behind a chart, where paper should have the numbers too."""
    rows = [[cell.shown if not place else cell for place, cell in enumerate(row)] for row in chart.rows]
    return Grid(headings=chart.headings, rows=rows, numbers=range(1, len(chart.headings)), title=chart.title)


def _block(block: Block, files: dict[str, str | bytes]) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "text": block.text}
        case Text():
            return {"kind": "text", "text": block.text}
        case Figures():
            return {"kind": "figures", "figures": [vars(figure) for figure in block.figures]}
        case Grid():
            return _grid(block)
    name = f"chart-{len(files)}.svg"
    files[name] = block.standalone(width=WIDTH)
    return {"kind": "chart", "title": block.title, "says": block.says, "alt": block.label, "file": name}


def _grid(grid: Grid) -> dict[str, Any]:
    shown = list(grid.rows[: max(1, MOST_CELLS // max(1, len(grid.headings)))])
    left = len(grid.rows) - len(shown)
    words = ngettext("%(count)s more row is in the Excel file.", "%(count)s more rows are in the Excel file.", left)
    return {
        "kind": "grid",
        "title": grid.title,
        "headings": list(grid.headings),
        "numbers": sorted(grid.numbers),
        "rows": [[_cell(cell) for cell in row] for row in shown],
        "total": list(grid.total),
        "more": words % {"count": formats.number(left)} if left else "",
    }


def _cell(cell: str | Point) -> dict[str, str]:
    return {"text": cell.shown, "tone": cell.tone} if isinstance(cell, Point) else {"text": cell, "tone": ""}
