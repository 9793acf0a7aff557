"""Public holidays as the library `holidays` knows them; only for bringing them in as rows, scoring never asks here.

The library is loaded when first asked: it takes up to a second, which no start of a process should pay.
"""

from __future__ import annotations

from datetime import date
from functools import cache

from babel import Locale

SPOKEN = {"en": ("en_US", "en_GB", "en"), "pl": ("pl",), "ru": ("ru",), "es": ("es",)}
"""Which of a country's languages suits a reader's; the country's own where none does."""


@cache
def countries(language: str) -> list[tuple[str, str]]:
    """Code and name of the countries whose holidays are known, by name in a language."""
    names = Locale(language).territories
    return sorted(((code, names[code]) for code in _codes() if code in names), key=lambda pair: pair[1])


def of_year(country: str, year: int, language: str) -> dict[date, str] | None:
    """A country's public holidays of a year by day, named in the reader's language where possible; None for one not known."""
    import holidays

    if country not in _codes():
        return None
    known = holidays.list_localized_countries().get(country, [])
    named = next((one for one in SPOKEN.get(language, ()) if one in known), None)
    return dict(sorted(holidays.country_holidays(country, years=year, language=named).items()))


@cache
def _codes() -> frozenset[str]:
    import holidays

    return frozenset(holidays.list_supported_countries(include_aliases=False))
