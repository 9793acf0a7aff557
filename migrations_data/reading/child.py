"""The reading process: `python -m migrations_data.reading.child FILE LIMITS`. Prints one JSON value a line.

First `{"file": {encoding}}`, then for each sheet `{"sheet": {name, hidden}}` and its rows as `[number, cell, ...]`, at last
`{"end": true}`; or `{"refused": {code, detail}}` and nothing more. It takes its limits from its command line, sets them on itself
and knows neither the database nor the network.
"""

from __future__ import annotations

import contextlib
import json
import resource
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from migrations_data.reading import archives, books, text
from migrations_data.reading.limits import Limits, TooMuch

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
MARKUP = (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"%pdf", b"{\\rtf")


def main(path: str, given: str) -> None:
    """Read the file and print it; what goes wrong is printed too, so that the parent always has a word to show."""
    limits = Limits(**json.loads(given))
    _confine(limits)
    out = sys.stdout
    try:
        for line in lines(Path(path), limits):
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
        out.write('{"end": true}\n')
    except TooMuch as refusal:
        out.write(json.dumps({"refused": {"code": refusal.code, "detail": refusal.detail}}) + "\n")
    except MemoryError:
        out.write('{"refused": {"code": "memory", "detail": ""}}\n')


def _confine(limits: Limits) -> None:
    for which, value in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(
            ValueError, OSError
        ):  # a system that does not know this limit; the others and the wall clock stay
            resource.setrlimit(which, (value, value))


def lines(path: Path, limits: Limits) -> Iterator[Any]:
    """Everything in the file, in the form of the module's docstring."""
    if path.stat().st_size > limits.file_bytes:
        raise TooMuch("file", limits.file_bytes)
    with path.open("rb") as file:
        begins = file.read(512)
    if begins.startswith(ZIP):
        archives.check(path, limits)
        yield from _sheets(books.zipped(path), "", limits)
    elif begins.startswith(OLE):
        yield from _sheets(books.binary(path), "", limits)
    elif begins.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(MARKUP):
        raise TooMuch("markup")
    else:
        content, encoding = text.decode(path.read_bytes())
        if not content.strip():
            raise TooMuch("empty")
        rows = text.rows(content, text.separator_of(content))
        yield from _sheets([(path.stem, False, rows)], encoding, limits)


def _sheets(sheets: Iterable[books.Sheet], encoding: str, limits: Limits) -> Iterator[Any]:
    yield {"file": {"encoding": encoding}}
    left = limits.rows
    for count, (name, hidden, rows) in enumerate(sheets, 1):
        if count > limits.sheets:
            raise TooMuch("sheets", limits.sheets)
        yield {"sheet": {"name": name, "hidden": hidden}}
        for number, cells in rows:
            left -= 1
            if left < 0:
                raise TooMuch("rows", limits.rows)
            while cells and cells[-1] in ("", None):
                cells.pop()
            if len(cells) > limits.columns:
                raise TooMuch("columns", limits.columns)
            yield [number, *cells]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
