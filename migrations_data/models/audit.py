"""What was wrong in the old tables: one line a fault, with the record that it is about."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from crm.models import Company, Contact, Deal
from migrations_data.models.imports import Import
from migrations_data.models.rows import ImportRow

RECORDS: dict[str, Any] = {"company": Company, "contact": Contact, "deal": Deal}
"""What a fault is about."""


class AuditLineQuerySet(models.QuerySet["AuditLine"]):
    def visible_to(self, user: object) -> AuditLineQuerySet:
        """Lines about records that somebody sees and that are there still; the rest is neither listed nor counted for him."""
        seen = Q()
        for noun, model in RECORDS.items():
            seen |= Q(record_type=noun, record_id__in=model.objects.visible_to(user).values("pk"))
        return self.filter(seen)


class AuditLine(models.Model):
    """A fault of a class (`code`), the record that it is about, the row that shows it. `detail` has what the words need; `task_id`
    is the task that was made of it."""

    of_import = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="audit_lines")
    code = models.CharField(max_length=30)
    record_type = models.CharField(max_length=10)
    record_id = models.BigIntegerField()
    row = models.ForeignKey(ImportRow, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    detail = models.JSONField(default=dict)
    task_id = models.BigIntegerField(null=True)

    objects = AuditLineQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["of_import", "code", "id"], name="audit_line_by_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.record_type} {self.record_id}"
