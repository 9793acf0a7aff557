"""Which styles of an .xlsx paint the cell behind the text, and in which colour."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from xml.etree.ElementTree import Element

from migrations_data.reading import colours

Elements = Callable[..., Iterator[Element]]
"""Gives the elements of a part that have one of some names."""


def fills(elements: Elements, styles: Sequence[str], themes: Sequence[str]) -> dict[int, str]:
    """The name of the colour by the number of the style; those without a colour are left out."""
    solids: list[Mapping[str, str]] = []
    used: list[int] = []
    for part in styles[:1]:
        for one in elements(part, "fill", "cellXfs"):
            if _is(one, "fill"):
                solids.append(_solid(one))
            else:
                used = [int(style.get("fillId") or 0) for style in one]
    theme = _theme(elements, themes) if any("theme" in solid for solid in solids) else []
    names = [_name(solid, theme) for solid in solids]
    return {style: names[fill] for style, fill in enumerate(used) if fill < len(names) and names[fill]}


def _is(element: Element, name: str) -> bool:
    return element.tag.rpartition("}")[2] == name


def _solid(fill: Element) -> Mapping[str, str]:
    """The colour of a fill as the file says it; nothing for patterns and gradients, which are decoration."""
    for pattern in fill:
        if pattern.get("patternType") == "solid":
            return next((dict(colour.attrib) for colour in pattern if _is(colour, "fgColor")), {})
    return {}


def _name(solid: Mapping[str, str], theme: Sequence[str]) -> str:
    if "rgb" in solid:
        return colours.of_hex(solid["rgb"])
    if solid.get("indexed", "").isdigit():
        return colours.of_index(int(solid["indexed"]))
    if solid.get("theme", "").isdigit() and int(solid["theme"]) < len(theme):
        return colours.of_hex(theme[int(solid["theme"])])
    return ""


def _theme(elements: Elements, themes: Sequence[str]) -> list[str]:
    """The colours of the theme by the numbers that styles use: light and dark change places."""
    for part in themes[:1]:
        for scheme in elements(part, "clrScheme"):
            said = [next((one.get("lastClr") or one.get("val") or "" for one in colour), "") for colour in scheme]
            if len(said) >= 4:
                return [said[1], said[0], said[3], said[2], *said[4:]]
    return list(colours.THEME)
