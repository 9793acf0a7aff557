"""Workbooks with the faults that real ones have: nothing in them may be lost on the way in."""

import io
from datetime import date

import openpyxl
import pytest
import xlsxwriter
from django.core.files.base import ContentFile
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from migrations_data.models import ImportRow, Status
from migrations_data.reading.limits import WIDE, Limits
from migrations_data.reading.parent import Unreadable
from migrations_data.services import imports, staging
from tests.migrations_data.books import SHEET, changed, gather, parts_of, zipped
from tests.migrations_data.tables import findings, preview, sheet_of, upload, workbook

STRICT = "http://purl.oclc.org/ooxml"
USUAL = "http://schemas.openxmlformats.org"


@pytest.fixture
def read(tmp_path):
    def put(content, name="table.xlsx", **words):
        path = tmp_path / name
        path.write_bytes(content)
        return gather(path, **words)

    return put


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def written(fill):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        fill(book)
    return out.getvalue()


def test_comments_colours_and_hidden_rows_stand_beside_the_row(read):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["name", "sum"], ["Kos", 1], ["Lis", 2], ["Sowa", 3]):
        sheet.append(row)
    sheet["B2"].comment = Comment("ask\nAnna first", "x")
    sheet["A3"].fill = sheet["B3"].fill = PatternFill("solid", fgColor="FFFFFF00")
    sheet["C3"].fill = PatternFill("solid", fgColor="FFFF0000")
    sheet.row_dimensions[4].hidden = True
    page = read(saved(book)).sheets[0]
    assert page.extras == {2: {"comment": "B: ask Anna first"}, 3: {"colour": "yellow"}, 4: {"hidden": True}}
    assert page.rows[3] == (4, ["Sowa", 3])


def test_a_row_that_holds_only_a_comment_is_kept(read):
    book = openpyxl.Workbook()
    book.active.append(["name"])
    book.active["C4"].comment = Comment("call before noon", "x")
    page = read(saved(book)).sheets[0]
    assert (page.rows[-1], page.extras) == ((4, []), {4: {"comment": "C: call before noon"}})


def test_a_formula_without_a_value_and_an_error_keep_their_texts(read):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["price", "count", "sum", "share"])
    sheet.append([10, 2, "=A2*B2", None])
    sheet["D2"].value, sheet["D2"].data_type = "#DIV/0!", "e"
    page = read(saved(book)).sheets[0]
    assert page.rows[1] == (2, [10, 2, "=A2*B2", "#DIV/0!"])
    assert page.extras == {2: {"formulas": ["C"]}}


def test_a_formula_with_a_value_gives_the_value_and_an_empty_text_is_one(read):
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["name", "sum", "word"])
        sheet.write(1, 0, "Kos")
        sheet.write_formula(1, 1, "=1+1", None, 2)
        sheet.write_formula(1, 2, '=""', None, "")

    content = changed(written(fill), SHEET, lambda sheet: sheet.replace('<c r="C2">', '<c r="C2" t="str">'))
    page = read(content).sheets[0]
    assert (page.rows[1], page.extras) == ((2, ["Kos", 2]), {})


def test_a_header_of_two_rows_arrives_filled_in_and_a_banner_stays_one_cell(read):
    def fill(book):
        sheet = book.add_worksheet()
        sheet.merge_range("A1:D1", "Sales of the year")
        sheet.merge_range("A2:A3", "Client")
        sheet.merge_range("B2:C2", "Phone")
        sheet.write_row("D2", ["Sum"])
        sheet.write_row("B3", ["work", "home"])
        sheet.merge_range("A4:A5", "Kos")
        sheet.write_row("B4", ["1", "2", 30.5])
        sheet.write_row("B5", ["3", "4", 10])
        sheet.merge_range("A6:B6", "Lis")
        sheet.write_row("C6", ["5", 7])

    assert read(written(fill)).sheets[0].rows == [
        (1, ["Sales of the year"]),
        (2, ["Client", "Phone", "Phone", "Sum"]),
        (3, ["Client", "work", "home"]),
        (4, ["Kos", "1", "2", 30.5]),
        (5, ["Kos", "3", "4", 10]),
        (6, ["Lis", "", "5", 7]),
    ]


def test_hidden_and_very_hidden_sheets_are_offered(read):
    book = openpyxl.Workbook()
    for name, state in (("a", "visible"), ("b", "hidden"), ("c", "veryHidden")):
        book.create_sheet(name).sheet_state = state
        book[name].append(["name", name])
    found = [(page.name, page.hidden) for page in read(saved(book)).sheets[1:]]
    assert found == [("a", False), ("b", True), ("c", True)]


def strict(content):
    return zipped({
        name: part.replace(f"{USUAL}/spreadsheetml/2006/main".encode(), f"{STRICT}/spreadsheetml/main".encode())
        .replace(f"{USUAL}/officeDocument/2006/relationships".encode(), f"{STRICT}/officeDocument/relationships".encode())
        for name, part in parts_of(content).items()
    })  # fmt: skip


def test_a_strict_workbook_reads_with_its_hidden_sheets_and_comments(read):
    book = openpyxl.Workbook()
    book.active.append(["name", "Kos"])
    book.active["A1"].comment = Comment("old", "x")
    book.create_sheet("more").sheet_state = "hidden"
    found = read(strict(saved(book)))
    assert [(page.name, page.hidden) for page in found.sheets] == [("Sheet", False), ("more", True)]
    assert (found.sheets[0].rows, found.sheets[0].extras) == ([(1, ["name", "Kos"])], {1: {"comment": "A: old"}})


def test_a_wrong_used_range_hides_no_rows_and_blank_ones_are_kept(read):
    content = workbook({"a": [[], ["", "name"], ["", "Kos"], [], ["", "Lis"]]})
    wrong = changed(content, SHEET, lambda sheet: sheet.replace('<dimension ref="B2:B5"/>', '<dimension ref="B2"/>'))
    assert wrong != content
    assert read(wrong).sheets[0].rows == [(1, []), (2, ["", "name"]), (3, ["", "Kos"]), (4, []), (5, ["", "Lis"])]


def test_a_used_range_down_to_the_last_row_costs_nothing(read):
    far = '<row r="1048576" hidden="1"/></sheetData>'
    content = changed(workbook({"a": [["name"], ["Kos"]]}), SHEET, lambda sheet: sheet.replace("</sheetData>", far))
    page = read(content, limits=Limits(cpu_seconds=5)).sheets[0]
    assert page.rows == [(1, ["name"]), (2, ["Kos"])]


def test_a_hole_of_more_than_a_hundred_rows_is_no_blank_rows(read):
    rows = [["name"], ["Kos"], *([[]] * 100), ["Lis"], *([[]] * 101), ["Sowa"]]
    numbers = [number for number, _cells in read(workbook({"a": rows})).sheets[0].rows]
    assert numbers == [*range(1, 104), 205]


def test_texts_kept_under_a_name_in_other_letters_read_and_lost_ones_are_told(read):
    parts = parts_of(workbook({"a": [["name", 1], ["Kos", 2]]}))
    texts = parts.pop("xl/sharedStrings.xml")
    assert read(zipped(parts | {"xl/SharedStrings.xml": texts})).sheets[0].rows == [(1, ["name", 1]), (2, ["Kos", 2])]
    with pytest.raises(Unreadable) as refusal:
        read(zipped(parts))
    assert refusal.value.code == "file_broken"


def test_names_with_a_prefix_read(read):
    inline = (
        '<?xml version="1.0"?><x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
        '<x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>007701234567</x:t></x:is></x:c>'
        '<x:c r="B1"><x:f>1+1</x:f></x:c></x:row></x:sheetData></x:worksheet>'
    )
    page = read(changed(workbook({"a": [["x"]]}), SHEET, lambda sheet: inline)).sheets[0]
    assert (page.rows, page.extras) == ([(1, ["007701234567", "=1+1"])], {1: {"formulas": ["B"]}})


def test_days_of_the_calendar_of_1904_are_the_days_that_a_person_sees(read):
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write_datetime(0, 0, date(2016, 10, 20), book.add_format({"num_format": "dd.mm.yyyy"}))

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"date_1904": True}) as book:
        fill(book)
    assert read(out.getvalue()).sheets[0].rows == [(1, ["2016-10-20"])]


def test_signs_that_the_database_does_not_take_are_left_out_and_backslashes_stay(read):
    content = b'name;path\n"Kos\x00";"C:\\new\\table\t\x1e"\n="0012";x\n'
    assert read(content, "a.csv").sheets[0].rows[1:] == [
        (2, ["Kos", "C:\\new\\table\t\x1e"]),
        (3, ["0012", "x"]),
    ]


ODS = (
    '<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" office:version="1.2">'
    '<office:automatic-styles><style:style style:name="ce1" style:family="table-cell">'
    '<style:table-cell-properties fo:background-color="#00ff00"/></style:style></office:automatic-styles>'
    '<office:body><office:spreadsheet><table:table table:name="Clients">'
    '<table:table-row><table:table-cell office:value-type="string"><text:p>name</text:p></table:table-cell>'
    '<table:table-cell office:value-type="string"><text:p>sum</text:p></table:table-cell></table:table-row>'
    '<table:table-row table:visibility="filter"><table:table-cell table:style-name="ce1" office:value-type="string">'
    "<office:annotation><text:p>old friend</text:p></office:annotation><text:p>Kos</text:p></table:table-cell>"
    '<table:table-cell office:value-type="float" office:value="3.5"><text:p>3.5</text:p></table:table-cell></table:table-row>'
    "</table:table></office:spreadsheet></office:body></office:document-content>"
)


def test_an_open_document_keeps_its_comments_colours_and_hidden_rows(read):
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
        "</manifest:manifest>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    page = read(zipped({"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": ODS}), "a.ods").sheets[0]
    assert page.rows == [(1, ["name", "sum"]), (2, ["Kos", 3.5])]
    assert page.extras == {2: {"comment": "A: old friend", "colour": "green", "hidden": True}}


def test_too_many_sheets_are_refused_and_more_are_read_when_asked_for(read):
    content = workbook({f"sheet {n}": [["x"]] for n in range(5)})
    with pytest.raises(Unreadable) as refusal:
        read(content, limits=Limits(sheets=4))
    assert refusal.value.code == "file_sheets"
    assert len(read(content, limits=Limits(sheets=5)).sheets) == 5


@pytest.mark.django_db
def test_a_formula_without_a_value_is_told_and_is_no_value(clock, cast):
    book = openpyxl.Workbook()
    for row in (["company", "city", "revenue"], ["Kos", '=A2&"x"', 5], ["Lis", "York", "=C2*2"]):
        book.active.append(row)
    book.active.title = "companies"
    made = preview(cast.admin, clock.now, {"companies.xlsx": saved(book)})
    sheet = sheet_of(made, "companies")
    told = {found: times for found, times in findings(sheet).items() if found[0] == "formula"}
    assert told == {("formula", '=A2&"x"'): 1, ("formula", "=C2*2"): 1}
    assert sheet.rejected == 0


@pytest.mark.django_db
def test_a_file_refused_in_the_middle_of_its_rows_leaves_nothing(clock, cast, monkeypatch):
    monkeypatch.setattr(staging, "Limits", lambda: Limits(rows=3))
    rows = [["company"], ["Kos"], ["Lis"], ["Sowa"]]
    made = upload(cast.admin, clock.now, {"companies.xlsx": workbook({"a": rows})})
    assert (made.status, made.error_code) == (Status.FAILED, "file_rows")
    assert not ImportRow.objects.exists()
    read_all = staging.read_files(of=made, limits=WIDE)
    assert (read_all.status, ImportRow.objects.count()) == (Status.READ, 4)


def test_too_large_files_are_refused_before_they_are_kept(cast, clock, db):
    large = ContentFile(b"", name="a.xlsx")
    large.size = 200_000_000
    with pytest.raises(Unreadable) as refusal:
        imports.upload(by=cast.admin, at=clock.now, uploads=[large], background=False)
    assert refusal.value.code == "file_file"
    assert str(refusal.value.message).startswith("a.xlsx: The file is larger than")
