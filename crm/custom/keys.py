"""Keys of fields, made from their labels once and for ever."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.text import slugify

from crm.folding import fold

LONGEST = 40
LETTERS = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh", "з": "z", "и": "i", "і": "i",
        "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ў": "u",
        "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
    }
)  # fmt: skip


def make_key(label: str, taken: Collection[str]) -> str:
    """A key of Latin letters, digits and "_" that is not taken: "Średnia flota" -> "srednia_flota", then "srednia_flota_2"."""
    words = slugify(fold(label).translate(LETTERS)).replace("-", "_")
    if not words or words[0].isdigit():  # a figure would mean a place in a list
        words = f"field_{words}"
    key = words[:LONGEST].strip("_")
    number = 2
    free = key
    while free in taken:
        free = f"{key[: LONGEST - 4]}_{number}"
        number += 1
    return free
