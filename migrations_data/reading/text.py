"""Tables in plain text: which letters, which separator, which rows."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator

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
SEPARATORS = (",", ";", "\t", "|")
SNIFFED_ROWS = 60


def decode(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding: by its mark, else UTF-8 if it is that, else the code page that reads best."""
    for mark, name in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _strictly(content, name), name.removesuffix("-sig")
    if b"\0" in content[:2000]:
        name = "utf-16-le" if content[1:2] == b"\0" else "utf-16-be"
        return _strictly(content, name), "utf-16"
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        name = guess_code_page(content)
        return content.decode(name, errors="replace"), name


def _strictly(content: bytes, name: str) -> str:
    try:
        return content.decode(name)
    except UnicodeDecodeError as error:
        raise TooMuch("letters") from error


def guess_code_page(content: bytes) -> str:
    """The code page in which the bytes beyond ASCII look most like words."""
    return max(CODE_PAGES, key=lambda name: _likeness(content[:200_000].decode(name, errors="replace"), USUAL[name]))


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
    head = text[:100_000]
    return max(SEPARATORS, key=lambda separator: _evenness(head, separator))


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


def rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that has anything in it, with its number as a table program shows it. A leading `sep=` line is no row."""
    csv.field_size_limit(1_000_000)
    start = 1
    if text[:4].casefold() == "sep=":
        text, start = text.partition("\n")[2], 2
    try:
        for number, row in enumerate(
            csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=separator), start
        ):
            if any(cell.strip() for cell in row):
                yield number, row
    except csv.Error as error:
        raise TooMuch("broken") from error
