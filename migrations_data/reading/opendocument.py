"""What python-calamine leaves out of an .ods: comments, colours, hidden rows, joined cells."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from migrations_data.reading import colours
from migrations_data.reading.cells import Marks, mark
from migrations_data.reading.merges import Range

CONTENT = "content.xml"
PART = 1 << 20
UP_TO = 100_000_000
"""Larger tables are read without all this."""
WORDS = (b"office:annotation", b"table:visibility=", b"-spanned=", b"background-color=")
OVERLAP = 40


def _name(said: str) -> str:
    return said.rpartition("}")[2]


def _get(element: Element, name: str) -> str:
    """An attribute by its name, whatever its namespace."""
    return next((value for key, value in element.items() if _name(key) == name), "")


class Book:
    """The marks of all sheets; gathered in one go, and only when a few words show that there are any."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.found: dict[str, tuple[Marks, list[Range]]] = {}
        self.colours: dict[str, str] = {}
        if archive.getinfo(CONTENT).file_size < UP_TO and _worth_it(archive):
            self._gather(archive)

    def marks(self, name: str) -> tuple[Marks, list[Range]]:
        """The marks and the joined cells of a sheet."""
        return self.found.get(name, ({}, []))

    def _gather(self, archive: zipfile.ZipFile) -> None:
        sheet, row = _Sheet(self.colours), 1
        try:
            with archive.open(CONTENT) as content:
                for event, element in iterparse(content, events=("start", "end"), forbid_dtd=True):
                    tag = _name(element.tag)
                    if event == "start" and tag == "table":
                        sheet, row = _Sheet(self.colours), 1
                        self.found[_get(element, "name")] = (sheet.marks, sheet.joined)
                    elif event == "end" and tag == "style":
                        self._style(element)
                    elif event == "end" and tag == "table-row":
                        row = sheet.take(element, row)
                        element.clear()
        except (ParseError, DefusedXmlException):
            return

    def _style(self, element: Element) -> None:
        for one in element:
            name = colours.of_hex(_get(one, "background-color").lstrip("#"))
            if name and _name(one.tag) == "table-cell-properties":
                self.colours[_get(element, "name")] = name


def _worth_it(archive: zipfile.ZipFile) -> bool:
    left = b""
    with archive.open(CONTENT) as content:
        while piece := content.read(PART):
            if any(word in left + piece for word in WORDS):
                return True
            left = piece[-OVERLAP:]
    return False


class _Sheet:
    """The marks of one sheet."""

    def __init__(self, named: dict[str, str]) -> None:
        self.named = named
        self.marks: Marks = {}
        self.joined: list[Range] = []

    def take(self, element: Element, row: int) -> int:
        """Look at a row; returns the number of the next: one may stand for many."""
        times = _count(element, "number-rows-repeated")
        hidden = _get(element, "visibility") in ("collapse", "filter")
        for number in range(row, row + (times if times <= 1000 else 0)):
            if hidden:
                mark(self.marks, number).hidden = True
        for place, cell in _cells(element):
            self._cell(row, place, cell)
        return row + times

    def _cell(self, row: int, place: int, cell: Element) -> None:
        wide, high = _count(cell, "number-columns-spanned"), _count(cell, "number-rows-spanned")
        if wide > 1 or high > 1:
            self.joined.append(((row - 1, place), (row + high - 2, place + wide - 1)))
        held = [one for one in cell if _name(one.tag) != "annotation"]
        colour = self.named.get(_get(cell, "style-name"), "") if held else ""
        if colour:
            mark(self.marks, row).colours.append(colour)
        for one in cell:
            if _name(one.tag) == "annotation":
                said = ("".join(part.itertext()) for part in one if _name(part.tag) == "p")
                if text := " ".join(" ".join(said).split()):
                    mark(self.marks, row).comments[place] = text


def _cells(row: Element) -> Iterator[tuple[int, Element]]:
    place = 0
    for cell in row:
        if _name(cell.tag) in ("table-cell", "covered-table-cell"):
            yield place, cell
            place += _count(cell, "number-columns-repeated")


def _count(element: Element, name: str) -> int:
    said = _get(element, name)
    return max(1, int(said)) if said.isdigit() and len(said) < 8 else 1
