"""A small company whose owner has something to see in every block of his screen."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from crm.models import Company, Complaint, ComplaintKind, Deal, DealProduct, LossReason, Product, Stage
from crm.services import deals
from discipline.models import Plan, TeamDay
from discipline.services import assignments, days
from reports.models import Reading
from reports.services import readings
from tests.factories.crm import (
    make_activity,
    make_company,
    make_complaint,
    make_deal,
    make_purchase,
    make_stage,
    make_task,
)
from tests.factories.discipline import make_scored
from tests.factories.money import give_points, make_rate
from tests.factories.people import Cast
from tests.fixtures import Clock

MONTH = date(2026, 10, 1)
LAST = date(2026, 10, 31)


@dataclass
class Scene:
    """`kept` was read on Tuesday 2026-10-20 at seven, and a week before."""

    cast: Cast
    clock: Clock
    first: Stage
    offer: Stage
    companies: list[Company]
    won: Deal
    open: Deal
    complaint: Complaint
    kept: Reading


def make_scene(cast: Cast, clock: Clock) -> Scene:
    clock.set("2026-05-01 09:00")
    first, offer = make_stage("New", position=1), make_stage("Offer", position=2, probability=50, colour="violet")
    companies = _clients(cast, clock)
    won, left = _deals(cast, clock, first, offer, companies)
    complaint = _troubles(cast, clock, companies, left)
    _control(cast, clock)
    readings.read(at=clock.set("2026-10-13 07:00"))
    _the_week_after(cast, clock, offer, left, companies)
    kept = readings.read(at=clock.set("2026-10-20 07:00"))
    assert kept is not None
    assert kept.kept
    return Scene(cast, clock, first, offer, companies, won, left, complaint, kept)


def _clients(cast: Cast, clock: Clock) -> list[Company]:
    """Clients of long ago: one buys again, one for the first time, one less than before."""
    clock.set("2026-05-04 09:00")
    people = (cast.manager, cast.teammate, cast.stranger)
    companies = [make_company(person, f"Client {n}", city="Łódź") for n, person in enumerate(people)]
    for company, day, amount in (
        (companies[0], date(2026, 2, 2), 300_00),
        (companies[0], date(2026, 6, 2), 500_00),
        (companies[1], date(2026, 6, 3), 200_00),
        (companies[2], date(2025, 3, 3), 900_00),
        (companies[2], date(2026, 3, 3), 100_00),
    ):
        make_purchase(company, day, amount)
    for person, company in zip(people, companies, strict=True):
        make_activity(person, clock.set("2026-07-01 10:00"), company=company, result="reached")
    return companies


def _deals(cast: Cast, clock: Clock, first: Stage, offer: Stage, companies: list[Company]) -> tuple[Deal, Deal]:
    """Deals that went through the funnel, were won, lost, or stand there."""
    reason = LossReason.objects.create(name="Too expensive", position=1)
    product = Product.objects.create(name="Lathe", name_key="lathe")
    now = clock.set("2026-09-28 09:00")
    won = make_deal(cast.manager, "Won early", stage=first, amount_minor=1000_00, company=companies[0])
    lost = make_deal(cast.teammate, "Lost", stage=first, amount_minor=700_00, company=companies[1])
    bare = make_deal(cast.stranger, "Bare", stage=first, amount_minor=50_00, currency="PLN", company=companies[2])
    left = make_deal(
        cast.manager, "Open", stage=first, amount_minor=2000_00, company=companies[0], expected_close=date(2026, 10, 28)
    )
    DealProduct.objects.create(deal=lost, product=product, quantity=Decimal(2), price_minor=350_00)
    for deal, when in ((won, "2026-10-01 10:00"), (left, "2026-10-02 10:00"), (bare, "2026-10-02 11:00")):
        now = clock.set(when)
        deals.move(deal=deal, to=offer, by=deal.owner, at=now)
    deals.win(deal=won, by=cast.manager, at=clock.set("2026-10-06 12:00"))
    deals.lose(deal=lost, reason=reason, competitor="Rival", by=cast.teammate, at=clock.set("2026-10-07 12:00"))
    return won, left


def _troubles(cast: Cast, clock: Clock, companies: list[Company], left: Deal) -> Complaint:
    """A complaint, a return, and a task past its time."""
    now = clock.set("2026-10-08 09:00")
    complaint = make_complaint(companies[0], now + timedelta(days=3), amount_minor=80_00, currency="EUR")
    make_complaint(companies[2], now + timedelta(days=3), kind=ComplaintKind.RETURN, amount_minor=30_00, currency="EUR")
    make_task(cast.stranger, now + timedelta(days=1), "Send the offer")
    make_task(cast.manager, now + timedelta(days=1), "Call back", deal=left)
    return complaint


def _control(cast: Cast, clock: Clock) -> None:
    """Plans, points that are worth money, rules that one has not signed, a card that nobody looked at, and scored days."""
    clock.set("2026-09-30 09:00")
    for person, target in ((cast.manager, 3000), (cast.stranger, 1000)):
        Plan.objects.create(
            user=person, metric="sum_won", first=MONTH, last=LAST, target=Decimal(target), set_by=cast.admin
        )
    scheme = make_scored(cast)
    assignments.assign(user=cast.head, team=cast.team, scheme=scheme, on=MONTH, by=cast.admin)
    make_rate(cast.owner)
    days.close(team=cast.team, day=date(2026, 10, 9), at=clock.set("2026-10-09 19:00"))
    give_points(cast.manager, 40, date(2026, 10, 9))
    for day in (10, 11, 12):
        clock.set(f"2026-10-{day:02} 19:00")
        for team, met in ((cast.team, 10), (cast.other_team, 6)):
            TeamDay.objects.create(
                team=team, day=date(2026, 10, day), cards=2, points=met - 8, met=met, missed=14 - met
            )


def _the_week_after(cast: Cast, clock: Clock, offer: Stage, left: Deal, companies: list[Company]) -> None:
    """What a week changed: a second win, a deal lost without a reason, worse discipline."""
    second = make_deal(cast.stranger, "Won late", stage=offer, amount_minor=400_00, company=companies[2])
    deals.win(deal=second, by=cast.stranger, at=clock.set("2026-10-15 12:00"))
    clock.set("2026-10-16 12:00")
    gone = make_deal(cast.manager, "Gone", stage=offer, amount_minor=60_00, company=companies[0])
    Deal.objects.filter(pk=gone.pk).update(status="lost")
    for day in range(14, 20):
        clock.set(f"2026-10-{day:02} 19:00")
        for team, met in ((cast.team, 8), (cast.other_team, 2)):
            TeamDay.objects.create(
                team=team, day=date(2026, 10, day), cards=2, points=met - 9, met=met, missed=14 - met
            )


def change_everything(scene: Scene) -> None:
    """After the morning: records change hands, amounts and states; nothing of it may show on the kept screen."""
    scene.clock.set("2026-10-20 12:00")
    scene.won.refresh_from_db()
    scene.open.refresh_from_db()
    Deal.objects.filter(pk=scene.won.pk).update(amount_minor=9999_00, owner=scene.cast.stranger, status="lost")
    Deal.objects.filter(pk=scene.open.pk).update(amount_minor=1_00, stage=scene.first, expected_close=date(2027, 1, 5))
    Complaint.objects.filter(pk=scene.complaint.pk).update(kind=ComplaintKind.RETURN, amount_minor=1_00)
    Company.objects.filter(pk=scene.companies[0].pk).update(owner=scene.cast.stranger, city="", name="Renamed")
    make_purchase(scene.companies[2], date(2026, 10, 20), 5000_00)
    make_activity(scene.cast.stranger, scene.clock.now, company=scene.companies[0], result="reached")
    make_deal(scene.cast.teammate, "New after", stage=scene.offer, amount_minor=123_00)
