"""Colours behind cells by the names that people give them: what they are used for is telling rows apart."""

from __future__ import annotations

import colorsys

HUES = ((0.04, "red"), (0.11, "orange"), (0.19, "yellow"), (0.45, "green"), (0.54, "turquoise"), (0.72, "blue"), (0.83, "violet"), (0.94, "pink"), (1.01, "red"))  # fmt: skip
"""Up to which hue (of 1) a colour has which name."""
INDEXED = (
    "000000", "ffffff", "ff0000", "00ff00", "0000ff", "ffff00", "ff00ff", "00ffff",
    "800000", "008000", "000080", "808000", "800080", "008080", "c0c0c0", "808080",
    "9999ff", "993366", "ffffcc", "ccffff", "660066", "ff8080", "0066cc", "ccccff",
    "000080", "ff00ff", "ffff00", "00ffff", "800080", "800000", "008080", "0000ff",
    "00ccff", "ccffff", "ccffcc", "ffff99", "99ccff", "ff99cc", "cc99ff", "ffcc99",
    "3366ff", "33cccc", "99cc00", "ffcc00", "ff9900", "ff6600", "666699", "969696",
    "003366", "339966", "003300", "333300", "993300", "993366", "333399", "333333",
)  # fmt: skip
"""The palette of old workbooks, from index 8 on; 0 to 7 are its first eight."""
THEME = ("ffffff", "000000", "eeece1", "1f497d", "4f81bd", "c0504d", "9bbb59", "8064a2", "4bacc6", "f79646")


def name_of(red: int, green: int, blue: int) -> str:
    """The name of a colour given in 0..255; empty for white, which is no colour."""
    hue, light, strength = colorsys.rgb_to_hls(red / 255, green / 255, blue / 255)
    if light > 0.97:
        return ""
    if light < 0.12:
        return "black"
    if strength < 0.15 or max(red, green, blue) - min(red, green, blue) < 12:
        return "grey"
    return next(name for limit, name in HUES if hue < limit)


def of_hex(said: str) -> str:
    """The same for "FFFF00" or, with an alpha before it, "FFFFFF00"."""
    try:
        number = int(said[-6:], 16)
    except ValueError:
        return ""
    return name_of(number >> 16, number >> 8 & 255, number & 255) if len(said) >= 6 else ""


def of_index(index: int) -> str:
    """The same for a place in the palette; empty for automatic colours."""
    if index < 8:
        return of_hex(INDEXED[index])
    return of_hex(INDEXED[index - 8]) if index - 8 < len(INDEXED) else ""
