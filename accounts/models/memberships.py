"""Who belonged to which team on which days."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models.teams import Team


class MembershipQuerySet(models.QuerySet["Membership"]):
    def on(self, day: date) -> MembershipQuerySet:
        """The memberships in force on a day (ends_on is the first day no longer in the team)."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), starts_on__lte=day)


class Membership(models.Model):
    """A person in a team from `starts_on` up to, not including, `ends_on`; one team on any day."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=models.F("starts_on")), name="membership_has_days"
            ),
            models.UniqueConstraint(fields=["user"], condition=Q(ends_on__isnull=True), name="membership_one_open"),
            models.UniqueConstraint(fields=["user", "starts_on"], name="membership_one_start"),
        ]
        indexes = [models.Index(fields=["team", "starts_on", "ends_on"], name="membership_by_team")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.team_id} from {self.starts_on}"
