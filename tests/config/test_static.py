"""A static file that a page names and nobody ships is a broken page in production: the manifest refuses it."""

import re
import shutil
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.template.loader import render_to_string

from config import frontend
from config.static import HashedStaticFiles, linked_styles

NAMED = re.compile(r"""\{%\s*static\s+["']([^"']+)["']""")
FONTS = [f"vendor/{name}" for name in frontend.PICKED.values() if name.endswith(".woff2")] + [
    "fonts/inter-latin.woff2",
    "fonts/inter-central-europe.woff2",
]
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
    on_paper = {name for name in VENDOR if name.endswith(".ttf")}  # tests/reports/test_printing.py looks for these
    assert [name for name in VENDOR - on_paper if not any(name in text for text in texts)] == []


def test_the_joined_styles_are_all_of_them_in_order(tmp_path: Path) -> None:
    storage = HashedStaticFiles(location=str(tmp_path), base_url="/static/")
    names = [*linked_styles(), *FONTS]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(frontend.BASE_DIR / "static" / name, tmp_path / name)
    made = {name: hashed for name, hashed, _done in storage.post_process({name: (storage, name) for name in names})}

    joined = (tmp_path / made["css/joined.css"]).read_text(encoding="utf-8")
    assert joined.index("@layer base, components, utilities;") < joined.index("@layer base {")
    starts = [joined.index(_opening(name)) for name in linked_styles() if name != "css/fonts.css"]
    assert starts == sorted(starts)
    assert all(hashed.rsplit("/", 1)[1] in joined for name, hashed in made.items() if name in FONTS)
    assert (tmp_path / f"{made['css/joined.css']}.br").is_file()


def test_a_page_asks_for_the_joined_styles_where_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = render_to_string("shell/styles.html")
    assert [name for name in linked_styles() if f"/static/{name}" not in alone] == []
    monkeypatch.setattr(StaticFilesStorage, "joined_styles", HashedStaticFiles.joined_styles, raising=False)
    links = re.findall(r'href="([^"]+)"', render_to_string("shell/styles.html"))
    assert links == ["/static/css/joined.css", "/static/css/print.css"]


def _opening(name: str) -> str:
    return (frontend.BASE_DIR / "static" / name).read_text(encoding="utf-8")[:200]
