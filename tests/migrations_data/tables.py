"""Small tables with the faults of real ones, made here, and the whole way through an import."""

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import xlsxwriter
from django.core.files.base import ContentFile

from accounts.models import User
from migrations_data.models import Answer, Import, ImportQuestion, ImportSheet, Status
from migrations_data.services import answers, imports, work
from migrations_data.understanding import values
from migrations_data.understanding.values import Unclear

ACCOUNTS = """account,sector,year_established,revenue,employees,office_location,subsidiary_of\r
Birch Labs,technolgy,1996,1100.04,2822,United States,\r
Cedar Foods,retail,1999,251.41,495,Poland,Dune Holding\r
Dune Holding,finance,1986,647.18,1185,Kenya,\r
Elm Medical,medical,2012,587.34,1356,Philipines,\r
"""
PRODUCTS = "product,series,sales_price\nRX Basic,RX,550\nRX Pro,RX,4821\nKV Special,KV,55\n"
TEAMS = """sales_agent,manager,regional_office
Ada North,Hugo Reyes,Central
Ben Okoro,Hugo Reyes,Central
Cleo Vance,Iris Holt,Central
Dina Frost,Jon Marsh,East
Egon Weiss,Jon Marsh,East
"""
PIPELINE = """opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value
A1,Ada North,RX Basic,Birch Labs,Won,20-10-2016,01-03-2017,1054
A2,Ben Okoro,RXPro,Cedar Foods,Won,25-10-2016,11-03-2017,4514
A3,Ben Okoro,KV Special,Birch Labs,Lost,25-10-2016,07-03-2017,0
A4,Cleo Vance,RXPro,null,Engaging,26-11-2016,,
A5,Dina Frost,RX Basic,Elm Medical,Prospecting,,,
A6,Ada North,KV Special,Birch Labs,Won,02-11-2016,13-03-2017,55
"""
ALL_FOUR = {
    "accounts.csv": ACCOUNTS,
    "products.csv": PRODUCTS,
    "sales_pipeline.csv": PIPELINE,
    "sales_teams.csv": TEAMS,
}
WON_AND_LOST = 1054 + 4514 + 55


def upload(by: User, at: datetime, files: Mapping[str, str | bytes], **words: Any) -> Import:
    """Files taken in and read."""
    contents = [
        ContentFile(content.encode() if isinstance(content, str) else content, name=name)
        for name, content in files.items()
    ]
    made = imports.upload(by=by, at=at, uploads=contents, background=False, **words)
    return work.carry_on(import_id=made.pk, at=at)


def preview(by: User, at: datetime, files: Mapping[str, str | bytes], **words: Any) -> Import:
    """The same, tried."""
    made = upload(by, at, files, **words)
    assert made.status == Status.READ, made.error
    imports.preview(of=made, by=by, at=at, background=False)
    return work.carry_on(import_id=made.pk, at=at)


def run(by: User, at: datetime, files: Mapping[str, str | bytes], **words: Any) -> Import:
    """The whole way, but for the preview: that is the run itself, rolled back, and would take the same time once more."""
    made = upload(by, at, files, **words)
    assert made.status == Status.READ, made.error
    imports.run(of=made, by=by, at=at, background=False)
    return work.carry_on(import_id=made.pk, at=at)


def say_same(made: Import, by: User, at: datetime) -> None:
    """Say of every row about which somebody is asked that it is the likeliest."""
    open_ = list(ImportQuestion.objects.filter(of_import=made, answer=Answer.OPEN).values_list("pk", flat=True))
    answers.answer(of=made, pks=open_, answer=Answer.SAME, by=by, at=at, background=False)


def sheet_of(made: Import, kind: str) -> ImportSheet:
    return ImportSheet.objects.get(file__of_import=made, kind=kind)


def counts(made: Import) -> dict[str, tuple[int, ...]]:
    """(in, created, updated, skipped, rejected) by kind."""
    sheets = ImportSheet.objects.filter(file__of_import=made).exclude(kind="")
    return {s.kind: (s.rows_in, s.created, s.updated, s.skipped, s.rejected) for s in sheets}


def findings(sheet: ImportSheet) -> dict[tuple[str, str], int]:
    """How often each thing was put right, by its code and what it was."""
    return {(found["code"], found["was"]): found["count"] for found in sheet.findings}


def workbook(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """An .xlsx with these sheets; dates become dates of the workbook."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "dd-mm-yyyy"}) as book:
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for place, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, date):
                        page.write_datetime(place, column, value)
                    elif value not in ("", None):
                        page.write(place, column, value)
    return out.getvalue()


def as_rows(text: str) -> list[list[Any]]:
    """The rows of a CSV text with numbers and dates as a person's workbook has them."""
    return [[_typed(cell) for cell in line.split(",")] for line in text.splitlines() if line]


def _typed(cell: str) -> Any:
    if cell.replace(".", "", 1).isdigit():
        return float(cell)
    try:
        return values.day(cell, values.DAY_FIRST)
    except Unclear:
        return cell
