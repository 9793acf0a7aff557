"""Typst, the library that sets pages and draws pictures: no browser, no network, and every word comes to it as data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from django.conf import settings

FONTS = Path(settings.BASE_DIR) / "static" / "vendor" / "fonts"
UNITS_PER_INCH = 96
"""Of an SVG, as browsers and typst count them."""
PICTURE = '#set page(width: auto, height: auto, margin: 0pt)\n#image("picture.svg")\n'


def typeset(source: str, files: Mapping[str, str | bytes], *, kind: Literal["pdf", "png"], ppi: float = 144) -> bytes:
    """Set `source`, which may read the files, as `pdf` or `png`.

    Words of people belong into the files (JSON, SVG), never into the source, which is a program. Imported here because the library
    is 34 MB that most processes never need.
    """
    import typst

    with TemporaryDirectory(prefix="daybook-") as folder:
        for name, content in {"main.typ": source, **files}.items():
            data = content.encode() if isinstance(content, str) else content
            Path(folder, name).write_bytes(data)
        return typst.compile(
            str(Path(folder, "main.typ")),
            root=folder,
            format=kind,
            ppi=ppi,
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
        )


def picture(svg: str, *, scale: float = 2) -> bytes:
    """An SVG as PNG, `scale` pixels to each of its units."""
    return typeset(PICTURE, {"picture.svg": svg}, kind="png", ppi=UNITS_PER_INCH * scale)
