"""A static file that a page names and nobody ships is a broken page in production: the manifest refuses it."""

import re

from config import frontend

NAMED = re.compile(r"""\{%\s*static\s+["']([^"']+)["']""")
VENDOR = {f"vendor/{name}" for name in [*frontend.PICKED.values(), "icons.svg"]}


def _named() -> set[tuple[str, str]]:
    found = set()
    for path in (frontend.BASE_DIR / "templates").rglob("*.html"):
        page = str(path.relative_to(frontend.BASE_DIR))
        found |= {(page, name) for name in NAMED.findall(path.read_text(encoding="utf-8"))}
    return found


def test_every_static_file_that_a_template_names_is_there() -> None:
    ours = frontend.BASE_DIR / "static"
    missing = [(page, name) for page, name in _named() if name not in VENDOR and not (ours / name).is_file()]
    assert missing == []


def test_everything_picked_from_npm_is_used() -> None:
    sources = [frontend.BASE_DIR / folder for folder in ("templates", "static/css", "static/js", "accounts")]
    files = [path for folder in sources for path in folder.rglob("*") if path.suffix in {".html", ".css", ".js", ".py"}]
    texts = [path.read_text(encoding="utf-8") for path in files]
    assert [name for name in VENDOR if not any(name in text for text in texts)] == []
