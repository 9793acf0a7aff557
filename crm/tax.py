"""Whether a tax number can be one: check digits where the country's rule is known, shape elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from crm.folding import tax_key

NIF_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
CIF_LETTERS = "JABCDEFGHI"


def is_plausible(number: str, country: str) -> bool:
    """Check digits for Poland, Russia and Spain; elsewhere five to fifteen signs, at least four of them digits, not all alike."""
    key = tax_key(number)
    check = CHECKS.get(country)
    if check is not None:
        return check(key.removeprefix(country))
    figures = re.sub(r"\D", "", key)
    return 5 <= len(key) <= 15 and len(figures) >= 4 and len(set(figures)) > 1


def _weighted(figures: str, weights: Sequence[int]) -> int:
    return sum(int(figure) * weight for figure, weight in zip(figures, weights, strict=False))


def _polish(key: str) -> bool:
    """NIP: nine digits and a remainder by 11."""
    if not re.fullmatch(r"\d{10}", key) or len(set(key)) == 1:
        return False
    return _weighted(key, (6, 5, 7, 2, 3, 4, 5, 6, 7)) % 11 == int(key[9])


def _russian(key: str) -> bool:
    """INN: ten digits for a company, twelve for a person, remainders by 11 and then by 10."""
    tails = {
        10: ((2, 4, 10, 3, 5, 9, 4, 6, 8),),
        12: ((7, 2, 4, 10, 3, 5, 9, 4, 6, 8), (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)),
    }
    if not key.isdigit() or len(key) not in tails or len(set(key)) == 1:
        return False
    return all(_weighted(key, weights) % 11 % 10 == int(key[len(weights)]) for weights in tails[len(key)])


def _spanish(key: str) -> bool:
    """NIF and NIE of a person (a letter from the remainder by 23), NIF of a company (a digit or a letter)."""
    if re.fullmatch(r"[XYZ]?\d{7,8}[A-Z]", key):
        figures = key[:-1].translate(str.maketrans("XYZ", "012"))
        return len(key) == 9 and NIF_LETTERS[int(figures) % 23] == key[-1]
    if not re.fullmatch(r"[A-HJNP-SUVW]\d{7}[0-9A-J]", key):
        return False
    doubled = sum(sum(divmod(int(figure) * 2, 10)) for figure in key[1:8:2])
    control = -(doubled + sum(map(int, key[2:8:2]))) % 10
    return key[8] in {str(control), CIF_LETTERS[control]}


CHECKS: dict[str, Callable[[str], bool]] = {"PL": _polish, "RU": _russian, "ES": _spanish}
