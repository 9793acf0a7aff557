"""The head's letter: his team's last closed day, where it stands this morning, and how it kept the rules lately."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Sum
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import formats
from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import scope
from crm.board import money_of
from crm.models import CompanySettings
from crm.when import local_day
from discipline.models import Scorecard, Snapshot, TeamDay
from notifications.attachments import NotForHim
from reports import charts
from reports.behind import link
from reports.charts import Chart, Point, Series
from reports.company.rules_kept import tone
from reports.mails import control
from reports.mails.company import kept_morning
from reports.mails.letter import Figure, Letter, Part, stamp
from reports.shown import Shown

DAYS = timedelta(days=14)
COUNTED = ("companies_added", "meetings_held", "conversations", "sum_won")
LAPSED = ("overdue", "deals_bare")


def parts(head: User, moment: datetime) -> list[Part]:
    """His people's last closed day, their figures of this morning, and the rules kept by day: seven statements at most."""
    days = _closed_days(head, local_day(moment, head.zone))
    found = [_yesterday(head, days[-1][0], moment)] if days else []
    now = _morning(head, moment)
    return [*found, *([now] if now else []), *([Part(charts=[_chart(days)])] if len(days) > 1 else [])]


def letter(head: User, moment: datetime, *, with_excel: bool) -> Letter:
    """For a head who has the morning's screen mailed at an hour of his own. Raises NotForHim while there is nothing to tell."""
    shown = parts(head, moment)
    if not shown:
        raise NotForHim
    table = control.workbook(head, moment) if with_excel else []
    return Letter(parts=shown, page=reverse("reports:morning"), files=table)


def _closed_days(head: User, today: date) -> list[tuple[date, int, int]]:
    """The scored days of the teams that he leads: day, rules met, rules missed."""
    rows = TeamDay.objects.filter(
        scope(head, Permission.TEAM_DAY_VIEW), day__lt=today, day__gte=today - DAYS, cards__gt=0
    )
    grouped = rows.values_list("day").annotate(kept=Sum("met"), lost=Sum("missed")).order_by("day")
    return [(day, kept, lost) for day, kept, lost in grouped]


def _yesterday(head: User, day: date, moment: datetime) -> Part:
    """What was entered on a closed day by those who had a card then."""
    people = Scorecard.objects.visible_to(head).filter(day=day).values("user")
    rows = Snapshot.objects.filter(day=day, metric__in=COUNTED, parameters="", user__in=people).values_list("metric")
    sums: dict[str, Decimal] = defaultdict(Decimal, rows.annotate(total=Sum("value")).order_by("metric"))
    currency = CompanySettings.current().currency
    labels = {
        "conversations": _("Conversations"),
        "meetings_held": _("Meetings held"),
        "companies_added": _("Companies added"),
        "sum_won": _("Sum won"),
    }
    return Part(
        title=date_format(day, "l j E"),
        figures=[
            Figure(
                label=label,
                shown=formats.money(int(sums[key] * 100), currency) if key == "sum_won" else formats.number(sums[key]),
            )
            for key, label in labels.items()
        ],
        href=f"{reverse('discipline:team-day')}?day={day.isoformat()}",
    )


def _morning(head: User, moment: datetime) -> Part | None:
    """Where his people stand as of the morning that was kept; each figure opens its records."""
    day = kept_morning(moment, head.zone)
    shown = Shown.of(head, day) if day else None
    if shown is None:
        return None
    labels = {
        "won": _("Won this month"),
        "deals_open": _("Open deals"),
        "overdue": _("Overdue tasks"),
        "deals_bare": _("Deals without a task"),
    }
    figures = [_figure(shown, key, label) for key, label in labels.items()]
    return Part(
        title=_("This morning"), says=_("As of %(when)s.") % {"when": stamp(shown.reading.moment)}, figures=figures
    )


def _figure(shown: Shown, key: str, label: str) -> Figure:
    whole = shown.company.whole(key)
    money = key in ("won", "deals_open")
    deals = ngettext("%(n)s deal", "%(n)s deals", whole.count) % {"n": formats.number(whole.count)}
    return Figure(
        label=label,
        shown=money_of(Counter(whole.minor)) if money and whole.count else formats.number(whole.count),
        note=deals if money else _week_before(shown, key),
        href=link(key, at=shown.at(key), back=reverse("reports:morning")) if whole.count else "",
        tone="bad" if key in LAPSED and whole.count else "",
    )


def _week_before(shown: Shown, key: str) -> str:
    if shown.before is None:
        return ""
    return _("%(n)s a week ago") % {"n": formats.number(shown.before.company.whole(key).count)}


def _chart(days: Sequence[tuple[date, int, int]]) -> Chart:
    points = []
    for day, kept, lost in days:
        share = Decimal(kept) / (kept + lost) if kept + lost else None
        points.append(
            Point(
                label=date_format(day, "j.n."),
                value=share,
                shown=formats.percent(share),
                tone="" if share is None else tone(share),
            )
        )
    known = [point.value for point in points if point.value is not None]
    says = _("Between %(low)s and %(high)s in %(n)s scored days.") % {
        "low": formats.percent(min(known, default=None)),
        "high": formats.percent(max(known, default=None)),
        "n": len(points),
    }
    return charts.columns(
        title=_("Rules kept by day"),
        series=[Series(name=_("Rules kept"), points=points)],
        says=says,
        axis=formats.percent,
    )
