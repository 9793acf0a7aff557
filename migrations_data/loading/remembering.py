"""What a pass has to know of rows that were judged before it: by a run that was broken off, or when single rows are judged again."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.db.models import Q

from accounts.refusals import Refused
from migrations_data.loading import linking, staged
from migrations_data.loading.context import Context, Loader
from migrations_data.loading.rows import Row
from migrations_data.models import ImportRow, ImportSheet, Outcome

FIRST = Q(outcome__in=(Outcome.CREATED, Outcome.UPDATED, Outcome.MERGED)) | Q(outcome=Outcome.SKIPPED, code="same")
"""Rows that are the first with their key."""
NUMBERED = re.compile(r"#\d+$")


def keys(context: Context, sheet: ImportSheet) -> None:
    """Know the keys of all rows of a sheet that have their verdict already."""
    seen = context.seen.setdefault(sheet.kind, {})
    judged = ImportRow.objects.filter(sheet=sheet).exclude(outcome="").exclude(key="").order_by("number")
    for key in judged.values_list("key", flat=True):
        context.times[NUMBERED.sub("", key)] += 1
    for key, pk in judged.filter(FIRST).values_list("key", "pk"):
        seen.setdefault(key, pk)


def keys_like(context: Context, loader: Loader, sheet: ImportSheet, rows: Sequence[Row]) -> None:
    """The same for the keys that a few rows have, and for those that are numbered."""
    seen = context.seen.setdefault(sheet.kind, {})
    kin = ImportRow.objects.filter(sheet__file__of_import=context.of, sheet__kind=sheet.kind).exclude(outcome="")
    said = {key for row in rows if (key := _key(context, loader, row))}
    context.times.clear()
    for key, pk in kin.filter(FIRST, Q(key__in=said) | Q(key__contains="#")).values_list("key", "pk"):
        seen.setdefault(key, pk)
        context.used.add(key)


def _key(context: Context, loader: Loader, row: Row) -> str:
    try:
        return loader.identify(context, row)[0] if row.problem is None else ""
    except Refused:
        return ""


def who_waits(context: Context) -> None:
    """Know the companies about which somebody is asked."""
    asked = ImportRow.objects.filter(sheet__file__of_import=context.of, sheet__kind="companies", outcome=Outcome.ASKED)
    for row in staged.again(context, asked.values_list("pk", flat=True)):
        linking.wait(context, "company", row)


def those_waiting(context: Context, rows: Sequence[int]) -> set[int]:
    """The rows that wait for these: they name their company, or are the same as one of them."""
    waiting = ImportRow.objects.filter(sheet__file__of_import=context.of, outcome=Outcome.ASKED)
    leaning = linking.leaning_of(context)
    found = {pk for pk in waiting.filter(code="waits").values_list("pk", flat=True) if leaning.get(pk) in set(rows)}
    companies = ImportRow.objects.filter(pk__in=rows, sheet__kind="companies").values_list("pk", flat=True)
    named = linking.keys_of_companies(context, staged.again(context, companies))
    said = waiting.filter(code="waits_for").values_list("pk", "detail") if named else ()
    return found | {pk for pk, text in said if linking.keys_named(context, text) & named}
