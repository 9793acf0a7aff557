"""Reading a PDF back, as far as the tests of printed reports need it: the text of its pages, and how they lie."""

from __future__ import annotations

import re
import zlib

OBJECT = re.compile(rb"(?<![\d])(\d+) 0 obj\b(.*?)endobj", re.DOTALL)
INNER = rb"[^()\\]|\\."
for _level in range(4):  # brackets that close each other may stand in a string as they are
    INNER = rb"[^()\\]|\\.|\((?:" + INNER + rb")*\)"
SHOWN = re.compile(rb"/(f\d+) [\d.]+ Tf|\((?:" + INNER + rb")*\)|(?<=\s)(BT|BDC)", re.DOTALL)
ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
PLAIN = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def texts(pdf: bytes) -> list[str]:
    """The text of each page, in the order of drawing; each piece that was set by itself is a line."""
    objects = {int(number): body for number, body in OBJECT.findall(pdf)}
    return [_page(objects, body) for body in _pages(objects)]


def sizes(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height of each page in points."""
    objects = {int(number): body for number, body in OBJECT.findall(pdf)}
    boxes = [re.search(rb"/MediaBox\s*\[([^\]]*)\]", body) for body in _pages(objects)]
    return [tuple(float(word) for word in box.group(1).split()[2:]) for box in boxes if box]  # type: ignore[misc]


def fonts(pdf: bytes) -> set[str]:
    """The names of the embedded fonts."""
    return {name.decode() for name in re.findall(rb"/FontName/(?:[A-Z]{6}\+)?([\w-]+)", pdf)}


def _pages(objects: dict[int, bytes]) -> list[bytes]:
    root = next(body for body in objects.values() if re.search(rb"/Type\s*/Pages\b", body))
    kids = re.search(rb"/Kids\s*\[([^\]]*)\]", root)
    assert kids
    return [objects[int(number)] for number in re.findall(rb"(\d+) 0 R", kids.group(1))]


def _page(objects: dict[int, bytes], page: bytes) -> str:
    resources, content = re.search(rb"/Resources (\d+) 0 R", page), re.search(rb"/Contents (\d+) 0 R", page)
    assert resources
    assert content
    named = re.findall(rb"/(f\d+) (\d+) 0 R", objects[int(resources.group(1))])
    letters = {name: _letters(objects, int(font)) for name, font in named}
    assert letters
    lines: list[str] = []
    said, known = "", next(iter(letters.values()))
    for found in SHOWN.finditer(_stream(objects[int(content.group(1))])):
        if found.group(1):
            known = letters[found.group(1)]
        elif found.group(0).startswith(b"("):
            raw = ESCAPED.sub(_unescaped, found.group(0)[1:-1])
            said += "".join(known.get(raw[at : at + 2], "") for at in range(0, len(raw), 2))
        elif found.group(2) and said:
            lines, said = [*lines, said], ""
    return "\n".join([*lines, said])


def _letters(objects: dict[int, bytes], font: int) -> dict[bytes, str]:
    """Which letters the two bytes of a glyph stand for."""
    named = re.search(rb"/ToUnicode (\d+) 0 R", objects[font])
    assert named
    found = {}
    table = _stream(objects[int(named.group(1))])
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for glyph, letters in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            found[bytes.fromhex(glyph.decode())] = bytes.fromhex(letters.decode()).decode("utf-16-be")
    return found


def _stream(body: bytes) -> bytes:
    return zlib.decompressobj().decompress(body.partition(b"stream")[2].lstrip(b"\r\n"))


def _unescaped(found: re.Match[bytes]) -> bytes:
    word = found.group(1)
    return bytes([int(word, 8)]) if word[:1].isdigit() else PLAIN.get(word, word)
