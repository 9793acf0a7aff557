"""Who is scored by which rules, in which team, on which hours."""

from __future__ import annotations

from datetime import date, time

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from discipline.models.calendars import working_week
from discipline.models.schemes import Scheme


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def on(self, day: date) -> AssignmentQuerySet:
        return self.between(day, day)

    def between(self, first: date, last: date) -> AssignmentQuerySet:
        """In force on at least one day from `first` to `last`."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=first), starts_on__lte=last)


class Assignment(models.Model):
    """A person scored in a team by a scheme, on whole local days from `starts_on` up to, not including, `ends_on`.

    With `hired_on` the person starts gently: ten workdays on trial, then thresholds at 50, 75 and 100 per cent by fortnight.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="assignments")
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="assignments")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    hired_on = models.DateField(_("hired on"), null=True, blank=True)
    grade = models.CharField(_("grade"), max_length=40, blank=True, default="")
    workdays = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("workdays"), default=working_week)
    shift_start = models.TimeField(_("shift from"), default=time(9, 0))
    shift_end = models.TimeField(_("shift until"), default=time(18, 0))

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["user", "starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["user", "starts_on"], name="assignment_one_start"),
            models.UniqueConstraint(fields=["user"], condition=Q(ends_on__isnull=True), name="assignment_one_open"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")), name="assignment_has_days"
            ),
        ]
        indexes = [models.Index(fields=["team", "starts_on", "ends_on"], name="assignment_by_team")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.team_id} from {self.starts_on}"
