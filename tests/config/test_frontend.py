"""The browser's files: what is picked, and the sprite of the icons that pages name."""

import json
from pathlib import Path

import pytest

from config import frontend

LOCK = json.loads((frontend.BASE_DIR / "package-lock.json").read_text())


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone with one page and one module that name icons, and a collection of four."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text('{% icon "phone" %} {% include "c.html" with icon="mail" %}')
    (tmp_path / "crm").mkdir()
    (tmp_path / "crm" / "kinds.py").write_text("ICON = 'clock'")
    known = {name: {"body": f'<path d="{name}"/>'} for name in ("phone", "mail", "clock", "never-named")}
    (tmp_path / "icons.json").write_text(json.dumps({"icons": known, "width": 24, "height": 24}))
    return tmp_path


def test_the_sprite_has_each_icon_that_is_named_and_no_other(clone: Path) -> None:
    drawn = frontend.sprite(clone / "icons.json", clone)
    assert [word in drawn for word in ('id="i-phone"', 'id="i-mail"', 'id="i-clock"')] == [True, True, True]
    assert "never-named" not in drawn


def test_an_icon_that_does_not_exist_is_told_with_its_page(clone: Path) -> None:
    (clone / "templates" / "page.html").write_text('{% icon "telefone" %}')
    with pytest.raises(frontend.IconUnknown, match=r"page\.html.*telefone"):
        frontend.sprite(clone / "icons.json", clone)


def test_comments_that_point_to_source_maps_are_left_out(tmp_path: Path) -> None:
    for source in frontend.PICKED:
        (tmp_path / "in" / source).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / source).write_bytes(
            b"body{}\n/*# sourceMappingURL=a.css.map */\n//# sourceMappingURL=a.js.map"
        )
    frontend.pick(tmp_path / "in", tmp_path / "out")
    picked = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert {str(path.relative_to(tmp_path / "out")) for path in picked} == set(frontend.PICKED.values())
    assert b"sourceMappingURL" not in (tmp_path / "out" / "htmx.min.js").read_bytes()
    assert b"sourceMappingURL" in (tmp_path / "out" / "inter-cyrillic-wght-normal.woff2").read_bytes()
    assert b"sourceMappingURL" in (tmp_path / "out" / "fonts" / "inter-400.ttf").read_bytes()


def test_versions_are_exact_and_the_lock_names_no_registry() -> None:
    wanted = json.loads((frontend.BASE_DIR / "package.json").read_text())["dependencies"]
    assert all(version[0].isdigit() for version in wanted.values())
    assert wanted["htmx.org"].startswith("2.0.")
    assert [name for name, package in LOCK["packages"].items() if "resolved" in package] == []
    assert all("integrity" in package for name, package in LOCK["packages"].items() if name)


def test_the_python_locks_are_pinned_by_hash_and_name_no_index() -> None:
    for path in sorted((frontend.BASE_DIR / "requirements").glob("*.txt")):
        words = path.read_text()
        assert "://" not in words, path.name
        assert all("==" in line for line in words.split("\n") if line and line[0].isalpha()), path.name
        assert words.count("--hash=sha256:") > 0, path.name
