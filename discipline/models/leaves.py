"""When somebody is away: asked for by him, approved by his head, stamped by the database."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.policy import scope
from crm.history.fields import StampField


class LeaveKind(models.TextChoices):
    VACATION = "vacation", _("holiday leave")
    SICK = "sick", _("sick leave")
    TRIP = "trip", _("business trip or training")
    OTHER = "other", _("other")


class LeaveStatus(models.TextChoices):
    ASKED = "asked", _("waiting for the head")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")
    CANCELLED = "cancelled", _("cancelled")


class LeaveQuerySet(models.QuerySet["Leave"]):
    def visible_to(self, user: object, action: Permission = Permission.LEAVE_VIEW) -> LeaveQuerySet:
        return self.filter(scope(user, action))

    def touching(self, since: datetime, until: datetime) -> LeaveQuerySet:
        return self.filter(from_at__lt=until, until_at__gt=since)

    def ever_approved(self) -> LeaveQuerySet:
        """Approved, also those cancelled since: a past day asks which it was then."""
        return self.filter(approved_at__isnull=False)


class Leave(models.Model):
    """An absence `[from_at, until_at)`. For a day it counts when it was approved by the day's horizon and not cancelled by then;
    approved later it only proposes a correction. Person and interval never change: cancel, and ask again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="leaves")
    kind = models.CharField(_("kind"), max_length=8, choices=LeaveKind.choices, default=LeaveKind.VACATION)
    from_at = models.DateTimeField(_("from"))
    until_at = models.DateTimeField(_("until"))
    note = models.CharField(_("note"), max_length=300, blank=True, default="")
    status = models.CharField(max_length=9, choices=LeaveStatus.choices, default=LeaveStatus.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answer = models.CharField(_("answer"), max_length=300, blank=True, default="")
    recorded_at = StampField()
    approved_at = StampField(null=True)
    cancelled_at = StampField(null=True)

    objects = LeaveQuerySet.as_manager()

    class Meta:
        ordering = ["-from_at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(from_at__lt=F("until_at")), name="leave_has_length")]
        indexes = [models.Index(fields=["user", "until_at"], name="leave_by_person")]

    def __str__(self) -> str:
        return f"{self.user_id} from {self.from_at:%Y-%m-%d %H:%M}"
