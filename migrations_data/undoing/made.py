"""What an import made and has not yet given up: rows that became records, and what it made beside them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from crm.touched import MODELS, Ours
from migrations_data.models import Action, Import, ImportChange, ImportRow, ImportSheet, Outcome

CHUNK = 1000
LISTED = ("product", "stage", "reason", "field")
"""Lists that records choose from. They go after the records."""
CHANGED = (*MODELS, "product")
"""What an undo lets say again what it said before."""
IN_ORDER = (*MODELS, *LISTED, "user", "team")
"""Everything that an import makes: what hangs on others goes before them."""


def rows(of: Import) -> QuerySet[ImportRow]:
    """Rows that became a record of their own, which is still theirs."""
    return ImportRow.objects.filter(sheet__file__of_import=of, outcome=Outcome.CREATED, record_id__isnull=False)


def lines(of: Import, action: Action) -> QuerySet[ImportChange]:
    return ImportChange.objects.filter(of_import=of, action=action)


def keys(of: Import, kind: str) -> list[int]:
    """The keys of all records of a kind that an import made, the latest first."""
    found = set(rows(of).filter(record_type=kind).values_list("record_id", flat=True))
    found |= set(lines(of, Action.CREATED).filter(record_type=kind).values_list("record_id", flat=True))
    return sorted((pk for pk in found if pk is not None), reverse=True)


def left(of: Import, kind: str, made: Collection[int]) -> dict[int, dict[str, Any]]:
    """What the import wrote in records after it had made them: key -> fields as it left them."""
    if kind == "product":
        return _of_products(of)
    own = set(made)
    changed = lines(of, Action.CHANGED).filter(record_type=kind)
    again = sorted(set(changed.values_list("record_id", flat=True)) & own)
    found: dict[int, dict[str, Any]] = {}
    for part in chunks(again):
        later = changed.filter(record_id__in=part).order_by("pk")
        for pk, after in later.values_list("record_id", "after"):
            found.setdefault(pk, {}).update(after or {})
    return found


def _of_products(of: Import) -> dict[int, dict[str, Any]]:
    """What rows say of the products that they became."""
    found = {}
    for pk, values in rows(of).filter(record_type="product").values_list("record_id", "values"):
        said: Mapping[str, Any] = values or {}
        if pk is not None:
            found[pk] = {"price_minor": said.get("price"), "group": said.get("group", "")}
    return found


def ours(of: Import) -> Ours:
    """The condition that records came with this import, for statements about others."""
    sheets = list(ImportSheet.objects.filter(file__of_import=of).values_list("pk", flat=True))
    beside = {
        kind: list(lines(of, Action.CREATED).filter(record_type=kind).values_list("record_id", flat=True))
        for kind in MODELS
    }

    def came_with(noun: str, column: str) -> Q:
        made = ImportRow.objects.filter(
            record_type=noun, record_id=OuterRef(column), sheet__in=sheets, outcome=Outcome.CREATED
        )
        return Q(Exists(made)) | Q(**{f"{column}__in": beside.get(noun, [])})

    return came_with


def chunks(made: Sequence[int]) -> Iterator[Sequence[int]]:
    return (made[start : start + CHUNK] for start in range(0, len(made), CHUNK))


def release(of: Import, kind: str, gone: Iterable[int]) -> int:
    """Forget records that are gone: rows keep what they said and what became of them, but stand for nothing any more."""
    listed = list(gone)
    if listed:
        rows(of).filter(record_type=kind, record_id__in=listed).update(record_id=None)
        ImportChange.objects.filter(of_import=of, record_type=kind, record_id__in=listed).delete()
    return len(listed)
