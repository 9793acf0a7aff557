"""Schemes: which rules a team is scored by, in published versions that never change."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Scheme(models.Model):
    """A named set of rules; its versions say what held when."""

    name = models.CharField(_("name"), max_length=80, unique=True)

    def __str__(self) -> str:
        return self.name


class SchemeVersionQuerySet(models.QuerySet["SchemeVersion"]):
    def published(self) -> SchemeVersionQuerySet:
        """All that were ever in force, the latest first."""
        return self.filter(published_at__isnull=False).order_by("-effective_from", "-number")


class SchemeVersion(models.Model):
    """A draft until published; from then on immutable (the database refuses). It is in force from `effective_from` until the next
    one begins (of two that begin on one day the later number), and only in windows that opened after it was published."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    effective_from = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = SchemeVersionQuerySet.as_manager()

    class Meta:
        ordering = ["scheme", "number"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "number"], name="scheme_version_number"),
            models.CheckConstraint(
                condition=models.Q(published_at__isnull=True)
                | models.Q(effective_from__isnull=False, published_by__isnull=False),
                name="scheme_version_published_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.number}"


class Comparison(models.TextChoices):
    AT_LEAST = "ge", _("at least")
    AT_MOST = "le", _("at most")
    EXACTLY = "eq", _("exactly")


class Rule(models.Model):
    """One line of a scheme: a metric, what it must be, and the points for met and missed (both as positive numbers).
    A rule without `scored` is shown with its value and gives no points."""

    version = models.ForeignKey(SchemeVersion, on_delete=models.CASCADE, related_name="rules")
    code = models.CharField(max_length=20)
    metric = models.CharField(max_length=40)
    parameters = models.JSONField(default=dict, blank=True)
    comparison = models.CharField(max_length=2, choices=Comparison.choices, default=Comparison.AT_LEAST)
    threshold = models.DecimalField(max_digits=14, decimal_places=2)
    points_met = models.PositiveSmallIntegerField(default=1)
    points_missed = models.PositiveSmallIntegerField(default=2)
    scored = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="rule_code_once")]

    def __str__(self) -> str:
        return self.code
