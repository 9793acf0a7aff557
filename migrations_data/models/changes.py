"""What an import did to records, so that it can be undone whole."""

from __future__ import annotations

from django.db import models

from migrations_data.models.imports import Import
from migrations_data.models.rows import ImportRow


class Action(models.TextChoices):
    CREATED = "created"
    CHANGED = "changed"


class ImportChange(models.Model):
    """One record that an import made beside its rows, or changed.

    What a row became by itself is told by the row (`outcome` created, `record_type`, `record_id`): it has no line here. `before` and
    `after` hold the fields of a changed record as they were and as the import left them: a record that says something else now
    was touched since, and stays.
    """

    of_import = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="changes")
    row = models.ForeignKey(ImportRow, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    record_type = models.CharField(max_length=20)
    record_id = models.BigIntegerField()
    action = models.CharField(max_length=8, choices=Action.choices)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["of_import", "-id"], name="import_change_latest_first")]

    def __str__(self) -> str:
        return f"{self.action} {self.record_type} {self.record_id}"
