"""What python-calamine leaves out of an .xlsx or .xlsm: errors, formulas that were never calculated, comments, colours, hidden rows.

Sheets are looked through as bytes, in parts of whole rows: nearly all hold nothing of the kind, which a search for a few words
tells, and parsing them once more would cost more than the reading itself.
"""

from __future__ import annotations

import html
import posixpath
import re
import zipfile
from collections.abc import Container, Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from migrations_data.reading.cells import Marks, mark, place_of
from migrations_data.reading.merges import Range
from migrations_data.reading.styles import fills

PART = 1 << 20
COLOURS_UP_TO = 100_000_000
"""Of larger sheets the colours are left alone."""

HIDDEN, ERROR, FORMULA, STYLE = b"hidden", b"error", b"formula", b"style"
OVERLAP = 16

_P = rb"(?:\w+:)?"  # the prefix that some programs write before each name
_PREFIXED = re.compile(rb"<\w+:(?:worksheet|sheetData)\b")
_ROW_END = re.compile(rb"</" + _P + rb"row\s*>|<" + _P + rb"row\b[^>]*/>")
_HIDDEN = re.compile(rb"<" + _P + rb"row\b([^>]*\shidden=[\"'](?:1|true)[\"'][^>]*)>")
_ERROR = re.compile(
    rb"<" + _P + rb"c\b([^>]*\st=[\"']e[\"'][^>]*)>(?:(?!</" + _P + rb"c>).)*?<" + _P + rb"v>([^<]*)<", re.S
)
_FORMULA = re.compile(
    rb"<" + _P + rb"c\b([^>]*)>\s*<" + _P + rb"f\b([^>]*?)(?:/>|>([^<]*)</" + _P + rb"f>)\s*"
    rb"(?:(</" + _P + rb"c>)|<" + _P + rb"v\s*/>|<" + _P + rb"v>\s*</)"
)  # fmt: skip
_SHARED = re.compile(rb"<" + _P + rb"f\b([^>]*\bsi=[^>]*[^>/])>([^<]+)<")
_REFERENCE = re.compile(rb"\br=[\"']([A-Za-z]+\d+|\d+)[\"']")
_SHARED_INDEX = re.compile(rb"\bsi=[\"'](\d+)[\"']")
_IS_TEXT = re.compile(rb"\st=[\"']str[\"']")


class Book:
    """The parts of a workbook beside its values."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.names = set(archive.namelist())
        main = self._targets("", "/officeDocument")
        self.main = main[0] if main else "xl/workbook.xml"
        self.sheets = dict(self._sheets())
        self.colours = fills(self._elements, self._targets(self.main, "/styles"), self._targets(self.main, "/theme"))

    def marks(self, name: str) -> tuple[Marks, list[Range]]:
        """The marks of a sheet; its joined cells are known to calamine."""
        marks: Marks = {}
        part = self.sheets.get(name, "")
        if part in self.names:
            self._look_through(part, marks)
            self._comments(part, marks)
        return marks, []

    def _targets(self, part: str, kind: str) -> list[str]:
        """The parts that a part refers to in this way, those of strict workbooks too."""
        folder, base = posixpath.split(part)
        found = []
        for one in self._elements(posixpath.join(folder, "_rels", f"{base}.rels"), "Relationship"):
            if one.get("Type", "").endswith(kind):
                target = one.get("Target", "")
                found.append(posixpath.normpath(posixpath.join("/", folder, target))[1:])
        return found

    def _sheets(self) -> Iterator[tuple[str, str]]:
        folder, base = posixpath.split(self.main)
        targets = {
            one.get("Id"): posixpath.normpath(posixpath.join("/", folder, one.get("Target", "")))[1:]
            for one in self._elements(posixpath.join(folder, "_rels", f"{base}.rels"), "Relationship")
        }
        for one in self._elements(self.main, "sheet"):
            link = next((value for key, value in one.items() if key.endswith("}id")), "")
            yield one.get("name", ""), targets.get(link, "")

    def _elements(self, part: str, *names: str) -> Iterator[Element]:
        """The elements with these names in a part, whatever their namespace; none when it is missing or broken."""
        if part not in self.names:
            return
        try:
            with self.archive.open(part) as content:
                for _event, element in iterparse(content, forbid_dtd=True):
                    if element.tag.rpartition("}")[2] in names:
                        yield element
                        element.clear()
        except (ParseError, DefusedXmlException, zipfile.BadZipFile, KeyError):
            return

    def _comments(self, part: str, marks: Marks) -> None:
        """Comments, those of conversations instead of the words that stand in for them in older programs."""
        for kind, name in (("/comments", "comment"), ("/threadedComment", "threadedComment")):
            own: set[tuple[int, int]] = set()
            for target in self._targets(part, kind):
                for one in self._elements(target, name):
                    place = place_of(one.get("ref", ""))
                    texts = (child.text or "" for child in one.iter() if child.tag.rpartition("}")[2] in ("t", "text"))
                    text = " ".join("".join(texts).split())
                    if place and text:
                        said = mark(marks, place[0]).comments
                        said[place[1]] = f"{said[place[1]]} / {text}" if place in own else text
                        own.add(place)

    def _look_through(self, part: str, marks: Marks) -> None:
        coloured = self.colours if self.archive.getinfo(part).file_size < COLOURS_UP_TO else {}
        words = _words(self.archive, part, coloured)
        if not words:
            return
        paint = _paint(coloured)
        shared: dict[bytes, bytes] = {}
        for rows in _parts(self.archive, part):
            if HIDDEN in words:
                _hidden(rows, marks)
            if ERROR in words:
                _errors(rows, marks)
            if FORMULA in words:
                _formulas(rows, marks, shared)
            if paint:
                for found in paint.finditer(rows):
                    place = _place(found[1])
                    if place:
                        mark(marks, place[0]).colours.append(coloured[int(found[2])])


def _words(archive: zipfile.ZipFile, part: str, coloured: Container[int]) -> set[bytes]:
    """What there is to look for in a sheet. Only how its head is written says how a word of its rows can be written."""
    found: set[bytes] = {STYLE} if coloured else set()
    left = b""
    with archive.open(part) as content:
        head = content.read(PART)
        mark = b":f" if _PREFIXED.search(head) else b"<f"
        quote = b"'" if b" r='" in head else b'"'
        sought = {HIDDEN: b"hidden=", ERROR: b"t=" + quote + b"e" + quote, FORMULA: mark}
        while head:
            for word in [word for word, sign in sought.items() if sign in head or sign in left + head[:OVERLAP]]:
                found.add(word)
                del sought[word]
            left = head[-OVERLAP:]
            head = content.read(PART) if sought else b""
    return found


def _parts(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """A sheet in pieces that end with a row."""
    left = b""
    with archive.open(part) as content:
        while piece := content.read(PART):
            piece = left + piece
            end = max((found.end() for found in _ROW_END.finditer(piece, max(0, len(piece) - 100_000))), default=0)
            if end:
                yield piece[:end]
            left = piece[end:]
    if left:
        yield left


def _paint(coloured: dict[int, str]) -> re.Pattern[bytes] | None:
    """Finds filled cells of these styles."""
    styles = "|".join(str(style) for style in coloured)
    pattern = rf"<(?:\w+:)?c\b([^>]*\ss=[\"']({styles})[\"'][^>]*[^/])>"
    return re.compile(pattern.encode()) if coloured else None


def _hidden(rows: bytes, marks: Marks) -> None:
    for found in _HIDDEN.finditer(rows):
        number = _REFERENCE.search(found[1])
        if number and number[1].isdigit():
            mark(marks, int(number[1])).hidden = True


def _errors(rows: bytes, marks: Marks) -> None:
    for found in _ERROR.finditer(rows):
        place = _place(found[1])
        if place:
            mark(marks, place[0]).texts[place[1]] = _text(found[2])


def _formulas(rows: bytes, marks: Marks, shared: dict[bytes, bytes]) -> None:
    """Keep the text of formulas without a value. A text without letters is a value, a missing one is not."""
    for found in _SHARED.finditer(rows):
        if index := _SHARED_INDEX.search(found[1]):
            shared[index[1]] = found[2]
    for found in _FORMULA.finditer(rows):
        place = _place(found[1])
        if not place or (_IS_TEXT.search(found[1]) and not found[4]):
            continue
        index = _SHARED_INDEX.search(found[2])
        said = found[3] or (shared.get(index[1], b"") if index else b"")
        one = mark(marks, place[0])
        one.texts[place[1]] = f"={_text(said)}"
        one.formulas.append(place[1])


def _place(attributes: bytes) -> tuple[int, int] | None:
    found = _REFERENCE.search(attributes)
    return place_of(found[1].decode()) if found else None


def _text(said: bytes) -> str:
    return html.unescape(said.decode(errors="replace"))
