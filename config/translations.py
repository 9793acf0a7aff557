"""Compiles the catalogues of locale/: `python -m config.translations`. What is compiled already is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def outdated() -> Iterator[Path]:
    """The catalogues that changed since they were compiled. Standard library only, for the set-up."""
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime_ns < source.stat().st_mtime_ns:
            yield source


def compile_catalogues() -> int:
    """Write the .mo beside each .po that needs it, and tell how many. Raises ValueError for a broken entry."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    written = 0
    for source in outdated():
        with source.open("rb") as text:
            catalogue = read_po(text, locale=source.parent.parent.name, abort_invalid=True)
        making = source.with_suffix(".mo.new")
        with making.open("wb") as binary:
            write_mo(binary, catalogue)
        making.replace(source.with_suffix(".mo"))
        written += 1
    return written


if __name__ == "__main__":
    compile_catalogues()
