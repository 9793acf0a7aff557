"""The owner's letter: his screen as it was kept that morning, block by block, with the charts that say most."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import holds
from crm.when import local_day
from notifications.attachments import NotForHim
from reports.company import Screen, address, paper, read, tables
from reports.company.blocks import Block, Cell
from reports.mails import files
from reports.mails.letter import Figure, Letter, Part, stamp
from reports.models import Reading

DRAWN = ("won", "discipline", "funnel")
"""The blocks whose first chart stands in the letter; the others say their figures."""
MOST_FIGURES = 3


def kept_morning(moment: datetime, zone: str) -> date | None:
    """The last morning that was kept until the day of `moment`; None before the first."""
    rows = Reading.objects.filter(kept=True, day__lte=local_day(moment, zone)).order_by("-day")
    return rows.values_list("day", flat=True).first()


def letter(owner: User, moment: datetime, *, with_excel: bool, with_pdf: bool = False) -> Letter:
    """The company as of the last morning that was kept. Raises NotForHim where there is none."""
    day = kept_morning(moment, owner.zone)
    screen = read(owner, day=day, now=moment, whole=True) if day else None
    if screen is None or screen.shown is None:
        raise NotForHim
    strip = [figure(cell) for cell in screen.strip]
    name = _("Company %(day)s") % {"day": screen.shown.reading.day.isoformat()}
    return Letter(
        lead=" · ".join(f"{one.label} {one.shown}" for one in strip[1:2] or strip[:1]),
        as_of=stamp(screen.shown.reading.moment),
        page=address(day),
        parts=[
            Part(figures=strip),
            *_alarms(screen, day),
            *(_part(block, day) for block in screen.blocks if not block.is_empty),
        ],
        files=[
            *(
                [files.workbook(name, tables.tables(screen))]
                if with_excel and holds(owner, Permission.RECORD_EXPORT)
                else []
            ),
            *([files.pdf(name, paper.document(screen))] if with_pdf else []),
        ],
    )


def figure(cell: Cell) -> Figure:
    """A figure of the screen."""
    return Figure(shown=cell.shown, label=cell.label, note=cell.note, href=cell.href, tone=cell.tone)


def _alarms(screen: Screen, day: date | None) -> list[Part]:
    """What he should know first: each leads to its block."""
    lines = [
        Figure(label=block.title, shown=block.alarm, href=f"{address(day)}#{block.key}", tone=block.tone)
        for block in screen.alarms
    ]
    return [Part(title=_("What needs you"), lines=lines)] if lines else []


def _part(block: Block, day: date | None) -> Part:
    return Part(
        title=block.title,
        says=block.says,
        figures=[figure(cell) for cell in block.facts[:MOST_FIGURES]],
        charts=block.charts[:1] if block.key in DRAWN else [],
        href=f"{address(day)}#{block.key}",
    )
