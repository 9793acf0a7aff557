"""What the screens show: every figure as of one moment, for each person, each team and the company."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Team
from accounts.permissions import Permission
from accounts.policy import scope


class ReadingQuerySet(models.QuerySet["Reading"]):
    def shown_on(self, day: date | None) -> ReadingQuerySet:
        """The reading that screens show: the last one, or the one that is kept of `day`; one row or none."""
        rows = self.order_by("-moment") if day is None else self.filter(day=day, kept=True)
        return rows[:1]


class Reading(models.Model):
    """All figures as of `moment`, on the `day` that calendars in `zone` showed then. The first one of a morning is `kept` for ever,
    as it was mailed; the others give way to the next. `moments` has the figures that were carried over from an earlier reading of the
    day, `{figure: when it was measured}`."""

    day = models.DateField()
    zone = models.CharField(max_length=60)
    moment = models.DateTimeField(unique=True)
    kept = models.BooleanField(default=False)
    moments = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))

    objects = ReadingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day"], condition=Q(kept=True), name="reading_kept_once")]

    def __str__(self) -> str:
        return f"{self.moment:%Y-%m-%d %H:%M}"


class PersonReadingQuerySet(models.QuerySet["PersonReading"]):
    def visible_to(self, user: Any, action: Permission = Permission.FIGURE_VIEW) -> PersonReadingQuerySet:
        return self.filter(scope(user, action))


class PersonReading(models.Model):
    """A person's figures, `{figure: {part: [records, {currency: minor units}]}}`, and the team that he was in that day."""

    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="people", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    figures = models.JSONField(default=dict)

    objects = PersonReadingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reading", "person"], name="person_reading_once")]
        indexes = [models.Index(fields=["reading", "team"], name="person_reading_by_team")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.reading_id}"


class TeamReadingQuerySet(models.QuerySet["TeamReading"]):
    def visible_to(self, user: Any, action: Permission = Permission.TEAM_FIGURE_VIEW) -> TeamReadingQuerySet:
        return self.filter(scope(user, action))


class TeamReading(models.Model):
    """The figures of a team's own people (without the teams below it), or of everybody where `team` is empty: sums of their rows.
    `about` holds what belongs to nobody alone, in the company's row."""

    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="teams", db_index=False)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    figures = models.JSONField(default=dict)
    about = models.JSONField(default=dict)

    objects = TeamReadingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reading", "team"], name="team_reading_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return f"team {self.team_id} in {self.reading_id}"
