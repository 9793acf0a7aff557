"""What whoever imports is not told: the import reaches clients whom he may not see, and says nothing of them that he did not bring."""

from __future__ import annotations

from collections.abc import Collection

from crm.touched import MODELS
from migrations_data.loading.context import Context
from migrations_data.models import Action, Import, ImportChange, ImportRow, Outcome

UNTOLD = "…"
"""Stands for what he is not told."""


def unseen(context: Context, noun: str, ids: Collection[int]) -> set[int]:
    """Those of these records that whoever imports may not see and has not brought in himself: at most three statements."""
    left = set(ids) if noun in MODELS else set()
    if left:
        left -= set(MODELS[noun].objects.visible_to(context.by).filter(pk__in=left).values_list("pk", flat=True))
    if left:
        own = Import.objects.visible_to(context.by)
        rows = ImportRow.objects.filter(record_type=noun, record_id__in=left, outcome=Outcome.CREATED)
        left -= set(rows.filter(sheet__file__of_import__in=own).values_list("record_id", flat=True))
        beside = ImportChange.objects.filter(record_type=noun, record_id__in=left, action=Action.CREATED)
        left -= set(beside.filter(of_import__in=own).values_list("record_id", flat=True))
    return left
