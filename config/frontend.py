"""The files from npm: a dozen picked ones for the browser, the fonts of paper, and a sprite of the icons that pages use.

Standard library only. node_modules does not stay: most of it is never used, and its source maps point to files that are not served.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
VENDOR = BASE_DIR / "static" / "vendor"
ICONS = "@iconify-json/tabler/icons.json"

# Where npm puts it -> what we call it.
PICKED = {
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "sortablejs/Sortable.min.js": "sortable.min.js",
    "tom-select/dist/js/tom-select.complete.min.js": "tom-select.min.js",
    "@event-calendar/build/dist/event-calendar.min.js": "event-calendar.min.js",
    "@event-calendar/build/dist/event-calendar.min.css": "event-calendar.min.css",
    **{
        f"@fontsource-variable/inter/files/inter-{script}-wght-normal.woff2": f"inter-{script}-wght-normal.woff2"
        for script in ("latin-ext", "cyrillic")
    },
    # Whole, for reports on paper and pictures in mails; no page asks for them.
    **{
        f"@expo-google-fonts/inter/{weight}/Inter_{weight}.ttf": f"fonts/inter-{weight[:3]}.ttf"
        for weight in ("400Regular", "600SemiBold")
    },
}
_MAP_COMMENT = re.compile(rb"(/\*|//)# ?sourceMappingURL=[^\s*]+( ?\*/)?\s*")
_WORD = re.compile(r"""(["'])([a-z][a-z0-9]*(?:-[a-z0-9]+)*)\1""")
_TAG = re.compile(r"""\{%\s*icon\s+["']([^"']+)["']""")
_OWN = ("accounts", "notifications", "crm", "discipline", "migrations_data", "reports", "templates", "static/js")


class IconUnknown(ValueError):
    """A template names an icon that the collection does not have."""


def pick(modules: Path, vendor: Path = VENDOR) -> None:
    """Copy the picked files out of node_modules, without the comments that point to source maps."""
    shutil.rmtree(vendor, ignore_errors=True)
    for source, name in PICKED.items():
        (vendor / name).parent.mkdir(parents=True, exist_ok=True)
        if name.endswith((".woff2", ".ttf")):
            shutil.copyfile(modules / source, vendor / name)
        else:
            (vendor / name).write_bytes(_MAP_COMMENT.sub(b"", (modules / source).read_bytes()))


def sources(base: Path = BASE_DIR) -> list[Path]:
    """List the files that may name an icon."""
    found = [path for folder in _OWN for path in (base / folder).rglob("*") if path.suffix in {".html", ".py", ".js"}]
    return sorted(path for path in found if "migrations" not in path.parts)


def icon_names(known: set[str], base: Path = BASE_DIR) -> list[str]:
    """Return the icons named in pages and code: every quoted word that is the name of one.

    A few words too many cost some hundred bytes each; a name that reaches the page through a variable is not missed.
    Raises IconUnknown for an `{% icon "name" %}` that does not exist.
    """
    used: set[str] = set()
    for path in sources(base):
        text = path.read_text(encoding="utf-8")
        if wrong := {name for name in _TAG.findall(text) if name not in known}:
            raise IconUnknown(f"{path.relative_to(base)} names unknown icons: {', '.join(sorted(wrong))}.")
        used |= {word for _quote, word in _WORD.findall(text) if word in known}
    return sorted(used)


def sprite(collection: Path, base: Path = BASE_DIR) -> str:
    """Return one SVG file with a symbol `i-<name>` for each icon used."""
    icons = json.loads(collection.read_text(encoding="utf-8"))
    bodies = {name: icon["body"] for name, icon in icons["icons"].items()}
    for name, alias in icons.get("aliases", {}).items():
        bodies.setdefault(name, bodies.get(alias["parent"], ""))
    size = f"0 0 {icons.get('width', 24)} {icons.get('height', 24)}"
    symbols = [
        f'<symbol id="i-{name}" viewBox="{size}">{bodies[name]}</symbol>' for name in icon_names(set(bodies), base)
    ]
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


if __name__ == "__main__":  # python -m config.frontend NODE_MODULES, where the stamps of bootstrap.py are of no use
    pick(Path(sys.argv[1]))
    (VENDOR / "icons.svg").write_text(sprite(Path(sys.argv[1]) / ICONS), encoding="utf-8")
