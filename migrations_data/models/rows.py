"""Rows of imported sheets, kept as they were, with what became of each."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from migrations_data.models.files import ImportSheet


class Outcome(models.TextChoices):
    CREATED = "created", _("new")
    UPDATED = "updated", _("updated")
    SKIPPED = "skipped", _("unchanged")
    MERGED = "merged", _("merged")
    ASKED = "asked", _("to decide")
    REJECTED = "rejected", _("rejected")
    LEFT_OUT = "left_out", _("left out")


LOADED = (Outcome.CREATED, Outcome.UPDATED, Outcome.SKIPPED, Outcome.MERGED)


class Part(models.TextChoices):
    """What a row is in its table. Only data become records; the rest is kept, so that every row of a file can be shown."""

    DATA = "", _("data")
    BANNER = "banner", _("above the table")
    HEADER = "header", _("header")
    TOTAL = "total", _("subtotal")
    NOTE = "note", _("note")
    BLANK = "blank", _("blank")


class ImportRow(models.Model):
    """One row as it is in its file. `number` is the one that a table program shows.

    `cells` are as they were: texts, numbers, booleans, dates in ISO form. `extras` hold what a cell cannot: {"comment": text,
    "colour": name, "hidden": true}. `fixes` are cells that the coordinator corrected: {index as text: value}; they are read instead.
    `changes` are what an updated row changes: {field: [was, now]}. `values` are what was read from them, by field, and
    `key` the key of its source: a newer file is compared with them. `record_type` and `record_id` say what it became, after a run
    only. `code`, `column` and `detail` give the reason of a row that was not taken.
    """

    sheet = models.ForeignKey(ImportSheet, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    part = models.CharField(max_length=8, choices=Part.choices, blank=True, default=Part.DATA)
    cells = models.JSONField()
    extras = models.JSONField(null=True)
    fixes = models.JSONField(null=True)
    changes = models.JSONField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True, default="")
    code = models.CharField(max_length=40, blank=True, default="")
    column = models.CharField(max_length=200, blank=True, default="")
    detail = models.CharField(max_length=300, blank=True, default="")
    key = models.CharField(max_length=120, blank=True, default="")
    values = models.JSONField(null=True)
    record_type = models.CharField(max_length=10, blank=True, default="")
    record_id = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["sheet", "number"]
        constraints = [models.UniqueConstraint(fields=["sheet", "number"], name="import_row_once")]
        indexes = [
            models.Index(fields=["sheet", "outcome", "number"], name="import_row_by_outcome"),
            models.Index(
                fields=["record_type", "record_id", "-id"],
                name="import_row_by_record",
                condition=models.Q(record_id__isnull=False),
            ),
            models.Index(fields=["key"], name="import_row_joined", condition=models.Q(outcome="merged")),
        ]

    def __str__(self) -> str:
        return f"row {self.number}"
