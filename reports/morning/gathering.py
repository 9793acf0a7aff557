"""What a head's morning is made of besides its figures: all of it in one trip to the database."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from accounts.models import Membership, Role, User
from accounts.permissions import Permission
from accounts.reach import teams_of
from accounts.together import together
from crm.models import Task
from crm.when import end_of_day
from discipline import leave_page
from discipline.models import (
    Adjustment,
    AdjustmentStatus,
    Appeal,
    Assignment,
    CalendarDay,
    Leave,
    LeaveStatus,
    Result,
    Scorecard,
    TeamPolicy,
)
from discipline.services.plans import month_of
from reports.models import PersonReading, Reading

ONE_DAY = timedelta(days=1)
LOOKED_BACK = timedelta(days=8)
MOST = 30
"""So many of a kind wait here; the next ones move up as these are decided."""

Rows = dict[str, list[Any]]


def of_now(head: User, day: date, now: datetime) -> Rows:
    """The rows of this morning: people by the day's teams (and the days beside it: the company's clock is not known yet)."""
    near = _members(head, day)
    return _read(
        {
            "zone": User.objects.active().filter(role=Role.OWNER).order_by("pk").values("zone")[:1],
            "members": near.order_by("user__full_name", "user").values(
                "starts_on",
                "ends_on",
                person=F("user"),
                name=F("user__full_name"),
                role=F("user__role"),
                active=F("user__is_active"),
                of=F("team"),
            ),
            **_days(near.values("user"), head, day),
            "away": Leave.objects.visible_to(head)
            .filter(status=LeaveStatus.APPROVED)
            .touching(now, end_of_day(day, head.zone))
            .values("user", "until_at"),
            "priorities": _priorities(near.values("user"), head, day),
            **_waiting(head),
        }
    )


def of_day(head: User, day: date) -> Rows:
    """The rows of a kept morning, people by the teams that they were in then, their figures with them."""
    near = _members(head, day)
    kept = Reading.objects.filter(day=day, kept=True)
    people = PersonReading.objects.visible_to(head).filter(reading__in=kept)
    return _read(
        {
            "reading": kept.values("moment", "zone"),
            "members": people.order_by("person__full_name", "person").values(
                "figures",
                "person",
                name=F("person__full_name"),
                role=F("person__role"),
                active=F("person__is_active"),
                of=F("team"),
            ),
            **_days(near.values("user"), head, day),
        }
    )


def _read(queries: dict[str, QuerySet[Any, Any]]) -> Rows:
    return dict(zip(queries, together(*queries.values()), strict=True))


def _members(head: User, day: date) -> QuerySet[Membership]:
    there = Q(ends_on__isnull=True) | Q(ends_on__gt=day - ONE_DAY)
    return Membership.objects.filter(there, team__in=teams_of(head).values("pk"), starts_on__lte=day + ONE_DAY)


def _days(people: QuerySet[Any, Any], head: User, day: date) -> dict[str, QuerySet[Any, Any]]:
    """Who works when in the month, each person's last closed day before this one, and the mornings that are kept."""
    first, last = month_of(day)
    return {
        "assignments": Assignment.objects.between(first, last).filter(user__in=people),
        "policies": TeamPolicy.objects.filter(team__in=teams_of(head).values("pk"), starts_on__lte=last),
        "calendar": CalendarDay.objects.ever_approved().filter(day__range=(first, last)),
        "cards": _last_cards(people, head, day),
        "kept": Reading.objects.filter(kept=True, day__lt=day).order_by("-day").values("day")[:1],
        "later": Reading.objects.filter(kept=True, day__gt=day).order_by("day").values("day")[:1],
    }


def _last_cards(people: QuerySet[Any, Any], head: User, day: date) -> QuerySet[Any, Any]:
    """The cards of the days before, newest first, with rules kept and missed; trials are not counted."""
    counted = Q(lines__rule__trial=False)
    met, missed = Q(counted, lines__result=Result.MET), Q(counted, lines__result=Result.MISSED)
    cards = Scorecard.objects.visible_to(head).filter(user__in=people, day__lt=day, day__gte=day - LOOKED_BACK)
    newer = Scorecard.objects.filter(user=OuterRef("user"), day__lt=day, day__gt=OuterRef("day"))
    last = cards.filter(~Exists(newer))
    return last.order_by("pk").values(
        "pk", "user", "day", met=Count("lines", filter=met), missed=Count("lines", filter=missed)
    )


def _priorities(people: QuerySet[Any, Any], head: User, day: date) -> QuerySet[Any, Any]:
    """The tasks that people put first today, as far as the head sees them."""
    first = Task.objects.visible_to(head).filter(
        priorities__user__in=people, priorities__day=day, priorities__dropped=False
    )
    return first.order_by("priorities__user", "priorities__place").values(
        "pk", "title", "status", whose=F("priorities__user")
    )


def _waiting(head: User) -> dict[str, QuerySet[Any, Any]]:
    """What waits for the head's decision, the oldest first."""
    appeals = Appeal.objects.visible_to(head, Permission.APPEAL_DECIDE).open().order_by("recorded_at", "pk")
    proposed = Adjustment.objects.visible_to(head, Permission.ADJUSTMENT_DECIDE).filter(
        status=AdjustmentStatus.PROPOSED
    )
    return {
        "appeals": appeals.values("pk", "recorded_at", name=F("user__full_name"), day=F("line__card__day"))[: MOST + 1],
        "corrections": proposed.order_by("recorded_at", "pk").values(
            "pk", "recorded_at", "kind", name=F("user__full_name"), on=F("card__day")
        )[: MOST + 1],
        "requests": leave_page.to_decide(head).order_by("recorded_at", "pk").values(
            "pk", "recorded_at", "from_at", "until_at", "kind", name=F("user__full_name"), zone=F("user__zone")
        )[: MOST + 1],
    }  # fmt: skip
