"""A saved report as a letter: its total, its picture, and the rows that a phone has room for."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import Use, holds
from notifications.attachments import Attachment, NotForHim
from reports import builder
from reports.asking import finding, paper
from reports.asking.opened import Opened
from reports.builder import Answer, Header
from reports.mails import files
from reports.mails.letter import Figure, Grid, Letter, Part
from reports.models import ReportMail

MOST_ROWS = 12
MOST_COLUMNS = 2
"""A phone has no room for more; the file and the page have all."""


def opened(mail: ReportMail, reader: User, moment: datetime, *, use: Use = Use.READ) -> Opened:
    """The report as its reader opens it, for the days that its period meant when it was due. Raises NotForHim when it cannot be read
    any more."""
    if mail.report is None:
        raise NotForHim
    shown = finding.of_report(
        mail.report, reader, moment, back=reverse("reports:report", args=[mail.report.pk]), use=use
    )
    if shown.answer is None:
        raise NotForHim
    return shown


def letter(mail: ReportMail, reader: User, moment: datetime) -> Letter:
    """The report in the reader's reach."""
    shown = opened(mail, reader, moment)
    answer = shown.answer
    assert answer is not None
    total = Figure(label=shown.figure, shown=shown.total, note=shown.before or shown.counted, href=shown.total_href)
    drawn = Part(
        says=" ".join(shown.notes), charts=[shown.chart] if shown.has_picture else [], grid=_grid(shown, answer)
    )
    return Letter(
        lead=shown.total,
        parts=[Part(says=shown.says, figures=[total]), drawn],
        files=_files(mail, shown, reader, moment),
    )


def _grid(shown: Opened, answer: Answer) -> Grid | None:
    """The outermost rows with their totals, and the first columns where there are some."""
    outer = [row for row in answer.rows if row.depth == 0]
    if not outer or answer.is_empty:
        return None
    columns = [column for column in answer.columns if column.depth == 0][:MOST_COLUMNS]
    compared = [_("Before")] if answer.compares and not columns else []
    total = _("Total") if columns else shown.figure
    headings = [str(answer.row_dimensions[0].label), *(one.label for one in columns), total, *compared]
    rows = [_row(shown, answer, row, columns) for row in outer[:MOST_ROWS]]
    return Grid(headings=headings, rows=rows, more=len(outer) - len(rows) + answer.left_out)


def _row(shown: Opened, answer: Answer, row: Header, columns: list[Header]) -> list[Figure]:
    whole = answer.cell(row.path)
    cells = [*(answer.cell(row.path, column.path) for column in columns), whole]
    linked = [Figure(shown=cell.shown, href=shown.link(cell) if cell.count else "") for cell in cells]
    before = [Figure(shown=whole.shown_before)] if answer.compares and not columns else []
    return [Figure(shown=row.label), *linked, *before]


def _files(mail: ReportMail, shown: Opened, reader: User, moment: datetime) -> list[Attachment]:
    """What was asked for, and the reader may take out."""
    name = f"{shown.title}-{moment:%Y-%m-%d}"
    made = [files.pdf(name, paper.document(shown))] if mail.with_pdf else []
    if mail.with_excel and holds(reader, Permission.RECORD_EXPORT):
        answer = opened(mail, reader, moment, use=Use.EXPORT).answer
        if answer is not None and not answer.is_empty:
            made.append(files.workbook(name, builder.tables(answer)))
    return made
