"""Rows that were not taken, as a workbook in the layout of the file they came from: to be mended and imported again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from tempfile import TemporaryFile
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from crm.exports import LONGEST_CELL, ROW_BY_ROW
from migrations_data.loading.problems import say
from migrations_data.models import ImportFile, ImportRow, ImportSheet, Outcome, Part
from migrations_data.understanding.nouns import Type
from migrations_data.understanding.ours import REASON

WAITING = (Outcome.REJECTED, Outcome.ASKED)
LONGEST_NAME = 31
"""So many letters a table program allows the name of a sheet."""
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
BAD, SAID, DAY, MOMENT = "bad", "said", "day", "moment"


def files_with_some(sheets: Sequence[ImportSheet]) -> list[ImportFile]:
    """The files of an import in which rows wait to be mended, in order."""
    found = {sheet.file_id: sheet.file for sheet in sheets if sheet.kind and (sheet.rejected or sheet.asked)}
    return list(found.values())


def filename(file: ImportFile) -> str:
    """ "clients.csv" -> "clients - to mend.xlsx"; it begins like the original, because its name helps to recognise it."""
    stem = file.name.rpartition(".")[0] or file.name
    return f"{stem} - {_('to mend')}.xlsx"


def workbook(file: ImportFile) -> IO[bytes]:
    """All imported sheets of a file as they were above their rows, then only the rows that were not taken, each with its reason."""
    target = TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    book = xlsxwriter.Workbook(target, ROW_BY_ROW)
    looks = {
        BAD: book.add_format({"bg_color": "#FDE8E7", "font_color": "#B92B27"}),
        SAID: book.add_format({"font_color": "#B92B27"}),
        DAY: book.add_format({"num_format": "yyyy-mm-dd"}),
        MOMENT: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
    }
    looks[f"{BAD} {DAY}"] = book.add_format({"num_format": "yyyy-mm-dd", "bg_color": "#FDE8E7"})
    looks[f"{BAD} {MOMENT}"] = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "bg_color": "#FDE8E7"})
    sheets = ImportSheet.objects.filter(file=file).exclude(kind="").order_by("position", "table", "pk")
    names: set[str] = set()
    for _position, tables in groupby(sheets, key=lambda sheet: sheet.position):
        listed = list(tables)
        page = book.add_worksheet(_name(listed[0].name, names))
        _write(page, listed, looks, dated=not file.encoding)
    book.close()
    target.seek(0)
    return target


def _name(name: str, taken: set[str]) -> str:
    """A name that every table program takes, once in the workbook."""
    bare = name.translate(FORBIDDEN).strip(" '")[:LONGEST_NAME] or "-"
    found, number = bare, 2
    while found.casefold() in taken:
        found, number = f"{bare[: LONGEST_NAME - 4]} {number}", number + 1
    taken.add(found.casefold())
    return found


def _write(page: Any, tables: Sequence[ImportSheet], looks: dict[str, Any], *, dated: bool) -> None:
    """Several tables of one sheet one below the other, each where its columns began."""
    place = 0
    for sheet in tables:
        headers = list(ImportRow.objects.filter(sheet=sheet, part=Part.HEADER).order_by("number"))
        behind = sheet.first_column + _width(sheet, headers)
        for row in _rows(sheet):
            first = row.number - 1 if row.part in (Part.BANNER, Part.HEADER) and sheet is tables[0] else place
            place = max(place, first)
            _cells(page, place, sheet, row, looks, dated)
            if row.part == Part.DATA:
                page.write_string(place, behind, _said(row), looks[SAID])
            elif headers and row.number == headers[-1].number:
                page.write_string(place, behind, _(REASON), looks[SAID])
            place += 1
        place += 2


def _width(sheet: ImportSheet, headers: Sequence[ImportRow]) -> int:
    """How many columns the table has: its reason stands behind the last."""
    return max([0, *(column["index"] + 1 for column in sheet.columns), *(len(row.cells) for row in headers)])


def _rows(sheet: ImportSheet) -> Iterator[ImportRow]:
    """What stood above the rows, then the rows that wait."""
    rows = ImportRow.objects.filter(sheet=sheet).order_by("number")
    yield from rows.filter(part__in=(Part.BANNER, Part.HEADER))
    yield from rows.filter(part=Part.DATA, outcome__in=WAITING).iterator(chunk_size=2000)


def _cells(page: Any, place: int, sheet: ImportSheet, row: ImportRow, looks: dict[str, Any], dated: bool) -> None:
    days = {column["index"] for column in sheet.columns if column["type"] == Type.DATE} if dated else set()
    bad = next((column["index"] for column in sheet.columns if row.column and column["name"] == row.column), None)
    cells = dict(enumerate(row.cells)) | {int(index): cell for index, cell in (row.fixes or {}).items()}
    if bad is not None and row.part == Part.DATA:
        cells.setdefault(bad, "")
    for index, cell in sorted(cells.items()):
        look = BAD if index == bad and row.part == Part.DATA else ""
        _cell(page, place, sheet.first_column + index, cell, looks, look, is_day=index in days)


def _cell(page: Any, row: int, column: int, value: Any, looks: dict[str, Any], look: str, *, is_day: bool) -> None:
    """One cell as it was: a text stays a text, whatever it looks like, and a day of a workbook becomes one again."""
    if value in ("", None):
        if look:
            page.write_blank(row, column, None, looks[look])
    elif isinstance(value, bool):
        page.write_boolean(row, column, value, looks.get(look))
    elif isinstance(value, int | float):
        page.write_number(row, column, value, looks.get(look))
    elif is_day and (day := _day(value)):
        page.write_datetime(row, column, day, looks[f"{look} {MOMENT if 'T' in value else DAY}".strip()])
    else:
        page.write_string(row, column, str(value)[:LONGEST_CELL], looks.get(look))


def _day(value: str) -> datetime | date | None:
    """A day of a workbook, which is kept in ISO form; None for a text, and for what table programs cannot count."""
    try:
        day = datetime.fromisoformat(value)  # a day of a table has no zone
    except ValueError:
        return None
    return day if day.year > 1900 and day.tzinfo is None else None


def _said(row: ImportRow) -> str:
    """Why a row was not taken, with the column that is to blame."""
    said = say(row.code or "asked", row.detail)
    return f"{row.column}: {said}" if row.column else said
