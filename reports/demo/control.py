"""What heads, owner and coordinator of the demo company do around the scored days: leave, plans, rates, reviews, appeals, pay."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from accounts.models import Role, Team, User
from crm.history.clock import show
from crm.when import local_day, wall
from discipline import proposals
from discipline.models import (
    LeaveKind,
    LedgerEntry,
    NegativePolicy,
    Reward,
    SchemeVersion,
    Scorecard,
    ScoreLine,
    Settlement,
    TeamDay,
)
from discipline.services import appeals, leaves, pay, plans, reviews, rewards, schemes, settlements, simulations
from discipline.timetable import Timetable

ONE_DAY = timedelta(days=1)
MORNING = time(9, 5)
REVIEWED = {"marta@daybook.example": 10, "javier@daybook.example": 6, "olga@daybook.example": 2}
"""How many days each head has reviewed; the last one waits for this morning."""
TARGETS = {"sum_won": Decimal(120_000), "deals_won": Decimal(8)}
REWARDS = (
    ("Lunch for two", 60),
    ("Leave at three on a Friday", 40),
    ("A day of training of your choice", 150),
    ("Cinema tickets", 25),
)
WORKDAYS_BACK = {"late note": 4, "away": 16, "half a day": 8}


def agree(staff: dict[str, User], teams: dict[str, Team], *, first_day: date, now: datetime) -> None:
    """What is agreed before the story begins: what points are worth, plans, rewards, and some leave."""
    owner, coordinator = staff["helena@daybook.example"], staff["piotr@daybook.example"]
    at = datetime.combine(first_day, time(0), UTC) - ONE_DAY
    show(at)
    pay.set_rule(
        starts_on=first_day - 2 * ONE_DAY, rate=Decimal("2.50"), pool=Decimal(300), cap_percent=50, negative=NegativePolicy.REDUCE,
        by=owner, at=at,
    )  # fmt: skip
    for name, points in REWARDS:
        rewards.add(name=name, points=points, by=coordinator, at=at)
    _plan(staff, coordinator, first_day, local_day(now, "UTC"), at)
    _leave(staff["carmen@daybook.example"], staff["javier@daybook.example"], now, "away", at, days=2)
    _leave(staff["emily@daybook.example"], staff["marta@daybook.example"], now, "half a day", at, days=0)


def review(staff: dict[str, User], *, now: datetime) -> None:
    """What follows the scored days: reviews, a sick note handed in late, appeals, last month's pay, a reward, a draft."""
    _review_cards(staff, now)
    _hand_in_late(staff["diego@daybook.example"], staff["javier@daybook.example"], now)
    _appeal(staff["tomasz@daybook.example"], staff["marta@daybook.example"], now)
    _settle(staff["piotr@daybook.example"], staff["helena@daybook.example"], now)
    _take_a_reward(staff["anna@daybook.example"], staff["marta@daybook.example"], now)
    show(now)
    start = wall(local_day(now, "Europe/Warsaw") + timedelta(days=21), time(0), "Europe/Warsaw")
    anna = staff["anna@daybook.example"]
    leaves.ask(
        user=anna, kind=LeaveKind.VACATION, from_at=start, until_at=start + 5 * ONE_DAY, note="Skiing", by=anna, at=now
    )
    _draft(staff["piotr@daybook.example"], now)


def _plan(staff: dict[str, User], by: User, first_day: date, today: date, at: datetime) -> None:
    """Every seller's plan for each month of the story and the next one."""
    months = {(first_day + n * ONE_DAY).replace(day=1) for n in range((today - first_day).days + 32)}
    sellers = [person for person in staff.values() if person.role == Role.MANAGER]
    for metric, target in TARGETS.items():
        targets = {(person.pk, month): target for person in sellers for month in months}
        plans.set_table(metric=metric, targets=targets, by=by, at=at)


def _leave(user: User, head: User, now: datetime, what: str, at: datetime, *, days: int) -> None:
    """Leave of whole days, or with none of a morning, some workdays ago; known beforehand."""
    day = _workday_before(user, local_day(now, user.zone), WORKDAYS_BACK[what])
    midnight = wall(day, time(0), user.zone)
    since, until = (
        (midnight, midnight + days * ONE_DAY)
        if days
        else (wall(day, time(9), user.zone), wall(day, time(13, 30), user.zone))
    )
    leaves.record(user=user, kind=LeaveKind.VACATION, from_at=since, until_at=until, by=head, at=at)


def _hand_in_late(user: User, head: User, now: datetime) -> None:
    """A day of illness that the head learns of when its card is closed already."""
    day = _workday_before(user, local_day(now, user.zone), WORKDAYS_BACK["late note"])
    since = wall(day, time(0), user.zone)
    at = min(wall(day + ONE_DAY, time(10), user.zone), now)
    show(at)
    leaves.record(
        user=user, kind=LeaveKind.SICK, from_at=since, until_at=since + ONE_DAY, note="Doctor's note", by=head, at=at
    )
    proposals.run(now=at)


def _review_cards(staff: dict[str, User], now: datetime) -> None:
    """Each head looks at the cards of the last days, each in the morning after."""
    for email, count in REVIEWED.items():
        head = staff[email]
        days = (
            TeamDay.objects.filter(team__head=head, cards__gt=0)
            .order_by("-day")
            .values_list("day", flat=True)[1 : count + 1]
        )
        for day in days:
            at = min(wall(day + ONE_DAY, MORNING, head.zone), now)
            show(at)
            for card in Scorecard.objects.filter(team__head=head, day=day):
                reviews.review(card=card, by=head, at=at, opened_at=at - timedelta(minutes=4))


def _appeal(user: User, head: User, now: datetime) -> None:
    """Three appeals of somebody who enters late: one accepted, one refused, one to decide."""
    show(now)
    missed = ScoreLine.objects.filter(card__user=user, result="missed", rule__scored=True, rule__trial=False)
    lines = missed.order_by("-card__day", "position")
    said = (
        "I was at the client's until six.",
        "One more is on paper, the tablet was empty.",
        "The system was slow in the afternoon.",
    )
    latest: dict[date, ScoreLine] = {}
    for line in lines.select_related("card", "rule")[:40]:
        latest.setdefault(line.card.day, line)
    for number, (line, text) in enumerate(zip(list(latest.values())[:3], said, strict=False)):
        appeal = appeals.open(line=line, text=text, by=user, at=now)
        if number:
            answer = (
                "I saw the paper. It happens once."
                if number == 1
                else "Nothing of it is in the records. Let us talk on Monday."
            )
            appeals.decide(appeal=appeal, accept=number == 1, answer=answer, by=head, at=now)


def _settle(coordinator: User, owner: User, now: datetime) -> None:
    """Last month's points as money, all the way to the export."""
    last = local_day(now, "UTC").replace(day=1) - ONE_DAY
    begun = LedgerEntry.objects.filter(day__lte=last).order_by("day").values_list("day", flat=True).first()
    if begun is None:
        return
    show(now)
    made: Settlement = settlements.make(first=max(begun, last.replace(day=1)), last=last, by=coordinator, at=now)
    settlements.review(settlement=made, by=coordinator, at=now)
    settlements.approve(settlement=made, by=owner, at=now)
    settlements.export(settlement=made, by=coordinator, at=now)


def _take_a_reward(user: User, head: User, now: datetime) -> None:
    """The best seller takes the cheapest reward, and gets it."""
    show(now)
    reward = Reward.objects.order_by("points")[0]
    taken = rewards.claim(reward=reward, points=reward.points, key=UUID(int=user.pk), by=user, at=now)
    rewards.decide(claim=taken, give=True, by=head, at=now)


def _draft(coordinator: User, now: datetime) -> None:
    """The next version of the rules, not published yet, played over the last weeks."""
    scheme = SchemeVersion.objects.published().select_related("scheme")[0].scheme
    version = schemes.draft(scheme=scheme, by=coordinator, at=now)
    rules = [replace(rule, threshold=12) if rule.code == "conversations" else rule for rule in schemes.specs(version)]
    schemes.put_rules(version=version, rules=rules, by=coordinator, at=now)
    asked = simulations.ask(version=version, days=20, by=coordinator, at=now)
    simulations.run(simulation_id=asked.pk)


def _workday_before(user: User, day: date, count: int) -> date:
    """The day so many of somebody's working days before a day, holidays not counted."""
    timetable = Timetable.of_people([user.pk], until=day)
    while count:
        day -= ONE_DAY
        count -= timetable.day(user.pk, day) is not None
    return day
