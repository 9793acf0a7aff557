"""Fields that a company adds to its clients and deals. The values lie in the record's own `custom` column, by the field's key."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Noun(models.TextChoices):
    """What may have fields of its own."""

    COMPANY = "company", _("companies")
    CONTACT = "contact", _("contacts")
    DEAL = "deal", _("deals")


class CustomKind(models.TextChoices):
    TEXT = "text", _("text")
    NUMBER = "number", _("number")
    MONEY = "money", _("money")
    DATE = "date", _("date")
    CHOICE = "choice", _("one of a list")
    CHOICES = "choices", _("several of a list")
    USER = "user", _("colleague")


class CustomFieldQuerySet(models.QuerySet["CustomField"]):
    def active(self) -> CustomFieldQuerySet:
        return self.filter(is_active=True)

    def of(self, noun: str) -> CustomFieldQuerySet:
        return self.active().filter(noun=noun)


class CustomField(models.Model):
    """A field of the company's own. `key` names it in the column, the API and files for ever; the label may change.

    In `custom` a text and a choice are strings, a number is a string of figures, money is [minor units, currency], a date is ISO,
    several choices are a list, a colleague is his key. A retired field keeps its values and is shown no more. `in_list` fields are
    filters of lists; the trigger of `CustomEntry` keeps what they are found by.
    """

    noun = models.CharField(_("for"), max_length=10, choices=Noun.choices)
    key = models.SlugField(_("key"), max_length=40)
    label = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=10, choices=CustomKind.choices)
    options = ArrayField(models.CharField(max_length=80), verbose_name=_("list"), default=list, blank=True)
    hint = models.CharField(_("hint"), max_length=200, blank=True, default="")
    in_list = models.BooleanField(_("filter lists by it"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = CustomFieldQuerySet.as_manager()

    class Meta:
        ordering = ["noun", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["noun", "key"], name="custom_field_key_once")]

    def __str__(self) -> str:
        return self.label


class CustomEntry(models.Model):
    """One value of a field that lists are filtered by, written by a trigger from the record's column; one row a choice.

    `text` is in lower case and cut; money has its currency there and its minor units in `number`, as a colleague has his key.
    Records that were deleted keep their rows: lists leave them out by themselves.
    """

    field = models.ForeignKey(CustomField, on_delete=models.CASCADE, related_name="+", db_index=False)
    record = models.BigIntegerField()
    text = models.CharField(max_length=200, blank=True, default="")
    number = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    day = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["field", "text", "record"],
                name="custom_by_text",
                opclasses=["int8_ops", "varchar_pattern_ops", "int8_ops"],
            ),
            models.Index(
                fields=["field", "number", "record"], name="custom_by_number", condition=Q(number__isnull=False)
            ),
            models.Index(fields=["field", "day", "record"], name="custom_by_day", condition=Q(day__isnull=False)),
            models.Index(fields=["record", "field"], name="custom_by_record"),
        ]

    def __str__(self) -> str:
        return f"{self.field_id} of {self.record}"
