"""A chunk of rows judged and written: the one way, for preview and run alike."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from accounts.refusals import Refused
from crm.merging import followed
from migrations_data.loading.context import Context, Loader, Rejected, Seen, Verdict
from migrations_data.loading.rows import Problem, Row
from migrations_data.models import LOADED, ImportRow, Outcome

Said = Mapping[int, Mapping[str, Any]]
"""What the source has said about records so far: record id -> values by field."""


@dataclass
class Work:
    """What a chunk will write: rows that become new records, records that change, and in which columns."""

    drafts: list[tuple[Row, Any]] = field(default_factory=list)
    changed: list[Any] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    origins: dict[int, int] = field(default_factory=dict)
    """Row -> the record that its key stands for, which may have become part of another one since."""


def chunk(context: Context, loader: Loader, rows: Sequence[Row]) -> list[Verdict]:
    """Turn rows into records, in a number of statements that does not grow with them; one verdict each, in order."""
    verdicts: dict[int, Verdict] = {}
    named = [row for row in rows if _is_named(context, loader, row, verdicts)]
    loader.prepare(context, named)
    found = loader.find(context, named)
    work = Work(origins={pk: record.pk for pk, record in found.items()})
    said = said_before(context, loader.record_type, list(work.origins.values()))
    found = _now(loader, found)
    for row in named:
        try:
            verdict = _judge(context, loader, row, found.get(row.pk), said, work)
        except Refused as refusal:
            verdict = rejected(context, row, refusal)
        else:
            if not verdict.problem or verdict.problem.code == "same":
                context.seen.setdefault(loader.kind, {}).setdefault(row.key, Seen(row.number, fingerprint(row)))
        verdicts[row.pk] = verdict
    ids = loader.add(context, [draft for _row, draft in work.drafts])
    for (row, _draft), pk in zip(work.drafts, ids, strict=True):
        verdicts[row.pk].record_id = pk
    loader.save(context, work.changed, work.names)
    return [verdicts[row.pk] for row in rows]


def _now(loader: Loader, found: Mapping[int, Any]) -> Mapping[int, Any]:
    """The records as they are now: what the source says of a merged client is said of the one that it became part of."""
    if loader.record_type not in ("company", "contact"):
        return found
    rows = loader.model._base_manager.select_for_update()
    return followed(loader.record_type, found, lambda keys: rows.filter(pk__in=keys).order_by("pk"))


def _is_named(context: Context, loader: Loader, row: Row, verdicts: dict[int, Verdict]) -> bool:
    """Whether a row could be read and has a key; else its verdict is put down."""
    try:
        if row.problem is None:
            row.key, row.own_key = loader.identify(context, row)
            return True
    except Rejected as refusal:
        verdicts[row.pk] = rejected(context, row, refusal)
    else:
        verdicts[row.pk] = Verdict(row, Outcome.REJECTED, row.problem)
    return False


def _judge(context: Context, loader: Loader, row: Row, record: Any, said: Said, work: Work) -> Verdict:
    """What becomes of one row; what it writes is put with the rest of the work. Raises Refused."""
    first = context.seen.get(loader.kind, {}).get(row.key)
    if first is not None:
        same = first.says == fingerprint(row)
        code = "same_row" if same else "duplicate"
        return Verdict(row, Outcome.SKIPPED if same else Outcome.REJECTED, Problem(code, detail=str(first.number)))
    if record is None:
        work.drafts.append((row, loader.draft(context, row)))
        return Verdict(row, Outcome.CREATED, record_type=loader.record_type, values=row.values)
    origin = work.origins[row.pk]
    known = said.get(origin, {})
    verdict = Verdict(row, Outcome.SKIPPED, Problem("same"), loader.record_type, origin, {**known, **row.values})
    if getattr(record, "deleted_at", None) is not None:
        verdict.problem = Problem("deleted")
        return verdict
    fields = differing(context, loader, row, record, known)
    saved = loader.amend(context, record, row, fields) if fields else set()
    if saved:
        work.changed.append(record)
        work.names |= saved
        verdict.outcome, verdict.problem = Outcome.UPDATED, None
    return verdict


def differing(context: Context, loader: Loader, row: Row, record: Any, known: Mapping[str, Any]) -> set[str]:
    """The fields in which the row says something new.

    What the source said before and says again is no news, even when somebody has changed it in Daybook since. What it never said
    fills blanks. An empty cell clears nothing.
    """
    found = set()
    for name, value in row.values.items():
        if name == "key" or name in loader.once_only:
            continue
        if name in known:
            if known[name] != value:
                found.add(name)
        elif loader.is_blank(record, name):
            found.add(name)
    return found


def said_before(context: Context, record_type: str, ids: Sequence[int]) -> Said:
    """What the latest run before this one said about these records."""
    if not ids:
        return {}
    rows = ImportRow.objects.filter(record_type=record_type, record_id__in=ids, outcome__in=LOADED)
    rows = rows.exclude(sheet__file__of_import=context.of).order_by("record_id", "-pk").distinct("record_id")
    return {pk: said or {} for pk, said in rows.values_list("record_id", "values") if pk is not None}


def rejected(context: Context, row: Row, refusal: Refused) -> Verdict:
    """The verdict on a row that a rule refused, with the column that it belongs to."""
    column = context.reader.column_of(FIELDS.get(refusal.field, refusal.field))
    if isinstance(refusal, Rejected):
        return Verdict(row, Outcome.REJECTED, Problem(refusal.code, column, refusal.detail))
    return Verdict(row, Outcome.REJECTED, Problem("refused", column, str(refusal.message)[:300]))


FIELDS = {
    "revenue_minor": "revenue", "amount_minor": "amount", "price_minor": "price", "emails": "email", "phones": "phone",
    "reason": "loss_reason",
}  # fmt: skip
"""Fields of records that have another name among those of columns."""


def fingerprint(row: Row) -> str:
    """Two rows that say the same have the same print."""
    return sha256(json.dumps(row.values, sort_keys=True).encode()).hexdigest()[:20]
