"""Whether a tax number can be one: check digits where the country's rule is known, shape elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from crm.folding import tax_key

NIF_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
CIF_LETTERS = "JABCDEFGHI"
SHORTEST_NUMBER = 7


def key(number: str, country: str = "") -> str:
    """The number as it is compared: bare, and without the letters of its country ("PL 525-000-77-38" -> "5250007738")."""
    whole = tax_key(number)[:30]
    letters, rest = whole[:2], whole[2:]
    in_front = letters == country or (letters.isalpha() and len(rest) >= SHORTEST_NUMBER and rest.isdigit())
    return rest if rest and in_front else whole


def is_plausible(number: str, country: str) -> bool:
    """Check digits for Poland, Russia and Spain; elsewhere five to fifteen signs, at least four of them digits, not all alike."""
    bare = key(number, country)
    check = CHECKS.get(country)
    if check is not None:
        return check(bare)
    figures = re.sub(r"\D", "", bare)
    return 5 <= len(bare) <= 15 and len(figures) >= 4 and len(set(figures)) > 1


def _weighted(figures: str, weights: Sequence[int]) -> int:
    return sum(int(figure) * weight for figure, weight in zip(figures, weights, strict=False))


def _polish(bare: str) -> bool:
    """NIP: nine digits and a remainder by 11."""
    if not re.fullmatch(r"\d{10}", bare) or len(set(bare)) == 1:
        return False
    return _weighted(bare, (6, 5, 7, 2, 3, 4, 5, 6, 7)) % 11 == int(bare[9])


def _russian(bare: str) -> bool:
    """INN: ten digits for a company, twelve for a person, remainders by 11 and then by 10."""
    tails = {
        10: ((2, 4, 10, 3, 5, 9, 4, 6, 8),),
        12: ((7, 2, 4, 10, 3, 5, 9, 4, 6, 8), (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)),
    }
    if not bare.isdigit() or len(bare) not in tails or len(set(bare)) == 1:
        return False
    return all(_weighted(bare, weights) % 11 % 10 == int(bare[len(weights)]) for weights in tails[len(bare)])


def _spanish(bare: str) -> bool:
    """NIF and NIE of a person (a letter from the remainder by 23), NIF of a company (a digit or a letter)."""
    if re.fullmatch(r"[XYZ]?\d{7,8}[A-Z]", bare):
        figures = bare[:-1].translate(str.maketrans("XYZ", "012"))
        return len(bare) == 9 and NIF_LETTERS[int(figures) % 23] == bare[-1]
    if not re.fullmatch(r"[A-HJNP-SUVW]\d{7}[0-9A-J]", bare):
        return False
    doubled = sum(sum(divmod(int(figure) * 2, 10)) for figure in bare[1:8:2])
    control = -(doubled + sum(map(int, bare[2:8:2]))) % 10
    return bare[8] in {str(control), CIF_LETTERS[control]}


CHECKS: dict[str, Callable[[str], bool]] = {"PL": _polish, "RU": _russian, "ES": _spanish}
