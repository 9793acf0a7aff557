"""What a report's letter is made of: parts with figures, a sentence, a small table and pictures of charts; and files beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from notifications import links
from notifications.attachments import Attachment, Enclosed
from reports.charts import Chart
from reports.typesetting import picture

WIDTH = 340
"""A phone shows a picture of this width without shrinking its words."""
REMEMBERED = 24
"""So many pictures are kept: a chart that several people of one reach get is drawn once."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure with its words, formatted, and where it opens."""

    shown: str
    label: str = ""
    note: str = ""
    href: str = ""
    tone: str = ""


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A small table: the first cell of a row is its name. `more` rows only the file has."""

    headings: Sequence[str]
    rows: Sequence[Sequence[Figure]]
    more: int = 0


@dataclass(frozen=True, kw_only=True)
class Part:
    """One question and its answer. `lines` are warnings, each leading to its place."""

    title: str = ""
    says: str = ""
    lines: Sequence[Figure] = ()
    figures: Sequence[Figure] = ()
    charts: Sequence[Chart] = ()
    grid: Grid | None = None
    href: str = ""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """`lead` is what the subject ends with, `as_of` says when the figures were read, `page` is where the same is on the screen."""

    parts: Sequence[Part]
    lead: str = ""
    as_of: str = ""
    page: str = ""
    files: Sequence[Attachment] = ()

    def enclosed(self) -> Enclosed:
        """For the templates, with a picture for each chart."""
        pictures: list[Attachment] = []
        parts = [_shown(part, pictures) for part in self.parts]
        facts: dict[str, Any] = {
            "parts": parts,
            "lead": self.lead,
            "as_of": self.as_of,
            "files": [one.name for one in self.files],
        }
        if self.page:
            facts["url"] = links.absolute(self.page)
        return Enclosed(facts=facts, attachments=[*pictures, *self.files])


def _shown(part: Part, pictures: list[Attachment]) -> dict[str, Any]:
    shown = []
    for chart in part.charts:
        if not chart.is_empty:
            name = f"chart-{len(pictures) + 1}"
            pictures.append(
                Attachment(name=f"{name}.png", content=drawn(chart), content_type="image/png", cid=f"{name}@daybook")
            )
            shown.append({"cid": f"{name}@daybook", "alt": chart.label, "title": chart.title})
    return {
        "title": part.title, "says": part.says, "lines": part.lines, "figures": part.figures, "pictures": shown, "grid": part.grid,
        "href": part.href,
    }  # fmt: skip


def stamp(moment: datetime) -> str:
    """An instant as a letter says it: it is read on another day, so there is no "today"."""
    return date_format(timezone.localtime(moment), "j E Y, H:i")


def drawn(chart: Chart) -> bytes:
    """A chart as a picture with a ground of its own, readable in light and dark letters."""
    return _drawn(chart.standalone(width=WIDTH, ground=True))


@lru_cache(maxsize=REMEMBERED)
def _drawn(svg: str) -> bytes:
    return picture(svg)
