"""The colours of static/css/tokens.css for what leaves the page: a picture in a mail and a sheet of paper read no style sheet.

tests/reports/test_charts.py compares both files.
"""

from __future__ import annotations

LIGHT = {
    "surface": "#ffffff", "hover": "#edeff3", "line": "#e3e6eb", "control-line": "#d3d8e0", "text": "#161d2b", "muted": "#566072",
    "accent": "#3f51d8", "on-accent": "#ffffff", "green": "#0b7a52", "green-soft": "#e1f4eb", "green-bar": "#18a672",
    "amber": "#8f5200", "amber-soft": "#fdf0d9", "amber-bar": "#e59a1c", "red": "#b92b27", "red-soft": "#fde8e7", "red-bar": "#e0524d",
}  # fmt: skip
DARK = {
    "surface": "#161b25", "hover": "#1f2633", "line": "#262e3c", "control-line": "#353f50", "text": "#e9edf4", "muted": "#a3aec0",
    "accent": "#5367ea", "on-accent": "#ffffff", "green": "#57d5a2", "green-soft": "#11322a", "green-bar": "#2bb884",
    "amber": "#f2bb60", "amber-soft": "#362812", "amber-bar": "#d9942a", "red": "#ff938c", "red-soft": "#3b1d20", "red-bar": "#e2605b",
}  # fmt: skip
STAGES = {
    "stage-grey": "#8a94a6", "stage-blue": "#3a8de0", "stage-violet": "#7a5af0", "stage-orange": "#e08a1c", "stage-green": "#18a672",
}  # fmt: skip
THEMES = {"light": LIGHT | STAGES, "dark": DARK | STAGES}

FILLS = {
    "": "accent", "good": "green-bar", "watch": "amber-bar", "bad": "red-bar", "grey": "stage-grey", "blue": "stage-blue",
    "violet": "stage-violet", "orange": "stage-orange", "green": "stage-green", "plan": "muted", "soft": "accent",
}  # fmt: skip
STATUS = {"good": "green", "watch": "amber", "bad": "red"}
LEVELS = (0.0, 0.08, 0.18, 0.32, 0.46, 1.0)
"""How much of the accent a cell of that level has: none, then five steps."""

Paint = dict[str, str]


def paint(part: str, tone: str, colours: dict[str, str]) -> Paint | None:
    """The attributes of a shape; None for what only a page shows: places to point at, dots that wait to be pointed at."""
    if part in {"hit", "quiet"}:
        return None
    if part in _TEXTS:
        return _text(part, tone, colours)
    colour = colours[FILLS.get(tone, "accent")]
    if part in _FILLED:
        return _filled(part, tone, colour, colours)
    return _drawn(part, tone, colour, colours)


_TEXTS = {
    "tick": ("muted", "400"), "label": ("text", "400"), "name": ("muted", "400"), "value": ("text", "600"), "note": ("muted", "400"),
    "figure": ("text", "600"),
}  # fmt: skip
_FILLED = frozenset({"bar", "area", "dot", "track", "link-shape", "cell"})


def _text(part: str, tone: str, colours: dict[str, str]) -> Paint:
    colour, weight = _TEXTS[part]
    if part == "figure":
        colour = STATUS.get(tone, "on-accent" if tone == f"level-{len(LEVELS) - 1}" else "text")
    attributes = {"fill": colours[colour], "font-weight": weight}
    if part in {"value", "name"}:  # they may stand on a line
        attributes |= {
            "stroke": colours["surface"],
            "stroke-width": "3",
            "stroke-linejoin": "round",
            "paint-order": "stroke",
        }
    return attributes


def _filled(part: str, tone: str, colour: str, colours: dict[str, str]) -> Paint:
    if part == "track":
        return {"fill": colours["hover"]}
    if part == "area":
        return {"fill": colour, "fill-opacity": "0.08"}
    if part == "link-shape":
        return {"fill": colours["hover"]}
    if part == "dot":
        return {"fill": colour, "stroke": colours["surface"], "stroke-width": "1.5"}
    if part == "cell":
        return _cell(tone, colours)
    if tone == "soft":
        return {"fill": mixed(colour, colours["surface"], 0.22), "stroke": mixed(colour, colours["surface"], 0.6)}
    return {"fill": colour}


def _cell(tone: str, colours: dict[str, str]) -> Paint:
    if tone in STATUS:
        return {"fill": colours[f"{STATUS[tone]}-soft"]}
    if tone.startswith("level-"):
        share = LEVELS[int(tone.removeprefix("level-"))]
        return {"fill": mixed(colours["accent"], colours["surface"], share) if share else colours["hover"]}
    return {"fill": "none", "stroke": colours["line"]}


def _drawn(part: str, tone: str, colour: str, colours: dict[str, str]) -> Paint:
    strokes: dict[str, Paint] = {
        "grid": {"stroke": colours["line"]},
        "base": {"stroke": colours["control-line"]},
        "line": {"stroke": colour, "stroke-width": "2", "stroke-linejoin": "round", "stroke-linecap": "round"},
        "plan": {"stroke": colours["text"], "stroke-width": "2", "stroke-dasharray": "4 3"},
        "sparse": {"stroke": colours["surface"], "stroke-opacity": "0.75"},
        "dense": {"stroke": colours["surface"], "stroke-opacity": "0.75"},
        "mark": {"stroke": colours[STATUS.get(tone, "muted")], "stroke-width": "1.6", "stroke-linecap": "round"},
    }
    dashes = {"sparse": "1.5 6.5", "dense": "1.5 2.5"}
    attributes = {"fill": "none", **strokes[part]}
    if part in dashes:
        attributes["stroke-dasharray"] = dashes[part]
    if part == "line" and tone == "plan":
        attributes |= {"stroke-dasharray": "4 4", "stroke-width": "1.5", "stroke-linecap": "butt"}
    if part == "line" and tone == "soft":
        attributes["stroke"] = mixed(colour, colours["surface"], 0.5)
    return attributes


def mixed(colour: str, ground: str, share: float) -> str:
    """So much of a colour on a ground, as `color-mix(in srgb, …)` gives it."""
    pairs = zip(_channels(colour), _channels(ground), strict=True)
    return "#" + "".join(f"{round(one * share + other * (1 - share)):02x}" for one, other in pairs)


def _channels(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]
