"""When a team works, and by when its day must be in."""

from __future__ import annotations

from datetime import date, time

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from crm.history.fields import StampField


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
        verbose_name = _("working hours of a team")
        verbose_name_plural = _("working hours")
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
    SHORT = "short", _("short day")


class CalendarDayQuerySet(models.QuerySet["CalendarDay"]):
    def standing(self) -> CalendarDayQuerySet:
        """Not removed: approved or waiting for it."""
        return self.filter(removed=False)

    def approved(self) -> CalendarDayQuerySet:
        return self.standing().filter(approved_by__isnull=False)

    def waiting(self) -> CalendarDayQuerySet:
        return self.standing().filter(approved_by__isnull=True)

    def ever_approved(self) -> CalendarDayQuerySet:
        """Also those removed since: a past day asks what held then."""
        return self.filter(approved_at__isnull=False)


class CalendarDay(models.Model):
    """A day that differs from the working week; on a short one work ends at `ends_at`. Scoring reads approved rows only, never a
    holiday library, and for each window those that were known then. A row never changes: remove it, and add another."""

    calendar = models.CharField(max_length=40, blank=True, default="")
    day = models.DateField()
    kind = models.CharField(_("kind"), max_length=10, choices=DayKind.choices, default=DayKind.HOLIDAY)
    ends_at = models.TimeField(_("ends at"), null=True, blank=True)
    name = models.CharField(_("name"), max_length=80, blank=True, default="")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = StampField()
    approved_at = StampField(null=True)
    removed = models.BooleanField(default=False)
    removed_at = StampField(null=True)

    objects = CalendarDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("day of a calendar")
        verbose_name_plural = _("calendars")
        ordering = ["calendar", "day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["calendar", "day"], condition=Q(removed=False), name="calendar_day_stands_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="short", ends_at__isnull=False) | (~Q(kind="short") & Q(ends_at__isnull=True)),
                name="calendar_day_short_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"


class DeadlineShift(models.Model):
    """Another deadline for a team's single day, with the reason. Added to, never changed; the last one recorded holds."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="shifts")
    day = models.DateField(_("day"))
    deadline = models.TimeField(_("deadline"))
    reason = models.CharField(_("reason"), max_length=200)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = StampField()

    class Meta:
        ordering = ["team", "day", "recorded_at", "pk"]
        indexes = [models.Index(fields=["team", "day"], name="deadline_shift_by_day")]

    def __str__(self) -> str:
        return f"{self.team_id} on {self.day} by {self.deadline}"


class OutageSource(models.TextChoices):
    """What did not work, and so what nobody can be measured by."""

    EVERYTHING = "everything", _("Daybook itself")
    TELEPHONY = "telephony", _("telephony")
    MAIL = "mail", _("mail")


class Outage(models.Model):
    """A declared stretch in which a source did not work. Stamped by the database; withdrawn, never deleted."""

    source = models.CharField(
        _("what did not work"), max_length=12, choices=OutageSource.choices, default=OutageSource.EVERYTHING
    )
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="outages")
    from_at = models.DateTimeField(_("from"))
    until_at = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=200)
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = StampField()
    withdrawn = models.BooleanField(default=False)
    withdrawn_at = StampField(null=True)

    class Meta:
        ordering = ["-from_at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(from_at__lt=F("until_at")), name="outage_has_length")]
        indexes = [models.Index(fields=["until_at", "from_at"], name="outage_by_time")]

    def __str__(self) -> str:
        return f"{self.source} from {self.from_at:%Y-%m-%d %H:%M}"
