"""The company's own funnel, and the lists that deals choose from."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class StageColour(models.TextChoices):
    GREY = "grey", _("grey")
    BLUE = "blue", _("blue")
    VIOLET = "violet", _("violet")
    ORANGE = "orange", _("orange")
    GREEN = "green", _("green")


class Pipeline(models.Model):
    """A funnel: its stages in order."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class Stage(models.Model):
    """A step of a funnel, for open deals. `required_fields` names deal fields that must be filled to enter it."""

    pipeline = models.ForeignKey(Pipeline, verbose_name=_("pipeline"), on_delete=models.PROTECT, related_name="stages")
    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    probability = models.PositiveSmallIntegerField(_("probability, %"), default=0, validators=[MaxValueValidator(100)])
    cold_after_days = models.PositiveSmallIntegerField(_("goes cold after, days"), default=14)
    required_fields = ArrayField(
        models.CharField(max_length=40), verbose_name=_("required fields"), default=list, blank=True
    )
    colour = models.CharField(_("colour"), max_length=10, choices=StageColour.choices, default=StageColour.GREY)

    class Meta:
        ordering = ["pipeline__position", "pipeline_id", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["pipeline", "name"], name="stage_name_once")]

    def __str__(self) -> str:
        return self.name


class LossReason(models.Model):
    """Why a deal was lost, from the company's own list."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    asks_competitor = models.BooleanField(_("ask for the competitor"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("offered"), default=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class Product(models.Model):
    """Something sold; the price is in minor units of the currency."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    name_key = models.CharField(max_length=120, editable=False, default="", db_index=True)
    group = models.CharField(_("group"), max_length=80, blank=True, default="")
    price_minor = models.BigIntegerField(_("price"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    is_active = models.BooleanField(_("offered"), default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    """A word that marks records."""

    name = models.CharField(_("name"), max_length=40, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
