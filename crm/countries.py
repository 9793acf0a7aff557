"""Countries as people write them, in the languages of the product."""

from __future__ import annotations

from functools import cache

from babel import Locale

from crm.folding import fold

LANGUAGES = ("en", "pl", "ru", "es")


@cache
def _codes() -> dict[str, str]:
    """Folded names and two-letter codes -> two-letter code."""
    found: dict[str, str] = {}
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                found.setdefault(fold(name), code)
                found[fold(code)] = code
    return found | {"usa": "US", "uk": "GB", "рф": "RU", "czech republic": "CZ"}


def code_of(text: str) -> str:
    """The two-letter code of a country written as a code or a name ("Polska" -> "PL"); empty when it is not known."""
    return _codes().get(fold(text), "")
