"""The records behind every figure, found in plain Python among the rows as they are now. `at` must be now."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from accounts.formats import NO_MINOR_UNITS
from crm.models import (
    NOT_TALKED,
    Activity,
    Company,
    CompanySettings,
    Complaint,
    Deal,
    DealProduct,
    DealTimeline,
    Purchase,
    Task,
)
from discipline.models import Assignment, CardReview, Plan, SchemeVersion, Scorecard, SignOff
from reports.models import StageVisit
from reports.moments import Span

Row = tuple[int, int, str, str, int | None]
PLAIN: dict[str, Callable[[Span], Iterator[Row]]] = {}
DAY = timedelta(days=1)


def figure(read: Callable[[Span], Iterator[Row]]) -> Callable[[Span], Iterator[Row]]:
    PLAIN[read.__name__] = read
    return read


def local(moment: datetime, span: Span) -> date:
    return moment.astimezone(ZoneInfo(span.zone)).date()


def rounded(number: Decimal) -> int:
    return int(number.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def live(model: Any) -> list[Any]:
    return [one for one in model.objects.all() if one.deleted_at is None]


def open_deals() -> list[Any]:
    return [deal for deal in live(Deal) if deal.status == "open"]


def open_tasks(**of: Any) -> list[Any]:
    return [
        task
        for task in live(Task)
        if task.status == "open" and all(getattr(task, name) == value for name, value in of.items())
    ]


def row(deal: Any, part: str = "", person: int | None = None) -> Row:
    return (deal.pk, person or deal.owner_id, part, deal.currency, deal.amount_minor)


@figure
def deals_open(span: Span) -> Iterator[Row]:
    for deal in open_deals():
        yield row(deal, str(deal.stage_id))


@figure
def deals_late(span: Span) -> Iterator[Row]:
    for deal in open_deals():
        if any(task.due_at < span.moment for task in open_tasks(deal_id=deal.pk)):
            yield row(deal)


@figure
def deals_bare(span: Span) -> Iterator[Row]:
    for deal in open_deals():
        if not any(
            local(task.due_at - timedelta(microseconds=1), span) <= span.day + 30 * DAY
            for task in open_tasks(deal_id=deal.pk)
        ):
            yield row(deal)


@figure
def deals_cold(span: Span) -> Iterator[Row]:
    for deal in open_deals():
        if (span.moment - deal.stage_since).days > deal.stage.cold_after_days:
            yield row(deal)


@figure
def deals_due(span: Span) -> Iterator[Row]:
    for deal in open_deals():
        if deal.expected_close and (deal.expected_close.year, deal.expected_close.month) == (
            span.day.year,
            span.day.month,
        ):
            likely = (
                None
                if deal.amount_minor is None
                else rounded(Decimal(deal.amount_minor * deal.stage.probability) / 100)
            )
            yield deal.pk, deal.owner_id, str(deal.stage_id), deal.currency, likely


@figure
def won(span: Span) -> Iterator[Row]:
    for deal in live(Deal):
        if deal.status != "won":
            continue
        person, when = deal.first_won_by_id, deal.first_won_at
        if deal.source == "import" and deal.first_won_at == deal.recorded_at:
            person, when = deal.owner_id, deal.closed_at if deal.closed_at < deal.recorded_at else None
        if when is not None and local(when, span).replace(day=1) == span.first:
            yield row(deal, local(when, span).isoformat(), person)


def lost_deals(span: Span) -> Iterator[Any]:
    for deal in live(Deal):
        unknown = deal.source == "import" and deal.closed_at == deal.recorded_at
        if deal.status == "lost" and not unknown and local(deal.closed_at, span).replace(day=1) == span.first:
            yield deal


@figure
def lost(span: Span) -> Iterator[Row]:
    for deal in lost_deals(span):
        yield row(deal, str(deal.loss_reason_id or ""))


@figure
def lost_to(span: Span) -> Iterator[Row]:
    for deal in lost_deals(span):
        yield row(deal, deal.competitor.strip())


@figure
def lost_product(span: Span) -> Iterator[Row]:
    for deal in lost_deals(span):
        for line in DealProduct.objects.filter(deal=deal):
            yield row(deal, str(line.product_id))


@figure
def plan(span: Span) -> Iterator[Row]:
    last: dict[int, Any] = {}
    for one in Plan.objects.filter(metric="sum_won", first=span.first, last=span.last).order_by("recorded_at", "pk"):
        last[one.user_id] = one
    currency = CompanySettings.current().currency
    for one in last.values():
        yield one.pk, one.user_id, "", currency, int(one.target * (1 if currency in NO_MINOR_UNITS else 100))


@figure
def overdue(span: Span) -> Iterator[Row]:
    for task in open_tasks():
        if task.due_at < span.moment:
            yield task.pk, task.owner_id, "", "", None


@figure
def talks(span: Span) -> Iterator[Row]:
    for one in live(Activity):
        if local(one.occurred_at, span) == span.day and one.source != "import" and one.kind != "note":
            yield one.pk, one.performed_by_id, one.kind, "", None


@figure
def entered(span: Span) -> Iterator[Row]:
    for one in live(Activity):
        if local(one.recorded_at, span) == span.day and one.source == "manual":
            yield one.pk, one.performed_by_id, "", "", None


@figure
def complaints_open(span: Span) -> Iterator[Row]:
    for one in live(Complaint):
        if one.status == "open":
            yield row(one, one.kind)


@figure
def complaints_new(span: Span) -> Iterator[Row]:
    for one in live(Complaint):
        if local(one.recorded_at, span).replace(day=1) == span.first and one.source != "import":
            yield row(one, one.kind)


def bought(company: Any, since: date, until: date) -> dict[str, list[int]]:
    """What a company bought after a day and up to another, by currency."""
    found: dict[str, list[int]] = defaultdict(list)
    for one in live(Purchase):
        if one.company_id == company.pk and one.kind == "shipment" and since < one.day <= until:
            found[one.currency].append(one.amount_minor)
    return found


def buyers(span: Span) -> Iterator[tuple[Any, dict[str, list[int]]]]:
    for company in live(Company):
        found = bought(company, span.day - 365 * DAY, span.day)
        if found:
            yield company, found


def most(found: dict[str, list[int]]) -> str:
    return min(found, key=lambda currency: (-len(found[currency]), currency))


@figure
def repeat_buyers(span: Span) -> Iterator[Row]:
    for company, found in buyers(span):
        if sum(len(amounts) for amounts in found.values()) > 1:
            yield company.pk, company.owner_id, "", most(found), sum(found[most(found)])


@figure
def first_buyers(span: Span) -> Iterator[Row]:
    for company, found in buyers(span):
        if not bought(company, date.min, span.day - 365 * DAY):
            yield company.pk, company.owner_id, "", most(found), sum(found[most(found)])


@figure
def falling(span: Span) -> Iterator[Row]:
    for company in live(Company):
        now = bought(company, span.day - 365 * DAY, span.day)
        missing = {}
        for currency, amounts in bought(company, span.day - 730 * DAY, span.day - 365 * DAY).items():
            was, became = sum(amounts), sum(now.get(currency, []))
            if was > 0 and became * 100 <= was * 70:
                missing[currency] = was - became
        if missing:
            worst = min(missing, key=lambda currency: (-missing[currency], currency))
            yield company.pk, company.owner_id, "", worst, missing[worst]


@figure
def quality(span: Span) -> Iterator[Row]:
    for company in live(Company):
        older = [one for one in live(Company) if (one.recorded_at, one.pk) < (company.recorded_at, company.pk)]
        twin = any(one.tax_key == company.tax_key != "" for one in older)
        contacts = [
            one.occurred_at
            for one in live(Activity)
            if one.company_id == company.pk and one.kind != "note" and one.result not in NOT_TALKED
        ]
        days = Decimal((span.moment - max(contacts)).total_seconds()) / 86_400 if contacts else Decimal(365)
        fresh = max(Decimal(0), min(Decimal(1), (365 - days) / 275))
        step = 10 if open_tasks(company_id=company.pk) else 0
        points = 35 * company.completeness + 25 * company.validity + (0 if twin else 15) + 15 * fresh + step
        yield company.pk, company.owner_id, "", "", rounded(100 * points)


@figure
def known_to_one(span: Span) -> Iterator[Row]:
    for company in live(Company):
        year = [
            one
            for one in live(Activity)
            if one.company_id == company.pk and span.moment - 365 * DAY < one.occurred_at <= span.moment
        ]
        people = {one.performed_by_id for one in year}
        if len(people) == 1 and company.recorded_at <= span.moment - 30 * DAY:
            deals = [deal for deal in open_deals() if deal.company_id == company.pk]
            count = Counter(deal.currency for deal in deals)
            currency = min(count, key=lambda one: (-count[one], one), default="")
            amounts = [
                deal.amount_minor for deal in deals if deal.currency == currency and deal.amount_minor is not None
            ]
            yield company.pk, people.pop(), "", currency, sum(amounts) if amounts else None


def stays(span: Span) -> Iterator[Any]:
    """The last stay of each deal in each stage."""
    last: dict[tuple[int, int], Any] = {}
    for one in StageVisit.objects.order_by("deal", "place"):
        last[one.deal_id, one.stage_id] = one
    yield from last.values()


def half_year(moment: datetime | None, span: Span) -> bool:
    return moment is not None and moment > span.moment - 180 * DAY


@figure
def entered_stage(span: Span) -> Iterator[Row]:
    for one in stays(span):
        if half_year(one.entered_at, span) and one.outcome != "gone":
            deal = DealTimeline.objects.as_of(span.moment).get(id=one.deal_id)
            amount = one.amount_minor if one.left_at else deal.amount_minor
            yield one.deal_id, one.person_id, str(one.stage_id), one.currency, amount


@figure
def moved_on(span: Span) -> Iterator[Row]:
    for one in stays(span):
        if half_year(one.entered_at, span) and one.outcome in ("on", "won"):
            yield one.deal_id, one.person_id, str(one.stage_id), one.currency, one.amount_minor


@figure
def lost_here(span: Span) -> Iterator[Row]:
    for one in stays(span):
        if half_year(one.entered_at, span) and one.outcome == "lost":
            yield one.deal_id, one.person_id, str(one.stage_id), one.currency, one.amount_minor


@figure
def stage_days(span: Span) -> Iterator[Row]:
    for one in stays(span):
        if half_year(one.left_at, span) and one.outcome != "gone" and one.known:
            days = Decimal((one.left_at - one.entered_at) / timedelta(microseconds=1)) / 86_400_000_000
            yield one.deal_id, one.person_id, str(one.stage_id), "", rounded(days * 100)


@figure
def unsigned(span: Span) -> Iterator[Row]:
    for one in Assignment.objects.on(span.day):
        newest = (
            SchemeVersion.objects.filter(scheme=one.scheme, published_at__lte=span.moment).order_by("number").last()
        )
        if newest and not SignOff.objects.filter(user=one.user, version=newest).exists():
            yield one.user_id, one.user_id, "", "", None


@figure
def unreviewed(span: Span) -> Iterator[Row]:
    for card in Scorecard.objects.filter(day__gt=span.day - 14 * DAY, day__lte=span.day):
        if not CardReview.objects.filter(card=card).exists():
            yield card.pk, card.user_id, "", "", None
