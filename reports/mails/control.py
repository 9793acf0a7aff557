"""The daily control table by mail: who missed how much in a fortnight in the text, the whole table as a workbook."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import formats
from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import holds
from crm.services.exporting import NothingToTake
from crm.when import local_day
from discipline.models import Result, Scorecard
from discipline.spans import Span
from notifications.attachments import Attachment
from reports import control_book
from reports.mails import files
from reports.mails.letter import Figure, Grid, Letter, Part

DAYS = timedelta(days=14)
ONE_DAY = timedelta(days=1)
MOST_PEOPLE = 12


def span(reader: User, moment: datetime) -> Span:
    """The fortnight that ended yesterday."""
    today = local_day(moment, reader.zone)
    return Span(name="own", first=today - DAYS, last=today - ONE_DAY)


def letter(reader: User, moment: datetime, *, with_excel: bool) -> Letter:
    """The people whom somebody reads, those who missed most first."""
    days = span(reader, moment)
    grid = _grid(reader, days)
    says = _("%(first)s to %(last)s") % {
        "first": formats.day(days.first, days.last),
        "last": formats.day(days.last, days.first),
    }
    empty = _("Nobody was scored in these days.")
    return Letter(
        parts=[Part(says=says if grid.rows else f"{says}: {empty}", grid=grid if grid.rows else None)],
        page=f"{reverse('reports:control-table')}?{days.query}",
        files=workbook(reader, moment) if with_excel else [],
    )


def workbook(reader: User, moment: datetime) -> list[Attachment]:
    """The control table of all his teams; none for who may take nothing out, or where nobody was scored."""
    if not holds(reader, Permission.RECORD_EXPORT):
        return []
    try:
        made = control_book.produce(reader, control_book.params_of(None, span(reader, moment)), moment)
    except NothingToTake:
        return []
    return [files.workbook(made.name, made.tables)]


def _grid(reader: User, days: Span) -> Grid:
    cards = Scorecard.objects.visible_to(reader).filter(day__range=(days.first, days.last))
    missed = Count("lines", filter=Q(lines__result=Result.MISSED, lines__rule__scored=True))
    points = cards.values("user", "user__full_name").annotate(total=Sum("points")).order_by("user")
    broken = dict(cards.values_list("user").annotate(missed=missed).order_by("user"))
    people = sorted(points, key=lambda one: (-broken[one["user"]], one["total"], one["user__full_name"]))
    rows = [_row(one["user__full_name"], broken[one["user"]], one["total"]) for one in people[:MOST_PEOPLE]]
    return Grid(headings=[_("Person"), _("Times missed"), _("Points")], rows=rows, more=len(people) - len(rows))


def _row(name: str, missed: int, points: int) -> list[Figure]:
    tone = "bad" if missed else ""
    return [Figure(shown=name), Figure(shown=formats.number(missed), tone=tone), Figure(shown=formats.points(points))]
