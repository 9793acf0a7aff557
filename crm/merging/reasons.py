"""Why two clients may be the same, and how much each reason weighs.

The score is 100 * (1 - the product of (1 - weight / 100)) over the reasons: two weak ones together make a fair one, none makes it
certain. A reason weighs less between two that bear different names: a reception's phone, a holding's site.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.services.duplicates import WHY

LEAST = 40
"""Pairs below this are not worth a look."""
HIGHEST = 99
TWO_TAX_NUMBERS = 0.6
WEIGHTS: dict[str, tuple[int, int]] = {
    "company.tax": (96, 85),
    "company.domain": (75, 45),
    "company.phone": (70, 35),
    "company.name": (60, 0),
    "company.name_only": (42, 0),
    "contact.email": (92, 50),
    "contact.phone": (75, 25),
    "contact.name": (70, 0),
    "contact.city": (42, 0),
}
"""By reason: between two with names alike, and between others."""
OWN_WORDS: dict[str, Any] = {
    "company.name": _("the same name in the same city"),
    "company.name_only": _("the same name"),
    "contact.city": _("the same name in the same city"),
}


def words(reason: str) -> Any:
    """What a reason is called."""
    return OWN_WORDS[reason] if reason in OWN_WORDS else WHY[reason][0]


def of_noun(noun: str) -> list[str]:
    return [reason for reason in WEIGHTS if reason.startswith(f"{noun}.")]


def in_order(reasons: Iterable[str]) -> list[str]:
    """The reasons, the weightiest first."""
    return sorted(reasons, key=lambda reason: (-WEIGHTS[reason][0], reason))


def score(reasons: Iterable[str], *, alike: bool, two_tax_numbers: bool = False) -> int:
    """From 0 to 99."""
    doubt = 1.0
    for reason in reasons:
        doubt *= 1 - WEIGHTS[reason][0 if alike else 1] / 100
    certain = (1 - doubt) * (TWO_TAX_NUMBERS if two_tax_numbers else 1)
    return min(HIGHEST, round(100 * certain))
