"""Who is who: rows that may be somebody who is here already, or another row of the same file."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from migrations_data.models.imports import Import
from migrations_data.models.rows import ImportRow


class Answer(models.TextChoices):
    """What a person says about a row that looks like somebody: it is, it is another one, or it is left out."""

    OPEN = "", _("to decide")
    SAME = "same", _("the same")
    OTHER = "other", _("another one")
    LEAVE = "leave", _("leave out")


class ImportQuestion(models.Model):
    """A row with those it may be, the likeliest first. It waits until somebody has said so.

    `candidates`: {"record": id or null, "row": pk of an ImportRow or null, "score": 0..100, "reasons": [code, ...]}. `group` is the
    same for questions that ask the same for the same reasons: they can be answered together. With the answer "same", either
    `record_id` or `other_row` says which. By `key` the answer is known again when the same row comes in another file.
    """

    of_import = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="questions")
    row = models.OneToOneField(ImportRow, on_delete=models.CASCADE, related_name="question")
    record_type = models.CharField(max_length=10)
    key = models.CharField(max_length=150, blank=True, default="")
    group = models.CharField(max_length=100)
    score = models.PositiveSmallIntegerField(default=0)
    candidates = models.JSONField(default=list)
    answer = models.CharField(max_length=6, choices=Answer.choices, blank=True, default=Answer.OPEN)
    record_id = models.BigIntegerField(null=True)
    other_row = models.ForeignKey(ImportRow, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["of_import", "answer", "-score", "id"], name="import_question_by_score"),
            models.Index(
                fields=["record_type", "key"],
                name="import_question_by_key",
                condition=~models.Q(answer="") & ~models.Q(key=""),
            ),
        ]

    def __str__(self) -> str:
        return f"question about row {self.row_id}"
