"""What heads and coordinators see first: where somebody needs them. Reads only, a statement or two each."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Role, User
from accounts.reach import people_of
from crm import when
from crm.models import Activity, Deal, Task
from discipline.models import Assignment

MOST_PEOPLE = 200


class TeamNow:
    """The people of a head as they stand now: what lapsed, what nobody works on, who entered nothing."""

    def __init__(self, user: User, now: datetime) -> None:
        self.user, self.now = user, now

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
        return [self._person(row) for row in urgent.values("pk", "full_name", "late", "bare", "entered")[:MOST_PEOPLE]]

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
