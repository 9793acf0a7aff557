"""Files as the reading process tells them, gathered; and workbooks with the faults that real ones have."""

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from migrations_data.reading.limits import Limits
from migrations_data.reading.parent import END, NONE, Book, Rows, Sheet, read


@dataclass
class Page:
    """A sheet with all its rows, and what stands beside some of them."""

    name: str
    hidden: bool
    rows: list[tuple[int, list[Any]]] = field(default_factory=list)
    extras: dict[int, dict[str, Any]] = field(default_factory=dict)


@dataclass
class Whole:
    encoding: str = ""
    sheets: list[Page] = field(default_factory=list)


def gather(path: Path, limits: Limits | None = None, **words: Any) -> Whole:
    """Everything in a file at once."""
    whole = Whole()
    for event in read(path, limits, **words):
        match event:
            case Book():
                whole.encoding = event.encoding
            case Sheet():
                whole.sheets.append(Page(*event))
            case Rows():
                for row in event.text.split(END)[:-1]:
                    number, cells, extras = row.split(b"\t")
                    whole.sheets[-1].rows.append((int(number), json.loads(cells)))
                    if extras != NONE:
                        whole.sheets[-1].extras[int(number)] = json.loads(extras)
    return whole


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """An archive of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def changed(content: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """A workbook with one of its parts rewritten, as other programs write it."""
    parts = parts_of(content)
    return zipped(parts | {part: change(parts[part].decode())})


SHEET = "xl/worksheets/sheet1.xml"
