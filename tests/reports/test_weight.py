"""What a first visit weighs: everything that the sign-in page brings, compressed as it is served."""

import re
from pathlib import Path

import brotli  # type: ignore[import-untyped]
from django.conf import settings
from django.test import Client
from django.urls import reverse

BUDGET = 150_000
STATIC = Path(settings.BASE_DIR) / "static"
ALREADY_SMALL = {".woff2"}


def scripts(entry: Path) -> set[Path]:
    """A module and everything it imports."""
    found = {entry}
    for name in re.findall(r'from "(\./[\w-]+\.js)"|import "(\./[\w-]+\.js)"', entry.read_text()):
        other = (entry.parent / (name[0] or name[1])).resolve()
        if other not in found:
            found |= scripts(other)
    return found


def weight(path: Path) -> int:
    content = path.read_bytes()
    return len(content if path.suffix in ALREADY_SMALL else brotli.compress(content))


def test_a_first_visit_stays_within_its_budget(db: None) -> None:
    markup = Client().get(reverse("account_login")).content
    named = {STATIC / name for name in re.findall(r'(?:href|src)="/static/([^"#]+)', markup.decode())}
    files = named | {other for path in named if path.suffix == ".js" for other in scripts(path)}
    # A Polish name and an icon are on nearly every page; a font comes by itself when its letters do.
    files |= {STATIC / "fonts" / "inter-central-europe.woff2", STATIC / "vendor" / "icons.svg"}
    total = len(brotli.compress(markup)) + sum(weight(path) for path in files)
    assert total <= BUDGET, {path.name: weight(path) for path in sorted(files, key=weight)}
