"""Workbooks: typed cells, widths, filter, totals, pivot tables; read again by two readers that know nothing of us."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from crm import exports
from crm.exports import Missed, Percent, Pivot, Table, totals
from crm.exports.book import sheet_name
from crm.exports.table import unique
from crm.lists.cells import Money

HEADS = ("Deal", "Owner", "Stage", "Amount", "Currency", "Close", "Changed", "Days", "Share", "Points")
ROWS: list[list[Any]] = [
    ["=cmd|' /C calc'!A0", "Anna", "Won", Money(100_05, "EUR"), date(2026, 3, 1), datetime(2026, 3, 1, 9, 30, tzinfo=UTC), 3, Percent(0.25), Missed(-2)],
    ["+48 600", "Marta", "Open", Money(50_00, "EUR"), None, None, 4, Percent(None), Missed("late")],
    ["@home", "Anna", "Open", Money(None, "EUR"), date(1850, 1, 1), None, 0, None, 1],
    ["", "", "Won", Money(25_00, "EUR"), None, None, None, None, Decimal("1.5")],
]  # fmt: skip
PIVOT = Pivot(["Owner"], ["Stage"], "Amount")


def table(rows: Any = None, **more: Any) -> Table:
    return Table("deals", HEADS, ROWS if rows is None else rows, **{"sums": ("Days", "Points"), "pivot": PIVOT, **more})


def book_of(*tables: Table) -> bytes:
    with exports.workbook(tables) as file:
        return file.read()


def values(book: bytes, sheet: str = "deals") -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_name(sheet).to_python()


def test_every_cell_keeps_its_type_and_no_text_is_a_formula() -> None:
    sheet = load_workbook(io.BytesIO(book_of(table())))["deals"]
    row = [cell.value for cell in sheet[2]]
    assert row == ["=cmd|' /C calc'!A0", "Anna", "Won", 100.05, "EUR", datetime(2026, 3, 1), datetime(2026, 3, 1, 9, 30), 3, 0.25, -2]  # noqa: DTZ001  # fmt: skip
    assert [sheet[f"A{n}"].data_type for n in (2, 3, 4)] == ["s", "s", "s"]
    assert (sheet["I2"].number_format, sheet["D2"].number_format) == ("0.0%", "#,##0.00")
    assert sheet["F4"].value == "1850-01-01", "a workbook has no days before 1900"
    assert (sheet["J2"].fill.fgColor.rgb, "✗" in sheet["J2"].number_format) == ("FFFDE8E7", True)
    assert sheet["J3"].value == "late ✗"


def test_the_head_stays_and_the_rows_can_be_filtered_but_not_the_sums() -> None:
    sheet = load_workbook(io.BytesIO(book_of(table())))["deals"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", "A1:J5")


def test_columns_are_as_wide_as_what_stands_in_them() -> None:
    wide = [["x" * 40, "Anna", *ROWS[0][2:]], ["y" * 400, "A", *ROWS[0][2:]]]
    widths = load_workbook(io.BytesIO(book_of(table(wide))))["deals"].column_dimensions
    assert widths["A"].width == pytest.approx(60, abs=1), "but no wider than a screen can bear"
    assert widths["B"].width == pytest.approx(9, abs=1)


def test_sums_are_formulas_that_follow_the_filter_with_their_figures_beside() -> None:
    book = book_of(table())
    sheet = load_workbook(io.BytesIO(book))["deals"]
    assert (sheet["A6"].value, sheet["D6"].value, sheet["H6"].value) == (
        "Total", "=SUBTOTAL(109,D2:D5)", "=SUBTOTAL(109,H2:H5)",
    )  # fmt: skip
    assert values(book)[5] == ["Total", "", "", 175.05, "EUR", "", "", 7.0, "", 0.5]


def test_two_currencies_are_never_added_up() -> None:
    rows = [["A", "Anna", "Won", Money(100_00, code), None, None, 1, None, 1] for code in ("PLN", "EUR", "PLN", "JPY")]
    book = book_of(table(rows))
    last = values(book)[5:]
    assert [(row[0], row[3], row[4], row[7]) for row in last] == [
        ("Total EUR", 100.0, "EUR", 4.0), ("Total JPY", 10_000.0, "JPY", ""), ("Total PLN", 200.0, "PLN", ""),
    ]  # fmt: skip
    assert "SUMPRODUCT(SUBTOTAL(109,OFFSET(D2," in load_workbook(io.BytesIO(book))["deals"]["D6"].value
    assert '<field x="4"/><field x="1"/>' in part(book, "xl/pivotTables/pivotTable1.xml"), "nor in the pivot table"


def test_sums_of_long_tables_in_several_currencies_say_that_they_are_of_all_rows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(totals, "MOST_FOLLOWED", 1)
    rows = [["A", "Anna", "Won", Money(100_00, code), None, None, 1, None, 1] for code in ("PLN", "EUR")]
    sheet = load_workbook(io.BytesIO(book_of(table(rows))))["deals"]
    assert (sheet["A4"].value, sheet["D4"].value) == ("Total EUR, all rows", "=SUMIF(E2:E3,E4,D2:D3)")


def part(book: bytes, name: str) -> str:
    return ZipFile(io.BytesIO(book)).read(name).decode()


def test_a_pivot_table_stands_on_a_sheet_of_its_own() -> None:
    book = load_workbook(io.BytesIO(book_of(table())))
    assert book.sheetnames == ["deals", "Pivot"]
    (pivot,) = book["Pivot"]._pivots
    assert [field.x for field in pivot.rowFields] == [1]
    assert [field.x for field in pivot.colFields] == [2]
    assert [(field.fld, field.name) for field in pivot.dataFields] == [(3, "Sum of Amount")]
    source = pivot.cache.cacheSource.worksheetSource
    assert (source.ref, source.sheet, pivot.cache.refreshOnLoad) == ("A1:J5", "deals", True)
    assert [field.name for field in pivot.cache.cacheFields] == list(HEADS)


def test_what_the_pivot_table_will_show_is_there_for_readers_that_only_look() -> None:
    shown = values(book_of(table()), "Pivot")[2:]
    assert shown == [
        ["Sum of Amount", "Stage", "", ""],
        ["Owner", "Open", "Won", "Total"],
        ["Anna", 0.0, 100.05, 100.05],
        ["Marta", 50.0, "", 50.0],
        ["(blank)", "", 25.0, 25.0],
        ["Total", 50.0, 125.05, 175.05],
    ]
    counted = values(book_of(table(pivot=Pivot(["Stage"]))), "Pivot")[2:]
    assert counted == [["Stage", "How many"], ["Open", 2.0], ["Won", 2.0], ["Total", 4.0]]


def test_the_finished_file_is_a_whole_zip_with_every_part_once() -> None:
    with ZipFile(io.BytesIO(book_of(table(), Table("two", ["A"], [["x"]])))) as file:
        names = file.namelist()
        assert file.testzip() is None
    assert len(names) == len(set(names))
    assert {"xl/pivotCache/pivotCacheDefinition1.xml", "xl/worksheets/_rels/sheet2.xml.rels"} <= set(names)


def test_tables_without_rows_or_without_a_pivot_stay_plain() -> None:
    empty = load_workbook(io.BytesIO(book_of(table([]), Table("two", ["A"], [["x"]]))))
    assert empty.sheetnames == ["deals", "two"]
    assert empty["deals"].auto_filter.ref is None


def test_headings_that_stand_twice_are_told_apart_in_the_workbook() -> None:
    assert unique(["Amount", "Currency", "Price", "currency", ""]) == ["Amount", "Currency", "Price", "currency 2", "5"]
    taken: set[str] = set()
    assert [sheet_name(name, taken) for name in ("A/B", "a b", "'", "x" * 40)] == ["A B", "a b 2", "-", "x" * 31]


def test_amounts_get_a_heading_for_their_currency_where_the_table_has_none() -> None:
    bare = Table("sums", ["Who", "Won", "Before"], [["Anna", Money(1_00, "EUR"), Money(None, "EUR")]])
    assert values(book_of(bare), "sums")[0] == ["Who", "Won", "Currency", "Before", "Currency 2"]
    answer = exports.served(bare, "csv")
    assert b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()[0] == "Who,Won,Currency,Before,Currency"  # type: ignore[arg-type]


def test_a_csv_file_has_the_same_values() -> None:
    answer = exports.served(table(), "csv")
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))  # type: ignore[arg-type]
    assert rows[1] == [
        "'=cmd|' /C calc'!A0",
        "Anna",
        "Won",
        "100.05",
        "EUR",
        "2026-03-01",
        "2026-03-01 09:30",
        "3",
        "0.25",
        "-2",
    ]
    assert answer["Cache-Control"] == "private, no-store"


def test_many_rows_and_many_groups_come_out_as_they_went_in() -> None:
    def rows() -> Iterator[list[Any]]:
        for n in range(6_000):
            yield [f"Deal {n}", f"Owner {n}", "Won", Money(n, "EUR"), None, None, n, None, None]

    book = book_of(table(rows()))
    found = values(book)
    assert len(found) == 6_002
    assert found[6_001][3] == float(Decimal(sum(range(6_000))) / 100)
    sums: dict[str, float] = defaultdict(float)
    for row in found[1:6_001]:
        sums[row[1]] += row[3]
    assert len(sums) == 6_000
    assert len(values(book, "Pivot")) == 1, "so many groups are left to the spreadsheet"


def test_a_writer_that_breaks_off_leaves_nothing_behind(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def rows() -> Iterator[list[Any]]:
        yield ROWS[0]
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        book_of(table(rows()))
    assert not list(tmp_path.iterdir())
