"""Reports that people put together, whom they share them with, and what stands on their boards."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from accounts.permissions import Permission
from accounts.policy import scope
from crm.history.fields import DaybookNow


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: object, action: Permission = Permission.REPORT_VIEW) -> ReportQuerySet:
        return self.filter(scope(user, action))


class Report(models.Model):
    """A question to the data in words of its own (`reports.builder`). Whoever opens it gets the answer for what he may see."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reports")
    name = models.CharField(_("name"), max_length=80)
    note = models.CharField(_("what it is for"), max_length=300, blank=True, default="")
    definition = models.JSONField(default=dict)
    made_at = models.DateTimeField(db_default=DaybookNow(), editable=False)
    changed_at = models.DateTimeField(db_default=DaybookNow(), editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="report_name_once")]

    def __str__(self) -> str:
        return self.name


class ReportShare(models.Model):
    """That everybody in a role, or one person, may open a report."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="shares")
    role = models.CharField(_("everybody who is"), max_length=10, choices=Role.choices, blank=True, default="")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "role"], condition=~Q(role=""), name="report_share_role_once"),
            models.UniqueConstraint(
                fields=["report", "person"], condition=Q(person__isnull=False), name="report_share_person_once"
            ),
            models.CheckConstraint(
                condition=Q(~Q(role=""), person__isnull=True) | Q(role="", person__isnull=False),
                name="report_share_with_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} with {self.role or self.person_id}"


class PinQuerySet(models.QuerySet["Pin"]):
    def visible_to(self, user: User, action: Permission = Permission.REPORT_VIEW) -> PinQuerySet:
        """One's own, of reports that one may still open."""
        return self.filter(user=user.pk, report__in=Report.objects.visible_to(user, action))


class Pin(models.Model):
    """A report on somebody's own board, in its place; a `wide` one takes the whole width."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pins")
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="pins")
    place = models.PositiveSmallIntegerField(default=0)
    wide = models.BooleanField(default=False)

    objects = PinQuerySet.as_manager()

    class Meta:
        ordering = ["place", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "report"], name="pin_once")]

    def __str__(self) -> str:
        return f"{self.report_id} for {self.user_id}"
