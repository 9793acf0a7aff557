"""Tax and telephone numbers that are well formed and belong to nobody."""

from __future__ import annotations

from random import Random

_NIP = (6, 5, 7, 2, 3, 4, 5, 6, 7)


def tax_number(rng: Random, country: str) -> str:
    """A number with the right check digit where the country has one: NIP (PL), CIF (ES), BIN-like twelve digits (KZ)."""
    match country:
        case "PL":
            return _nip(rng)
        case "ES":
            return _cif(rng)
        case _:
            return "".join(str(rng.randint(0, 9)) for _ in range(12))


def phone(rng: Random, country: str) -> str:
    """A number of the country's mobile or city range."""
    tail = f"{rng.randint(0, 9_999_999):07}"
    match country:
        case "PL":
            return f"+48 22 {tail[:3]} {tail[3:5]} {tail[5:]}"
        case "ES":
            return f"+34 91 {tail[:3]} {tail[3:5]} {tail[5:]}"
        case _:
            return f"+7 727 2{tail[1:3]} {tail[3:5]} {tail[5:]}"


def _nip(rng: Random) -> str:
    """Nine digits and a check digit: the weighted sum modulo 11, never 10."""
    while True:
        body = [rng.randint(1, 9), *(rng.randint(0, 9) for _ in range(8))]
        check = sum(weight * digit for weight, digit in zip(_NIP, body, strict=True)) % 11
        if check < 10:
            return "".join(map(str, [*body, check]))


def _cif(rng: Random) -> str:
    """A letter, seven digits and a check digit: even places as they are, odd ones doubled with their digits added."""
    body = [rng.randint(0, 9) for _ in range(7)]
    total = sum(body[1::2]) + sum(sum(divmod(2 * digit, 10)) for digit in body[::2])
    return f"B{''.join(map(str, body))}{-total % 10}"
