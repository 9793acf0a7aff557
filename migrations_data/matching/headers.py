"""Columns that say who somebody is though no field of ours takes them: birth dates, postcodes, house numbers, numbers of papers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from crm import custom
from crm.folding import fold

NARROWER = ("postcode", "city")
"""What tables keep apart and we keep in the address."""
FIELDS = {
    "company": ("name", "tax_number", "domain", "phone", "email", "address", "city", "country"),
    "contact": ("name", "first_name", "last_name", "company", "phone", "email", "city"),
}


def _words(text: str) -> frozenset[str]:
    return frozenset(word.strip().replace(" ", "") for word in text.split(","))


HEADERS = {
    "address": _words(
        "address, address 1, address 2, address line 1, address line 2, street, street address, street number, street no, house, "
        "house number, house no, building, flat, apartment, adres, ulica, nr domu, numer domu, nr lokalu, адрес, улица, дом, "
        "номер дома, квартира, direccion, domicilio, calle, numero de calle, piso"
    ),
    "postcode": _words("postcode, post code, zip, zip code, postal code, kod pocztowy, индекс, почтовый индекс, codigo postal, cp"),
    "city": _words("city, town, suburb, miasto, miejscowosc, город, населенный пункт, ciudad, localidad"),
    "birth": _words(
        "date of birth, birth date, birthdate, birthday, dob, born, data urodzenia, urodziny, дата рождения, день рождения, "
        "fecha de nacimiento, nacimiento"
    ),
    "id": _words(
        "soc sec id, ssn, social security, social security number, national id, personal id, id card, passport, passport number, "
        "pesel, nr dowodu, dowod, paszport, regon, krs, снилс, паспорт, огрн, огрнип, окпо, dni, nie, pasaporte, curp, "
        "iban, bank account, nr konta, расчетный счет, cuenta bancaria"
    ),
}  # fmt: skip


def what_is(noun: str, column: Mapping[str, Any]) -> str:
    """What a column says of who somebody is: a field, or one of `HEADERS`; empty for nothing."""
    said = _by_header(str(column["name"]))
    if column["field"] in FIELDS[noun]:
        return said if said in NARROWER and column["field"] in ("address", "city") else str(column["field"])
    if column["field"] in ("", "note") or custom.key_of(column["field"]):
        return said
    return ""


@lru_cache(maxsize=2_000)
def _by_header(name: str) -> str:
    squeezed = fold(name).replace(" ", "")
    return next((what for what, words in HEADERS.items() if squeezed in words), "")
