"""Rows out of the staging: which of them wait for a verdict, in which order, read by the chunk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.fields.json import KeyTransform

from migrations_data.loading import linking
from migrations_data.loading.context import Context, Loader
from migrations_data.loading.rows import Reader, Row
from migrations_data.models import Import, ImportRow, ImportSheet, Part
from migrations_data.understanding.nouns import ALL
from migrations_data.understanding.own import kind_of
from migrations_data.understanding.values import text

ARRANGED_BY = {"companies": ("key", "name", "parent"), "people": ("name", "first_name", "last_name", "team", "head")}
"""The columns by which rows of a kind are put in order."""
ARRANGES = ("parent", "team", "head")
"""Those without which every order is as good."""


def in_order(of: Import) -> list[ImportSheet]:
    """The sheets that are imported; what others refer to comes first, whatever the order of the files."""
    order = {kind: place for place, kind in enumerate(ALL)}
    sheets = ImportSheet.objects.filter(file__of_import=of, kind__in=order)
    return sorted(sheets, key=lambda sheet: order[sheet.kind])


def data_of(sheet: ImportSheet) -> QuerySet[ImportRow]:
    """The rows of a sheet that can become records."""
    return ImportRow.objects.filter(sheet=sheet, number__gt=sheet.header_row, part=Part.DATA)


def layers(context: Context, sheet: ImportSheet, loader: Loader) -> list[list[int]]:
    """The rows that have no verdict yet, in the order in which they are to be judged: what others build on first, what leans on
    another row last."""
    pending = list(data_of(sheet).filter(outcome="").order_by("number").values_list("pk", flat=True))
    if not pending:
        return []
    wanted = set(pending)
    found = [[pk for pk in layer if pk in wanted] for layer in arranged(context, sheet, loader)] or [pending]
    leaning = linking.leaning_of(context) if loader.record_type in linking.CLIENTS else {}
    last = [pk for pk in pending if pk in leaning]
    return [[pk for pk in layer if pk not in leaning] for layer in found] + [last] if last else found


def arranged(context: Context, sheet: ImportSheet, loader: Loader) -> list[list[int]]:
    """All rows of a sheet by what builds on what; nothing for a sheet whose rows may come in any order."""
    named = ARRANGED_BY.get(sheet.kind, ())
    columns = [column for column in sheet.columns if column["field"] in named and column["index"] >= 0]
    if loader.arrange is None or not any(column["field"] in ARRANGES for column in columns):
        return []
    return loader.arrange(context, _partly(sheet, columns))


def _partly(sheet: ImportSheet, columns: Sequence[Mapping[str, Any]]) -> Iterator[Row]:
    """All rows of a sheet, read by a few of their columns: nothing else of them leaves the database."""
    places = [column["index"] for column in columns]
    reader = Reader(kind_of(sheet.kind), [{**column, "index": place} for place, column in enumerate(columns)])
    cells = [KeyTransform(str(place), "cells") for place in places]
    rows = data_of(sheet).order_by("number").values_list("pk", "number", "fixes", *cells)
    for pk, number, fixes, *said in rows.iterator(chunk_size=5000):
        fixed = {str(place): fixes[str(of)] for place, of in enumerate(places) if str(of) in fixes} if fixes else None
        yield reader.parse(pk, number, said, None, fixed)


def read(reader: Reader, pks: Sequence[int]) -> list[Row]:
    """These rows in the order of the table."""
    rows = ImportRow.objects.filter(pk__in=pks).values_list("pk", "number", "cells", "extras", "fixes")
    return sorted((reader.parse(*row) for row in rows), key=lambda row: row.number)


def again(context: Context, pks: Iterable[int]) -> list[Row]:
    """Rows that were judged before, whatever their sheet; what is found in them was counted then."""
    listed = ImportRow.objects.filter(pk__in=list(pks)).values_list("sheet", "pk", "number", "cells", "extras", "fixes")
    readers = context.known.setdefault("readers", {})
    found = []
    for sheet, *row in listed:
        if sheet not in readers:
            one = ImportSheet.objects.get(pk=sheet)
            readers[sheet] = Reader(kind_of(one.kind), one.columns)
        found.append(readers[sheet].parse(*row))
    return found


def texts_in(sheet: ImportSheet, name: str) -> list[str]:
    """The different texts of a column, as the database finds them: one statement whatever the rows."""
    places = [column["index"] for column in sheet.columns if column["field"] == name and column["index"] >= 0]
    found = {
        text(one) for place in places for one in data_of(sheet).values_list(f"cells__{place}", flat=True).distinct()
    }
    for fixes in data_of(sheet).filter(fixes__isnull=False).values_list(F("fixes"), flat=True):
        found |= {text(fixes[str(place)]) for place in places if str(place) in fixes}
    return sorted(found - {""})
