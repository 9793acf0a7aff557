"""The three things that matter most on a day, chosen by the person in the morning."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.history.fields import StampField
from crm.models import Task

MOST = 3


class PriorityQuerySet(models.QuerySet["Priority"]):
    def visible_to(self, user: Any) -> PriorityQuerySet:
        """One's own: what somebody sets himself for the day is his choice, its result is on his card."""
        return self.filter(user=user.pk)

    def of(self, user: Any, day: date) -> PriorityQuerySet:
        """Those of somebody's day that still stand, in their order."""
        return self.filter(user=user.pk, day=day, dropped=False).order_by("place")


class Priority(models.Model):
    """A task that is one of a person's at most three priorities of a day. `recorded_at` is stamped; dropped ones keep their row."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="priorities")
    day = models.DateField()
    place = models.PositiveSmallIntegerField(_("place"))
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="priorities")
    recorded_at = StampField()
    dropped = models.BooleanField(default=False)
    dropped_at = StampField(null=True)

    objects = PriorityQuerySet.as_manager()

    class Meta:
        ordering = ["day", "place", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "day", "place"], condition=Q(dropped=False), name="priority_place"),
            models.UniqueConstraint(fields=["user", "day", "task"], condition=Q(dropped=False), name="priority_once"),
            models.CheckConstraint(condition=Q(place__gte=1, place__lte=MOST), name="priority_at_most_three"),
        ]
        indexes = [models.Index(fields=["user", "day"], name="priority_by_day")]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.day}: {self.place}"
