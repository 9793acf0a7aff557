"""What coordinators see first: whom nobody counts. Reads only."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Role, User
from discipline.models import Assignment

MOST_PEOPLE = 200


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
