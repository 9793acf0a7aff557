"""The reading process: `python -m migrations_data.reading.child FILE READER LIMITS`.

It prints first `{"file": {encoding}}`, then for each sheet `{"sheet": {name, hidden}}` and its rows, at last `{"end": true}`; or
`{"refused": {code, detail}}` and nothing more. Rows come many on a line, each ended by RS (which JSON does not hold as such), as
`number TAB cells TAB extras`: a JSON array, and a JSON object or "-". It takes its limits from its command line, sets them on itself
and knows neither the database nor the network.
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from migrations_data.reading import archives, books, old, text
from migrations_data.reading.cells import Row, Sheet, plain
from migrations_data.reading.limits import Limits, TooMuch
from migrations_data.reading.process import confine

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
MARKUP = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"%pdf", b"{\\rtf")
LONGEST_GAP = 100
"""Blank rows between others are rows too; more than so many together are a hole."""
AT_ONCE = 250
_FORM: dict[str, Any] = {"ensure_ascii": False, "allow_nan": False, "default": plain}
_encode = json.JSONEncoder(**_FORM, separators=(",\n", ":")).encode
_encode_extras = json.JSONEncoder(**_FORM, separators=(",", ":")).encode


def main(path: str, reader: str, given: str) -> None:
    """Read the file and print it; what goes wrong is printed too, so that the parent always has a word to show."""
    limits = confine(given)
    gc.disable()  # nothing here refers to itself, and looking for that takes a tenth of the time
    out = sys.stdout
    sys.stdout.reconfigure(encoding="utf-8", errors="replace", newline="\n")  # type: ignore[union-attr]
    try:
        for piece in pieces(Path(path), limits, second=reader == "second"):
            out.write(piece)
        out.write('{"end": true}\n')
    except TooMuch as refusal:
        out.write(json.dumps({"refused": {"code": refusal.code, "detail": refusal.detail}}) + "\n")
    except MemoryError:
        out.write('{"refused": {"code": "memory", "detail": ""}}\n')


def pieces(path: Path, limits: Limits, *, second: bool = False) -> Iterator[str]:
    """Everything in the file, line by line."""
    encoding, sheets = contents(path, limits, second=second)
    yield json.dumps({"file": {"encoding": encoding}}) + "\n"
    left = limits.rows
    for count, (name, hidden, rows) in enumerate(sheets, 1):
        if count > limits.sheets:
            raise TooMuch("sheets", limits.sheets)
        yield json.dumps({"sheet": {"name": name, "hidden": hidden}}) + "\n"
        following = _with_blanks(rows)
        while batch := list(islice(following, AT_ONCE)):
            left -= len(batch)
            if left < 0:
                raise TooMuch("rows", limits.rows)
            yield _line(batch, limits.columns)


def _line(batch: Sequence[Row], most: int) -> str:
    """Rows as one line. All are encoded at once, with a line break behind each comma: in JSON none can stand within a text."""
    cells = [row[1] for row in batch]
    for one in cells:
        while one and one[-1] in ("", None):
            one.pop()
    if max(map(len, cells)) > most:
        raise TooMuch("columns", most)
    try:
        said = _encode(cells)
    except ValueError:  # not a number, or infinite
        said = _encode([[plain(cell) for cell in one] for one in cells])
    if "\\u0000" in said:
        said = _encode([[plain(cell) for cell in one] for one in cells])
    arrays = said[1:-1].replace("],\n[", "]\n[").replace(",\n", ",").split("\n")
    told = [
        f"{number}\t{array}\t{_encode_extras(extras) if extras else '-'}\x1e"
        for (number, _cells, extras), array in zip(batch, arrays, strict=True)
    ]
    return "".join(told) + "\n"


def contents(path: Path, limits: Limits, *, second: bool = False) -> tuple[str, Iterable[Sheet]]:
    """The encoding of a file, empty for a workbook, and its sheets, told by what it begins with and not by its name."""
    if path.stat().st_size > limits.file_bytes:
        raise TooMuch("file", limits.file_bytes)
    with path.open("rb") as file:
        begins = file.read(512)
    if begins.startswith(ZIP):
        archives.check(path, limits)
        return "", _second(path) if second else books.zipped(path)
    if begins.startswith(OLE):
        return "", old.binary(path)
    if begins.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(MARKUP):
        raise TooMuch("markup")
    if not begins.strip():
        raise TooMuch("empty")
    encoding = text.encoding_of(path)
    told = encoding.removesuffix("-sig").removesuffix("-le").removesuffix("-be")
    return told, [(path.stem, False, text.rows(path, encoding))]


def _second(path: Path) -> Iterable[Sheet]:
    from migrations_data.reading.second import sheets

    return sheets(path)


def _with_blanks(rows: Iterable[Row]) -> Iterator[Row]:
    last = 0
    for number, cells, extras in rows:
        if 1 < number - last <= LONGEST_GAP + 1:
            for blank in range(last + 1, number):
                yield blank, [], None
        last = number
        yield number, cells, extras


if __name__ == "__main__":
    main(*sys.argv[1:4])
