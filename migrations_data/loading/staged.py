"""Rows out of the staging: which of them wait for a verdict, in which order, read by the chunk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.models import F, QuerySet

from migrations_data.loading.context import Context, Loader
from migrations_data.loading.rows import Reader, Row
from migrations_data.models import Import, ImportRow, ImportSheet, Part
from migrations_data.understanding.nouns import ALL
from migrations_data.understanding.own import kind_of
from migrations_data.understanding.values import text


def in_order(of: Import) -> list[ImportSheet]:
    """The sheets that are imported; what others refer to comes first, whatever the order of the files."""
    order = {kind: place for place, kind in enumerate(ALL)}
    sheets = ImportSheet.objects.filter(file__of_import=of, kind__in=order)
    return sorted(sheets, key=lambda sheet: order[sheet.kind])


def data_of(sheet: ImportSheet) -> QuerySet[ImportRow]:
    """The rows of a sheet that can become records."""
    return ImportRow.objects.filter(sheet=sheet, number__gt=sheet.header_row, part=Part.DATA)


def layers(context: Context, sheet: ImportSheet, loader: Loader) -> list[list[int]]:
    """The rows that have no verdict yet, in the order in which they are to be judged: what others lean on first."""
    pending = list(data_of(sheet).filter(outcome="").order_by("number").values_list("pk", flat=True))
    if loader.arrange is None or not pending:
        return [pending]
    wanted = set(pending)
    arranged = loader.arrange(context, _everything(sheet))
    return [[pk for pk in layer if pk in wanted] for layer in arranged]


def _everything(sheet: ImportSheet) -> Iterator[Row]:
    reader = Reader(kind_of(sheet.kind), sheet.columns)
    rows = data_of(sheet).order_by("number").values_list("pk", "number", "cells", "extras", "fixes")
    return (reader.parse(*row) for row in rows.iterator())


def read(reader: Reader, pks: Sequence[int]) -> list[Row]:
    """These rows in the order of the table."""
    rows = ImportRow.objects.filter(pk__in=pks).values_list("pk", "number", "cells", "extras", "fixes")
    return sorted((reader.parse(*row) for row in rows), key=lambda row: row.number)


def texts_in(sheet: ImportSheet, name: str) -> list[str]:
    """The different texts of a column, as the database finds them: one statement whatever the rows."""
    places = [column["index"] for column in sheet.columns if column["field"] == name and column["index"] >= 0]
    found = {
        text(one) for place in places for one in data_of(sheet).values_list(f"cells__{place}", flat=True).distinct()
    }
    for fixes in data_of(sheet).filter(fixes__isnull=False).values_list(F("fixes"), flat=True):
        found |= {text(fixes[str(place)]) for place in places if str(place) in fixes}
    return sorted(found - {""})
