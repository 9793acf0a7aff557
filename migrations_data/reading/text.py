"""Tables in plain text: which letters, which separator, which rows."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from migrations_data.reading.cells import Row
from migrations_data.reading.limits import TooMuch

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CODE_PAGES = ("cp1250", "cp1251", "cp1252", "cp852", "cp866")
# The letters that texts in each code page are mostly made of; others in the same bytes mean that the guess is wrong.
USUAL = {
    "cp1250": "ąćęłńóśźżĄĆĘŁŃÓŚŹŻčšžřěýáíéúůőűţşăâî",
    "cp852": "ąćęłńóśźżĄĆĘŁŃÓŚŹŻčšžřěýáíéúůőűţşăâî",
    "cp1251": "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґ",
    "cp866": "абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґ",
    "cp1252": "áéíóúñüÁÉÍÓÚÑÜ¿¡àèìòùâêîôûäöëïçßÄÖÇ€ºª",
}
SEPARATORS = (",", ";", "\t", "|", "~", "^", "¦", "\x1f")
SNIFFED_ROWS = 60
HEAD_BYTES = 200_000
PART = 1 << 20
_KEPT_AS_TEXT = re.compile(r'^="([^"]*)"$')
"""How table programs write a number that has to stay a text."""


def encoding_of(path: Path) -> str:
    """The encoding of a file: by its mark, else UTF-8 if it is that, else the code page that reads best. Raises TooMuch."""
    with path.open("rb") as file:
        begins = file.read(HEAD_BYTES)
    for mark, name in BYTE_ORDER_MARKS:
        if begins.startswith(mark):
            return _checked(path, name)
    if begins[:2000].count(0) > len(begins[:2000]) // 5:  # every second byte, where letters are Latin ones
        return _checked(path, "utf-16-le" if begins[1:2] == b"\0" else "utf-16-be")
    return "utf-8" if _reads_as(path, "utf-8") else guess_code_page(_beyond_ascii(path))


def _checked(path: Path, name: str) -> str:
    if not _reads_as(path, name):
        raise TooMuch("letters")
    return name


def _reads_as(path: Path, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)()
    try:
        with path.open("rb") as file:
            while part := file.read(PART):
                decoder.decode(part)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _beyond_ascii(path: Path) -> bytes:
    """Lines that hold other letters than ASCII has: they may begin far down."""
    found, size = [], 0
    with path.open("rb") as file:
        for line in file:
            if not line.isascii():
                found.append(line)
                size += len(line)
                if size > HEAD_BYTES:
                    break
    return b"".join(found)


def guess_code_page(content: bytes) -> str:
    """The code page in which the bytes beyond ASCII look most like words."""
    return max(CODE_PAGES, key=lambda name: _likeness(content[:HEAD_BYTES].decode(name, errors="replace"), USUAL[name]))


def _likeness(text: str, usual: str) -> int:
    score = 0
    counts = Counter(zip(text, text[1:] + " ", strict=True))
    for (char, following), times in counts.items():
        if char.isascii():
            score -= 4 * times if char.islower() and not following.isascii() and following.isupper() else 0
        elif char in usual:
            score += 3 * times
        elif char.lower() in usual:
            score += times
        elif char.isalpha():
            score -= times
        else:
            score -= 3 * times
        if not char.isascii() and char.islower() and following.isupper():
            score -= 4 * times
    return score


def separator_of(text: str) -> str:
    """The character that cuts the most rows into the same number of cells; a comma when nothing does."""
    if text[:4].casefold() == "sep=" and text[4:5] in SEPARATORS:
        return text[4]
    return max(SEPARATORS, key=lambda separator: _evenness(text, separator))


def _evenness(text: str, separator: str) -> float:
    widths = []
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
        if any(row):
            widths.append(len(row))
        if len(widths) == SNIFFED_ROWS:
            break
    if not widths:
        return 0
    width, times = Counter(widths).most_common(1)[0]
    return 0 if width == 1 else times / len(widths) + width / 1000


def rows(path: Path, encoding: str) -> Iterator[Row]:
    """Each row that has anything in it, with its number as a table program shows it. A leading `sep=` line is no row."""
    csv.field_size_limit(1_000_000)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        head = file.read(HEAD_BYTES // 2)
        if not head.strip():
            raise TooMuch("empty")
        separator = separator_of(head)
        file.seek(0)
        start = 1
        if head[:4].casefold() == "sep=":
            file.readline()
            start = 2
        lines = (line.replace("\0", "") for line in file)
        try:
            for number, row in enumerate(csv.reader(lines, delimiter=separator), start):
                if any(cell.strip() for cell in row):
                    yield number, _unwrapped(row), None
        except csv.Error as error:
            raise TooMuch("broken") from error


def _unwrapped(row: list[str]) -> list[str]:
    """Cells without what keeps them texts in a table program: `="0012"` is 0012."""
    if not any(cell.startswith('="') for cell in row):
        return row
    return [_KEPT_AS_TEXT.sub(r"\1", cell) for cell in row]
