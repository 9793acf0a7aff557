"""What a company decides about its CRM, and the views that people keep."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.policy import scope


class NextStep(models.TextChoices):
    """What happens when an open deal loses its last open task."""

    ASK = "ask", _("ask for the next step")
    MUST = "must", _("insist on the next step")


class CompanySettings(models.Model):
    """One row: the settings of this installation."""

    company_name = models.CharField(_("company"), max_length=120, default="Daybook")
    next_step = models.CharField(
        _("when a deal loses its last task"), max_length=4, choices=NextStep.choices, default=NextStep.ASK
    )
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    country = models.CharField(_("country for phone numbers"), max_length=2, default="PL")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="company_settings_one_row")]

    def __str__(self) -> str:
        return self.company_name

    @classmethod
    def current(cls) -> CompanySettings:
        """The settings in force; defaults before anybody saved any."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: object, action: Permission = Permission.VIEW_SAVE) -> SavedViewQuerySet:
        return self.filter(scope(user, action))


class SavedView(models.Model):
    """A list's filters, order and columns under a name, for the person who saved it and for a team if he chose one."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=20)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=1000)
    team = models.ForeignKey(
        "accounts.Team",
        verbose_name=_("for the team"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "page", "name"], name="saved_view_name_once")]

    def __str__(self) -> str:
        return self.name


class StandardView(models.Model):
    """With what a list opens for a person: one of the views kept there, or the query of one that everybody has."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=20)
    view = models.ForeignKey(SavedView, null=True, on_delete=models.CASCADE, related_name="+")
    query = models.CharField(max_length=1000, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "page"], name="standard_view_once")]

    def __str__(self) -> str:
        return f"{self.page} of {self.user_id}"
