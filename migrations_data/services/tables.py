"""Tables on the sheets of a file: found in the kept rows, set apart, and each row told what it is. Rows are read in a stream."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from migrations_data.models import ImportRow, ImportSheet, Part
from migrations_data.understanding import parts, tables, values
from migrations_data.understanding.parts import Shape, Sorter
from migrations_data.understanding.sheets import Column
from migrations_data.understanding.tables import Header

SAMPLE = 1000
"""Rows held at once for finding headers and guessing types."""
AT_ONCE = 2000
MOST_GAPS = 200
BEHIND_A_GAP = 4
"""Rows looked at behind a gap for the header of another table."""
Row = tuple[int, list[Any]]


def stream(sheet: ImportSheet) -> Iterator[Row]:
    """All rows of a sheet in order, a few thousand in memory at a time."""
    rows = ImportRow.objects.filter(sheet=sheet).order_by("number").values_list("number", "cells")
    return rows.iterator(chunk_size=AT_ONCE)


def sample(sheet: ImportSheet) -> list[Row]:
    """The first rows of a sheet."""
    rows = ImportRow.objects.filter(sheet=sheet).order_by("number")
    return list(rows.values_list("number", "cells")[:SAMPLE])


def set_apart(sheet: ImportSheet) -> list[ImportSheet]:
    """The tables of a sheet, each with its rows: this one and those made beside it, one below the other first, then side by side."""
    below = [sheet]
    for number in _beginnings(sheet):
        below.append(_cut_below(below[-1], number))
    found = []
    for one in below:
        rows = sample(one)
        blocks = tables.side_by_side(tables.header_of(rows), rows) if rows else []
        found += [one, *[_cut_beside(one, start, end) for start, end in blocks[1:]]]
        if len(blocks) > 1:
            _keep_columns(one, *blocks[0])
    for place, one in enumerate(found):
        one.table = place
        one.save(update_fields=["table"])
    return found


def _beginnings(sheet: ImportSheet) -> list[int]:
    """The numbers of rows in the middle of a sheet with which another table begins, its title included."""
    rows = sample(sheet)
    header = tables.header_of(rows)
    names = tables.names_of(header, rows)
    found = []
    for number, blanks in _gaps(sheet):
        behind = ImportRow.objects.filter(sheet=sheet, number__gte=number).order_by("number")
        near = list(behind.values_list("number", "cells")[:BEHIND_A_GAP]) if number > header.last else []
        head = tables.begins_another(near, names, gap=blanks)
        if head:
            found.append(number)
            names = next(cells for at, cells in near if at == head)
    return found


def _gaps(sheet: ImportSheet) -> list[tuple[int, int]]:
    """Rows that follow blank ones, with how many those are."""
    with connection.cursor() as cursor:
        cursor.execute(GAPS, [sheet.pk, MOST_GAPS])
        return [(number, blanks) for number, blanks in cursor.fetchall()]


GAPS = """
SELECT number, number - before - 1 FROM (
    SELECT number, lag(number) OVER (ORDER BY number) AS before
    FROM migrations_data_importrow WHERE sheet_id = %s AND cells <> '[]'
) filled WHERE number - before > 1 ORDER BY number LIMIT %s
"""


def _cut_below(sheet: ImportSheet, number: int) -> ImportSheet:
    """A table of its own out of the rows from `number` on."""
    made = _another(sheet, sheet.first_column)
    ImportRow.objects.filter(sheet=sheet, number__gte=number).update(sheet=made)
    return made


def _cut_beside(sheet: ImportSheet, start: int, end: int) -> ImportSheet:
    """A table of its own out of the cells from column `start` up to `end`, with the same row numbers."""
    made = _another(sheet, sheet.first_column + start)
    with connection.cursor() as cursor:
        cursor.execute(COPY_BESIDE, [made.pk, f"$[{start} to {end - 1}]", sheet.pk])
    return made


COPY_BESIDE = """
INSERT INTO migrations_data_importrow (sheet_id, number, part, cells, extras, outcome, code, "column", detail, key, record_type)
SELECT %s, number, part, jsonb_path_query_array(cells, %s::jsonpath), extras, '', '', '', '', '', ''
FROM migrations_data_importrow WHERE sheet_id = %s
"""


def _keep_columns(sheet: ImportSheet, start: int, end: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE migrations_data_importrow SET cells = jsonb_path_query_array(cells, %s::jsonpath) WHERE sheet_id = %s",
            [f"$[0 to {end - 1}]", sheet.pk],
        )


def _another(sheet: ImportSheet, first_column: int) -> ImportSheet:
    return ImportSheet.objects.create(
        file=sheet.file, name=sheet.name, position=sheet.position, hidden=sheet.hidden, first_column=first_column
    )


def sort_rows(sheet: ImportSheet, header: Header, names: Sequence[Any], point_of: dict[int, str]) -> dict[str, int]:
    """Put down what each row of a table is; returns how many there are of each part. `point_of` has the decimal marks of its
    columns of numbers."""
    data = [row for row in sample(sheet) if row[0] > header.last]
    shape: Shape = parts.shape_of(names, data, point_of)
    sorter = Sorter(header, shape, point_of.get(shape.figures, "."))
    total = 0
    found = sorter.sort(stream(sheet))
    ImportRow.objects.filter(sheet=sheet).exclude(part=Part.DATA).update(part=Part.DATA)
    counts: dict[str, int] = {}
    for part in Part.values:
        numbers = [number for number, one in found.items() if one == part]
        for start in range(0, len(numbers), AT_ONCE):
            ImportRow.objects.filter(sheet=sheet, number__in=numbers[start : start + AT_ONCE]).update(part=part)
        counts[part] = len(numbers)
    total = ImportRow.objects.filter(sheet=sheet).count()
    counts[Part.DATA] = total - sum(counts.values())
    return counts


def cells_of(sheet: ImportSheet, index: int) -> Iterator[Any]:
    """One column of a table's data, in a stream."""
    rows = ImportRow.objects.filter(sheet=sheet, part=Part.DATA).order_by("number")
    return (
        value
        for value in rows.values_list(f"cells__{index}", flat=True).iterator(chunk_size=AT_ONCE)
        if values.text(value)
    )


def data_sample(sheet: ImportSheet) -> list[Row]:
    """The first data rows of a table."""
    rows = ImportRow.objects.filter(sheet=sheet, part=Part.DATA).order_by("number")
    return list(islice(rows.values_list("number", "cells").iterator(chunk_size=SAMPLE), SAMPLE))


def width_of(sheet: ImportSheet) -> int:
    """How many columns the widest row of a table has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(jsonb_array_length(cells)) FROM migrations_data_importrow WHERE sheet_id = %s", [sheet.pk]
        )
        return int(cursor.fetchone()[0] or 0)


def beside(sheet: ImportSheet) -> list[Column]:
    """The columns that no cell fills: comments and colours, when the rows of a table have any."""
    rows = ImportRow.objects.filter(sheet=sheet, part=Part.DATA)
    found = []
    for index, key, name in ((-1, "comment", _("Comments")), (-2, "colour", _("Colours"))):
        if rows.filter(extras__has_key=key).exists():
            found.append(Column(index=index, name=str(name)))
    return found
