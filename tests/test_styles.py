"""The style sheets as one: they are joined, so a class that two of them lay out comes out as neither meant it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

STYLES = Path(settings.BASE_DIR, "static", "css")


def own_rules(text: str) -> Iterator[tuple[str, str]]:
    """(selector, declarations) of each rule that stands by itself, in a layer or not; those within @media only refine others."""
    open_: list[list[str]] = []
    said = ""
    for char in re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL):
        if char == "{":
            before, _semicolon, selector = said.rpartition(";")
            if open_:
                open_[-1][1] += before
            open_.append([selector.strip(), ""])
            said = ""
        elif char == "}":
            selector, declared = open_.pop()
            if selector.startswith(".") and all(around.startswith("@layer") for around, _body in open_):
                yield selector, f"{declared};{said}"
            said = ""
        else:
            said += char


def test_rules_are_read_with_what_stands_in_them():
    read = dict(
        own_rules(
            "@layer a { .c-x, .c-y { color: red; & b { display: none; } gap: 1px } @media x { .c-z { top: 0 } } }"
        )
    )
    assert list(read) == [".c-x, .c-y"]
    assert "color: red" in read[".c-x, .c-y"]
    assert "gap: 1px" in read[".c-x, .c-y"]
    assert "display" not in read[".c-x, .c-y"]


def test_a_class_is_laid_out_in_one_file():
    where: dict[str, set[str]] = defaultdict(set)
    for file in STYLES.glob("*.css"):
        if file.name == "print.css":  # it takes away, for paper, what others laid out
            continue
        for selector, declared in own_rules(file.read_text(encoding="utf-8")):
            if re.search(r"(?:^|[;\s])(?:display|position)\s*:", declared):
                for one in selector.split(","):
                    if re.fullmatch(r"\.c-[\w-]+", one.strip()):
                        where[one.strip()].add(file.name)
    assert where
    assert not {name: files for name, files in where.items() if len(files) > 1}
