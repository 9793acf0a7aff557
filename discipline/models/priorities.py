"""The three things that matter most on a day, chosen by the person in the morning."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.history.fields import StampField
from crm.models import Task

MOST = 3


class Priority(models.Model):
    """A task that is one of a person's at most three priorities of a day. `recorded_at` is stamped; dropped ones keep their row."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="priorities")
    day = models.DateField()
    place = models.PositiveSmallIntegerField(_("place"))
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="priorities")
    recorded_at = StampField()
    dropped = models.BooleanField(default=False)
    dropped_at = StampField(null=True)

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
