"""When a team works, and by when its day must be in."""

from __future__ import annotations

from datetime import date, time

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Team


class Mode(models.TextChoices):
    """How far the points of a team count."""

    OFF = "off", _("off")
    TRIAL = "trial", _("trial: shown, does not count")
    SOFT = "soft", _("soft: only points won count")
    LIVE = "live", _("live")


def working_week() -> list[int]:
    """Monday to Friday, as ISO weekdays."""
    return [1, 2, 3, 4, 5]


class TeamPolicyQuerySet(models.QuerySet["TeamPolicy"]):
    def on(self, day: date) -> TeamPolicyQuerySet:
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), starts_on__lte=day)


class TeamPolicy(models.Model):
    """A team's deadline (local wall time), zone, mode and calendar from `starts_on` up to, not including, `ends_on`."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="policies")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    deadline = models.TimeField(_("deadline"), default=time(18, 0))
    zone = models.CharField(_("time zone"), max_length=60, default="Europe/Warsaw")
    mode = models.CharField(_("mode"), max_length=5, choices=Mode.choices, default=Mode.LIVE)
    calendar = models.CharField(_("calendar"), max_length=40, blank=True, default="")

    objects = TeamPolicyQuerySet.as_manager()

    class Meta:
        ordering = ["team", "starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["team", "starts_on"], name="team_policy_one_start"),
            models.UniqueConstraint(fields=["team"], condition=Q(ends_on__isnull=True), name="team_policy_one_open"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")), name="team_policy_has_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team_id} by {self.deadline}"


class DayKind(models.TextChoices):
    HOLIDAY = "holiday", _("holiday")
    WORKDAY = "workday", _("extra workday")


class CalendarDay(models.Model):
    """A day that differs from the working week. Scoring reads approved rows only, never a holiday library."""

    calendar = models.CharField(max_length=40, blank=True, default="")
    day = models.DateField()
    kind = models.CharField(max_length=10, choices=DayKind.choices, default=DayKind.HOLIDAY)
    name = models.CharField(_("name"), max_length=80, blank=True, default="")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["calendar", "day"]
        constraints = [models.UniqueConstraint(fields=["calendar", "day"], name="calendar_day_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
