"""What clients can be chosen by: each condition is one sentence with a few values, and one narrowing of the companies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.folding import fold
from crm.forms.fields import minor
from crm.models import (
    Activity,
    Company,
    CompanySettings,
    Complaint,
    ComplaintStatus,
    Contract,
    ContractStatus,
    Deal,
    DealStatus,
    Purchase,
    PurchaseKind,
    Task,
    TaskStatus,
)
from crm.when import MIDNIGHT, local_day, wall

Label = str | Promise
Rows = QuerySet[Company]


@dataclass(frozen=True)
class Moment:
    """For whom and when a segment is read; its days are those of the reader's zone."""

    user: Any
    at: datetime

    @property
    def today(self) -> date:
        return local_day(self.at, self.user.zone)

    def start(self, day: date) -> datetime:
        """The instant at which `day` begins for the reader."""
        return wall(day, MIDNIGHT, self.user.zone)


@dataclass(frozen=True, kw_only=True)
class Value:
    """A value of a condition: a whole number between `least` and `most`, one of `options`, or words (`most` letters)."""

    key: str
    label: Label
    default: Any = ""
    least: int = 1
    most: int = 3650
    options: Sequence[tuple[str, Label]] = ()
    is_text: bool = False


Narrow = Callable[[Rows, Mapping[str, Any], Moment], Rows]


@dataclass(frozen=True, kw_only=True)
class Condition:
    """`says` is the sentence with the values' keys in braces; a key is stored for ever."""

    key: str
    label: Label
    says: Label
    narrow: Narrow
    values: Sequence[Value] = ()


THIS_YEAR, LAST_YEAR, MONTHS = "this_year", "last_year", "12_months"
PERIODS = (
    (THIS_YEAR, _("this year")),
    (LAST_YEAR, _("last year")),
    (MONTHS, _("in the last 12 months")),
)
AGAINST = (
    (THIS_YEAR, _("this year so far against the same days of last year")),
    (MONTHS, _("in the last 12 months against the 12 before")),
)
WITH, WITHOUT = "with", "without"
EITHER = ((WITH, pgettext_lazy("a company that", "has")), (WITHOUT, pgettext_lazy("a company that", "does not have")))


def span(period: str, today: date) -> tuple[date, date]:
    """A period as [first day, day after the last)."""
    if period == LAST_YEAR:
        return date(today.year - 1, 1, 1), date(today.year, 1, 1)
    since = date(today.year, 1, 1) if period == THIS_YEAR else earlier(today)
    return since, today + timedelta(days=1)


def earlier(day: date, years: int = 1) -> date:
    """The same day `years` ago; the last of February where there is none."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _deals(status: str, given: Mapping[str, Any], moment: Moment) -> QuerySet[Deal]:
    """The deals that the reader sees and that were closed like this in the period."""
    since, until = span(given["period"], moment.today)
    closed = Q(status=status, closed_at__gte=moment.start(since), closed_at__lt=moment.start(until))
    return Deal.objects.visible_to(moment.user).filter(closed, company=OuterRef("pk"))


def won(rows: Rows, given: Mapping[str, Any], moment: Moment) -> Rows:
    return rows.filter(Exists(_deals(DealStatus.WON, given, moment)))


def not_won(rows: Rows, given: Mapping[str, Any], moment: Moment) -> Rows:
    return rows.exclude(Exists(_deals(DealStatus.WON, given, moment)))


def lost(rows: Rows, given: Mapping[str, Any], moment: Moment) -> Rows:
    return rows.filter(Exists(_deals(DealStatus.LOST, given, moment)))


def fell(rows: Rows, given: Mapping[str, Any], moment: Moment) -> Rows:
    """Shipments fell by the per cent in at least one currency."""
    since, until = span(given["against"], moment.today)
    before = Q(day__gte=earlier(since), day__lt=earlier(until))
    now = Q(day__gte=since, day__lt=until)
    left = 100 - int(given["percent"])
    sums = _shipments().filter(day__gte=earlier(since), day__lt=until).values("company", "currency")
    compared = sums.annotate(
        was=Coalesce(Sum("amount_minor", filter=before), 0), became=Coalesce(Sum("amount_minor", filter=now), 0)
    )
    fallen = compared.filter(was__gt=0).annotate(bound=F("was") * left).filter(bound__gte=F("became") * 100)
    return rows.filter(pk__in=fallen.values("company"))


def bought(rows: Rows, given: Mapping[str, Any], moment: Moment) -> Rows:
    """Shipments in the company's own currency add up to so much."""
    since, until = span(given["period"], moment.today)
    currency = CompanySettings.current().currency
    least = minor(Decimal(given["amount"]), currency)
    sums = _shipments().filter(currency=currency, day__gte=since, day__lt=until).values("company")
    return rows.filter(pk__in=sums.annotate(sum=Sum("amount_minor")).filter(sum__gte=least).values("company"))


def _shipments() -> QuerySet[Purchase]:
    return Purchase.objects.live().filter(kind=PurchaseKind.SHIPMENT).order_by()


def quiet(rows: Rows, given: Mapping[str, Any], moment: Moment) -> Rows:
    since = moment.at - timedelta(days=int(given["days"]))
    touched = Activity.objects.live().filter(company=OuterRef("pk"), occurred_at__gte=since)
    return rows.exclude(Exists(touched))


def ending(rows: Rows, given: Mapping[str, Any], moment: Moment) -> Rows:
    last = moment.today + timedelta(days=int(given["days"]))
    contracts = Contract.objects.live().filter(status=ContractStatus.RUNNING, ends_on__range=(moment.today, last))
    return rows.filter(Exists(contracts.filter(company=OuterRef("pk"))))


def bare(rows: Rows, given: Mapping[str, Any], moment: Moment) -> Rows:
    planned = Task.objects.live().filter(status=TaskStatus.OPEN, company=OuterRef("pk"))
    return rows.exclude(Exists(planned))


def open_deal(rows: Rows, given: Mapping[str, Any], moment: Moment) -> Rows:
    has = Exists(Deal.objects.visible_to(moment.user).open().filter(company=OuterRef("pk")))
    return rows.filter(has) if given["has"] == WITH else rows.exclude(has)


def complained(rows: Rows, given: Mapping[str, Any], moment: Moment) -> Rows:
    waiting = Complaint.objects.live().filter(status=ComplaintStatus.OPEN, company=OuterRef("pk"))
    return rows.filter(Exists(waiting))


def tagged(rows: Rows, given: Mapping[str, Any], moment: Moment) -> Rows:
    link = Company.tags.through._default_manager.filter(company=OuterRef("pk"), tag__name__iexact=given["tag"])
    return rows.filter(Exists(link)) if given["has"] == WITH else rows.exclude(Exists(link))


def in_city(rows: Rows, given: Mapping[str, Any], moment: Moment) -> Rows:
    return rows.filter(city__iexact=given["city"])


def in_industry(rows: Rows, given: Mapping[str, Any], moment: Moment) -> Rows:
    return rows.filter(industry__icontains=given["industry"])


def owned(rows: Rows, given: Mapping[str, Any], moment: Moment) -> Rows:
    return rows.filter(owner__full_name__icontains=given["name"]) if fold(given["name"]) else rows.none()


PERIOD = Value(key="period", label=_("Period"), default=THIS_YEAR, options=PERIODS)
DAYS = Value(key="days", label=_("Days"), default=90)
CONDITIONS: dict[str, Condition] = {
    one.key: one
    for one in (
        Condition(key="won", label=_("Won a deal"), says=_("Won a deal {period}"), values=[PERIOD], narrow=won),
        Condition(key="not_won", label=_("Won no deal"), says=_("Won no deal {period}"), values=[PERIOD], narrow=not_won),
        Condition(key="lost", label=_("Lost a deal"), says=_("Lost a deal {period}"), values=[PERIOD], narrow=lost),
        Condition(
            key="fell", label=_("Purchases fell"), says=_("Purchases fell by at least {percent} % {against}"), narrow=fell,
            values=[
                Value(key="percent", label=_("Per cent"), default=30, most=100),
                Value(key="against", label=_("Compared"), default=THIS_YEAR, options=AGAINST),
            ],
        ),
        Condition(
            key="bought", label=_("Bought for"), says=_("Bought for at least {amount} {period}"), narrow=bought,
            values=[Value(key="amount", label=_("Amount"), default=10_000, most=10**12), PERIOD],
        ),
        Condition(
            key="quiet", label=_("No contact"), says=_("No contact for {days} days"), values=[DAYS], narrow=quiet
        ),
        Condition(
            key="ending", label=_("A contract ends"), says=_("A contract ends within {days} days"), narrow=ending,
            values=[Value(key="days", label=_("Days"), default=30, least=0)],
        ),
        Condition(key="bare", label=_("Nothing planned"), says=_("Nothing planned: no open task"), narrow=bare),
        Condition(
            key="open_deal", label=_("Open deals"), says=_("The company {has} an open deal"), narrow=open_deal,
            values=[Value(key="has", label=_("Open deals"), default=WITHOUT, options=EITHER)],
        ),
        Condition(key="complained", label=_("Open complaint"), says=_("Waits for the answer to a complaint"), narrow=complained),
        Condition(
            key="tagged", label=_("Tag"), says=_("The company {has} the tag {tag}"), narrow=tagged,
            values=[
                Value(key="has", label=_("Tag"), default=WITH, options=EITHER),
                Value(key="tag", label=_("Tag"), is_text=True, most=40),
            ],
        ),
        Condition(
            key="in_city", label=_("City"), says=_("In the city of {city}"), narrow=in_city,
            values=[Value(key="city", label=_("City"), is_text=True, most=100)],
        ),
        Condition(
            key="in_industry", label=_("Industry"), says=_("In the industry {industry}"), narrow=in_industry,
            values=[Value(key="industry", label=_("Industry"), is_text=True, most=80)],
        ),
        Condition(
            key="owned", label=_("Owner"), says=_("Looked after by {name}"), narrow=owned,
            values=[Value(key="name", label=_("Owner"), is_text=True, most=80)],
        ),
    )
}  # fmt: skip
