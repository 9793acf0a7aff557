"""A letter on paper: the PDF of what has no page of its own to print."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from accounts.models import User
from notifications.attachments import Attachment
from reports import printing
from reports.mails import files
from reports.mails.letter import Letter, Part, stamp


def pdf(title: str, reader: User, made: Letter, moment: datetime) -> Attachment:
    """The parts of a letter in their order, with the charts as vectors."""
    blocks = [block for part in made.parts for block in _blocks(part)]
    document = printing.Document(title=title, subtitle=f"{reader.full_name}, {stamp(moment)}", blocks=blocks)
    return files.pdf(f"{title}-{moment:%Y-%m-%d}", document)


def _blocks(part: Part) -> Iterator[printing.Block]:
    if part.title:
        yield printing.Heading(text=part.title)
    if part.says:
        yield printing.Text(text=part.says)
    if part.figures:
        yield printing.Figures(
            figures=[
                printing.Figure(label=one.label, value=one.shown, note=one.note, tone=one.tone) for one in part.figures
            ]
        )
    yield from part.charts
    if part.grid:
        rows = [[one.shown for one in row] for row in part.grid.rows]
        headings = part.grid.headings
        yield printing.Grid(headings=headings, rows=rows, numbers=range(1, len(headings)))
