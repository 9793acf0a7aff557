"""The parts of a workbook that make a pivot table, and how they get into a finished file.

The names and rules are those of ECMA-376, part 1, chapters 18.10 (pivot tables) and 12.3 (relations between parts).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from tempfile import TemporaryFile
from typing import IO
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from crm.exports.pivot import Ready

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PIECE = 1024 * 1024
TYPES, BOOK, BOOK_LINKS = "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


def put_in(book: IO[bytes], pivots: Sequence[Ready]) -> IO[bytes]:
    """The workbook with the pivot tables in it, rewound; the one that was given is closed when another is made of it."""
    if not pivots:
        book.seek(0)
        return book
    target = TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    with book, ZipFile(book) as old, ZipFile(target, "w", ZIP_DEFLATED) as new:
        changed = {name: _changed(name, old.read(name).decode(), pivots) for name in (TYPES, BOOK, BOOK_LINKS)}
        _copy(old, book, new, leave_out=changed)
        for name, text in {**changed, **_added(pivots)}.items():
            new.writestr(name, text)
    target.seek(0)
    return target


def _copy(old: ZipFile, source: IO[bytes], new: ZipFile, *, leave_out: Mapping[str, str]) -> None:
    """Take the other parts over as they lie there: to unpack a large sheet and pack it again would double the work."""
    listed = sorted(old.infolist(), key=lambda one: one.header_offset)
    ends = [*(one.header_offset for one in listed[1:]), old.start_dir]
    for part, end in zip(listed, ends, strict=True):
        if part.filename not in leave_out:
            _copy_part(part, end - part.header_offset, source, new)


def _copy_part(part: ZipInfo, length: int, source: IO[bytes], new: ZipFile) -> None:
    target = new.fp
    assert target is not None
    source.seek(part.header_offset)
    part.header_offset = target.tell()
    left = length
    while left:
        piece = source.read(min(left, PIECE))
        left -= len(piece)
        target.write(piece)
    new.filelist.append(part)
    new.NameToInfo[part.filename] = part
    new.start_dir = target.tell()


def _changed(name: str, text: str, pivots: Sequence[Ready]) -> str:
    """A part that has to know of the pivot tables."""
    numbers = range(1, len(pivots) + 1)
    if name == TYPES:
        added = "".join(
            f'<Override PartName="/xl/pivotTables/pivotTable{n}.xml" ContentType="{KIND}.pivotTable+xml"/>'
            f'<Override PartName="/xl/pivotCache/pivotCacheDefinition{n}.xml" ContentType="{KIND}.pivotCacheDefinition+xml"/>'
            for n in numbers
        )
        return text.replace("</Types>", f"{added}</Types>")
    if name == BOOK:
        caches = "".join(f'<pivotCache cacheId="{n}" r:id="pivot{n}"/>' for n in numbers)
        return text.replace("</workbook>", f"<pivotCaches>{caches}</pivotCaches></workbook>")
    links = "".join(
        _link(f"pivot{n}", "pivotCacheDefinition", f"pivotCache/pivotCacheDefinition{n}.xml") for n in numbers
    )
    return text.replace("</Relationships>", f"{links}</Relationships>")


def _added(pivots: Sequence[Ready]) -> dict[str, str]:
    """The parts that are new."""
    made: dict[str, str] = {}
    for n, pivot in enumerate(pivots, start=1):
        made[f"xl/pivotCache/pivotCacheDefinition{n}.xml"] = _cache(pivot)
        made[f"xl/pivotTables/pivotTable{n}.xml"] = _table(pivot, n)
        to_cache = _link("rId1", "pivotCacheDefinition", f"../pivotCache/pivotCacheDefinition{n}.xml")
        made[f"xl/pivotTables/_rels/pivotTable{n}.xml.rels"] = _links(to_cache)
        to_table = _link("rId1", "pivotTable", f"../pivotTables/pivotTable{n}.xml")
        made[f"xl/worksheets/_rels/sheet{pivot.page}.xml.rels"] = _links(to_table)
    return made


def _links(inside: str) -> str:
    return f'{HEAD}<Relationships xmlns="{RELATIONS}">{inside}</Relationships>'


def _link(key: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{key}" Type="{LINK}/{kind}" Target="{target}"/>'


def _cache(pivot: Ready) -> str:
    """Where the data stands. It holds no rows: it is to be read when the file is opened."""
    fields = "".join(
        f'<cacheField name={_quoted(name)} numFmtId="0"><sharedItems/></cacheField>' for name in pivot.fields
    )
    return (
        f'{HEAD}<pivotCacheDefinition xmlns="{MAIN}" xmlns:r="{LINK}" saveData="0" refreshOnLoad="1" refreshedBy="Daybook" '
        'createdVersion="6" refreshedVersion="6" minRefreshableVersion="3">'
        f'<cacheSource type="worksheet"><worksheetSource ref="{pivot.span}" sheet={_quoted(pivot.data)}/></cacheSource>'
        f'<cacheFields count="{len(pivot.fields)}">{fields}</cacheFields></pivotCacheDefinition>'
    )  # fmt: skip


def _table(pivot: Ready, number: int) -> str:
    """Which field goes where."""
    across = bool(pivot.columns)
    counted = ' subtotal="count"' if pivot.counts else ' numFmtId="4"'
    return (
        f'{HEAD}<pivotTableDefinition xmlns="{MAIN}" name="Pivot{number}" cacheId="{number}" applyNumberFormats="0" '
        'applyBorderFormats="0" applyFontFormats="0" applyPatternFormats="0" applyAlignmentFormats="0" applyWidthHeightFormats="1" '
        f'dataCaption={_quoted(pivot.title)} grandTotalCaption={_quoted(pivot.total)} updatedVersion="6" minRefreshableVersion="3" '
        'useAutoFormatting="1" itemPrintTitles="1" createdVersion="6" indent="0" outline="1" outlineData="1" multipleFieldFilters="0" '
        f'rowHeaderCaption={_quoted(pivot.fields[pivot.rows[0]])}'
        f'{f" colHeaderCaption={_quoted(pivot.fields[pivot.columns[0]])}" if across else ""}>'
        f'<location ref="{pivot.place}" firstHeaderRow="1" firstDataRow="{2 if across else 1}" firstDataCol="1"/>'
        f'<pivotFields count="{len(pivot.fields)}">{"".join(_field(pivot, n) for n in range(len(pivot.fields)))}</pivotFields>'
        f'{_axis("rowFields", pivot.rows)}{_axis("colFields", pivot.columns)}'
        f'<dataFields count="1"><dataField name={_quoted(_other_than(pivot.fields, pivot.title))} fld="{pivot.figure}"{counted} '
        'baseField="0" baseItem="0"/></dataFields>'
        '<pivotTableStyleInfo name="PivotStyleLight16" showRowHeaders="1" showColHeaders="1" showRowStripes="0" '
        'showColStripes="0" showLastColumn="1"/></pivotTableDefinition>'
    )  # fmt: skip


def _field(pivot: Ready, place: int) -> str:
    data = ' dataField="1"' if place == pivot.figure else ""
    axis = "axisRow" if place in pivot.rows else "axisCol" if place in pivot.columns else ""
    if not axis:
        return f'<pivotField{data} showAll="0"/>'
    return f'<pivotField axis="{axis}"{data} showAll="0"><items count="1"><item t="default"/></items></pivotField>'


def _axis(name: str, places: Sequence[int]) -> str:
    inside = "".join(f'<field x="{place}"/>' for place in places)
    return f'<{name} count="{len(places)}">{inside}</{name}>' if places else ""


def _other_than(fields: Sequence[str], title: str) -> str:
    """A figure may not be called like a field; a space behind it makes the difference that nobody sees."""
    return f"{title} " if title in fields else title


def _quoted(text: str) -> str:
    return quoteattr(text, {"\n": "&#10;", "\r": "&#13;"})
