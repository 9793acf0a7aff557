"""Reports that come by themselves: what, to whom, when."""

from __future__ import annotations

from datetime import time

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from accounts.permissions import Permission
from accounts.policy import scope
from reports.models.saved import Report

EIGHT = time(8, 0)


class Screen(models.TextChoices):
    """What is mailed beside saved reports."""

    COMPANY = "company", _("the company at a glance")
    MORNING = "morning", _("the team's morning")
    CONTROL = "control", _("the daily control table")


class Rhythm(models.TextChoices):
    WORKDAYS = "workdays", _("every working day")
    WEEKLY = "weekly", _("every week")
    MONTHLY = "monthly", _("every month")


class ReportMailQuerySet(models.QuerySet["ReportMail"]):
    def visible_to(self, user: object, action: Permission = Permission.REPORT_MAIL) -> ReportMailQuerySet:
        return self.filter(scope(user, action))


class ReportMail(models.Model):
    """A saved report, or a screen, mailed on a timetable; each recipient gets it in his own scope and language, at `at` on his own
    clock. `weekday` (1 is Monday) holds for weekly ones, `day` (the last one of shorter months) for monthly ones."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="report_mails")
    report = models.ForeignKey(Report, null=True, blank=True, on_delete=models.CASCADE, related_name="mails")
    screen = models.CharField(_("what"), max_length=8, choices=Screen.choices, blank=True, default="")
    rhythm = models.CharField(_("how often"), max_length=8, choices=Rhythm.choices, default=Rhythm.WEEKLY)
    weekday = models.PositiveSmallIntegerField(
        _("on"), default=1, validators=[MinValueValidator(1), MaxValueValidator(7)]
    )
    day = models.PositiveSmallIntegerField(
        _("on the"), default=1, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    at = models.TimeField(_("at"), default=EIGHT)
    with_excel = models.BooleanField(_("with the Excel file"), default=True)
    with_pdf = models.BooleanField(_("with a PDF"), default=False)
    skip_empty = models.BooleanField(_("not when there is nothing in it"), default=False)
    active = models.BooleanField(_("on"), default=True)
    changed_at = models.DateTimeField()

    objects = ReportMailQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(report__isnull=False, screen="") | Q(Q(report__isnull=True), ~Q(screen="")),
                name="report_mail_of_one",
            )
        ]

    def __str__(self) -> str:
        return f"{self.screen or self.report_id} {self.rhythm}"


class ReportMailRecipient(models.Model):
    """Everybody in a role, or one person, who gets a report by mail."""

    mail = models.ForeignKey(ReportMail, on_delete=models.CASCADE, related_name="recipients")
    role = models.CharField(_("everybody who is"), max_length=10, choices=Role.choices, blank=True, default="")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mail", "role"], condition=~Q(role=""), name="mail_to_role_once"),
            models.UniqueConstraint(
                fields=["mail", "person"], condition=Q(person__isnull=False), name="mail_to_person_once"
            ),
            models.CheckConstraint(
                condition=Q(~Q(role=""), person__isnull=True) | Q(role="", person__isnull=False), name="mail_to_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mail_id} to {self.role or self.person_id}"
