"""What heads, owners and coordinators see first: where somebody needs them. Reads only, a statement or two each."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from accounts import formats
from accounts.models import Membership, Role, User
from accounts.permissions import Permission
from accounts.policy import scope
from accounts.reach import people_of
from crm import when
from crm.board import money_of
from crm.models import Activity, Deal, DealStatus, Task
from discipline.models import Assignment, Scorecard, TeamDay

LOOKED_BACK = timedelta(days=31)
MOST_PEOPLE = 200
TOP = 10


class TeamNow:
    """The people of a head as they stand now, or of the whole company: what lapsed, what nobody works on, who entered nothing."""

    def __init__(self, user: User, now: datetime, *, most: int = MOST_PEOPLE) -> None:
        self.user, self.now, self.most = user, now, most

    @cached_property
    def people(self) -> list[dict[str, Any]]:
        """One statement; whoever needs somebody first."""
        since = when.wall(timezone.localtime(self.now).date(), when.MIDNIGHT, self.user.zone)
        late = Task.objects.overdue(self.now).filter(owner=OuterRef("pk"))
        bare = Deal.objects.without_next_step().filter(owner=OuterRef("pk"))
        entered = Activity.objects.live().filter(performed_by=OuterRef("pk"), recorded_at__gte=since)
        rows = people_of(self.user).active().filter(role=Role.MANAGER)
        rows = rows.annotate(late=_count(late), bare=_count(bare), entered=_count(entered))
        urgent = rows.order_by(-(F("late") + F("bare")), "full_name", "pk")
        return [self._person(row) for row in urgent.values("pk", "full_name", "late", "bare", "entered")[: self.most]]

    @property
    def late(self) -> int:
        return sum(person["late"] for person in self.people)

    @property
    def bare(self) -> int:
        return sum(person["bare"] for person in self.people)

    @property
    def silent(self) -> int:
        """How many entered nothing today."""
        return sum(not person["entered"] for person in self.people)

    def _person(self, row: Any) -> dict[str, Any]:
        board = f"{reverse('crm:deal-board')}?owner={row['pk']}"
        return {
            "name": row["full_name"],
            "late": row["late"],
            "bare": row["bare"],
            "entered": row["entered"],
            "late_url": f"{reverse('crm:task-list')}?owner={row['pk']}",
            "bare_url": f"{board}&only=bare",
            "url": board,
        }


class Company:
    """The owner's figures: the pipeline, what was won, the points of the teams."""

    def __init__(self, user: User, now: datetime) -> None:
        self.user, self.now = user, now
        self.month = timezone.localtime(now).date().replace(day=1)
        self.now_people = TeamNow(user, now, most=TOP)

    @cached_property
    def _open(self) -> list[Any]:
        """The open deals by currency and need: counts and sums."""
        return list(
            Deal.objects.visible_to(self.user).open().values("currency").order_by().annotate(
                count=Count("pk"), total=Sum("amount_minor"), weighted=Sum(F("amount_minor") * F("stage__probability") / 100),
                late=Count("pk", filter=Q(next_task_due__lt=self.now)), bare=Count("pk", filter=Q(next_task_due__isnull=True)),
            )
        )  # fmt: skip

    @property
    def open(self) -> int:
        return sum(row["count"] for row in self._open)

    @property
    def late(self) -> int:
        return sum(row["late"] for row in self._open)

    @property
    def bare(self) -> int:
        return sum(row["bare"] for row in self._open)

    @property
    def pipeline(self) -> str:
        return _sum(self._open, "total")

    @property
    def weighted(self) -> str:
        return _sum(self._open, "weighted")

    @cached_property
    def _won(self) -> list[Any]:
        since = when.wall(self.month, when.MIDNIGHT, self.user.zone)
        rows = Deal.objects.visible_to(self.user).filter(status=DealStatus.WON, closed_at__gte=since)
        return list(rows.values("currency").order_by().annotate(count=Count("pk"), total=Sum("amount_minor")))

    @property
    def won(self) -> str:
        return _sum(self._won, "total")

    @property
    def won_count(self) -> int:
        return sum(row["count"] for row in self._won)

    @cached_property
    def bonus_points(self) -> int:
        """Points that reached the ledger this month: what the bonus will be worked out from."""
        cards = Scorecard.objects.filter(scope(self.user, Permission.CARD_VIEW), day__gte=self.month)
        return cards.aggregate(sum=Coalesce(Sum("posted"), 0))["sum"]

    @cached_property
    def teams(self) -> list[dict[str, Any]]:
        """The last scored day of every team with its points of the month: one statement."""
        since = self.month - LOOKED_BACK
        rows = TeamDay.objects.filter(scope(self.user, Permission.TEAM_DAY_VIEW), day__gte=since, cards__gt=0)
        found: dict[int, dict[str, Any]] = {}
        today = timezone.localtime(self.now).date()
        for row in rows.order_by("team__path", "day").values(
            "team_id", "team__name", "day", "cards", "points", "met", "missed"
        ):
            team = found.setdefault(row["team_id"], {"name": row["team__name"], "trend": [], "month": 0})
            team["trend"] = [*team["trend"][-13:], row["points"]]
            team["month"] += row["points"] if row["day"] >= self.month else 0
            team |= {key: row[key] for key in ("cards", "points", "met", "missed")}
            team["rules"] = row["met"] + row["missed"]
            team["day"] = formats.day(row["day"], today)
            team["url"] = f"{reverse('discipline:team-day')}?team={row['team_id']}&day={row['day'].isoformat()}"
        return list(found.values())


class Upkeep:
    """What the coordinator has to put right so that everybody is counted."""

    def __init__(self, user: User, now: datetime) -> None:
        self.user, self.today = user, timezone.localtime(now).date()

    @cached_property
    def unplaced(self) -> list[dict[str, Any]]:
        """People who sell but are in no team, or under no rules: one statement."""
        team = Membership.objects.on(self.today).filter(user=OuterRef("pk"))
        rules = Assignment.objects.on(self.today).filter(user=OuterRef("pk"))
        rows = User.objects.visible_to(self.user).active().filter(role=Role.MANAGER)
        rows = rows.annotate(has_team=Exists(team), has_rules=Exists(rules)).filter(
            Q(has_team=False) | Q(has_rules=False)
        )
        listed = rows.by_name().values("pk", "full_name", "has_team", "has_rules")[:MOST_PEOPLE]
        return [{**row, "url": reverse("accounts:person", args=[row["pk"]])} for row in listed]


def _count(rows: QuerySet[Any]) -> Any:
    """How many of `rows` there are for each outer row."""
    counted = rows.order_by().values(one=Count("pk")).values("one")
    counted.query.group_by = None
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _sum(rows: list[dict[str, Any]], column: str) -> str:
    return money_of(Counter({row["currency"]: int(row[column] or 0) for row in rows}))
