"""The files of an import and the sheets in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from migrations_data.models.imports import Import

if TYPE_CHECKING:
    from migrations_data.models.rows import ImportRow  # noqa: F401 - the type of a reverse relation


COUNTS = ("created", "updated", "skipped", "merged", "asked", "rejected", "left_out")
"""What becomes of the rows of a sheet: the columns that add up to `rows_in`."""


class ImportFile(models.Model):
    """A file as it was uploaded. `encoding` is empty for workbooks.

    `differences` are what two ways of reading it do not agree on: {sheet, column, filled: [a, b], sum: [a, b]}. With any, nothing
    is imported before a person has looked at them and accepted. `compared` says what came of that: agree, differ, or why a second
    way was not tried (text, format, large, slow, unreadable).
    """

    of_import = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(_("file"), max_length=200)
    content = models.FileField(upload_to="imports/%Y/%m/")
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    encoding = models.CharField(max_length=20, blank=True, default="")
    position = models.PositiveSmallIntegerField(default=0)
    compared = models.CharField(max_length=10, blank=True, default="")
    differences = models.JSONField(default=list)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name


class ImportSheet(models.Model):
    """A table on a sheet: what it is about ("" is left out), which of its rows is the header (0: none), what its columns are.

    A sheet with several tables has as many of these, counted by `table`; one begins at `first_column` of the sheet (from 0). A
    header may take two rows. `columns` are `understanding.sheets.Column` as dicts. The counts add up: rows_in = created + updated +
    skipped + merged + asked + rejected + left_out, where rows_in are all below the header that hold anything, subtotals too. `sums` has one entry a money column: {column, in, loaded, rejected} as text;
    `findings` what was corrected or looked odd: {code, column, was, now, count}.
    """

    file = models.ForeignKey(ImportFile, on_delete=models.CASCADE, related_name="sheets")
    name = models.CharField(_("sheet"), max_length=200)
    position = models.PositiveSmallIntegerField(default=0)
    table = models.PositiveSmallIntegerField(default=0)
    first_column = models.PositiveSmallIntegerField(default=0)
    hidden = models.BooleanField(default=False)
    kind = models.CharField(max_length=10, blank=True, default="")
    confidence = models.FloatField(default=0)
    header_row = models.PositiveIntegerField(default=0)
    header_rows = models.PositiveSmallIntegerField(default=1)
    columns = models.JSONField(default=list)
    rows_in = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    merged = models.PositiveIntegerField(default=0)
    asked = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    sums = models.JSONField(default=list)
    findings = models.JSONField(default=list)

    class Meta:
        ordering = ["file__position", "file_id", "position", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def adds_up(self) -> bool:
        return self.rows_in == sum(getattr(self, name) for name in COUNTS)
