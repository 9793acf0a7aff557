"""What is compared of a client: read quickly from the cells of a row, with the columns that have no field of their own too.

Rows are read as people would glance over them: a phone is its last digits, a birth date its digits. What `Reader` makes of a row is
exact and dear; this is for telling who may be the same, and every row of a table goes through it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from crm import names
from crm.folding import fold
from crm.keys import FREE_MAIL, own_domain
from crm.services.duplicates import SAME_PHONE, SHORTEST_PHONE
from migrations_data.matching.headers import what_is

NOTHING: frozenset[str] = frozenset()
_DIGITS = re.compile(r"\d+")
_NOT_DIGITS = re.compile(r"\D+")
_SEVERAL = re.compile(r"[;,/|\n]")
_MAIL = re.compile(r"[^\s,;<>()]+@[^\s,;<>()]+\.[^\s,;<>()]+")
_EMPTY = frozenset({"", "null", "none", "n a", "na", "nan", "brak", "нет", "0"})


@dataclass(slots=True)
class Traits:
    """A row or a record as it is compared. Texts are folded; `name` is without its legal form, which is `form`. `phones` are last
    digits from the end; `at` is the company of a person; `ids` are numbers that should be one person's own."""

    pk: int
    name: str = ""
    form: tuple[str, ...] = ()
    tax: str = ""
    domain: str = ""
    phones: frozenset[str] = NOTHING
    mails: frozenset[str] = NOTHING
    address: str = ""
    house: str = ""
    city: str = ""
    postcode: str = ""
    birth: str = ""
    ids: frozenset[str] = NOTHING
    at: str = ""


class Glance:
    """Reads the rows of one sheet as traits: which column says what, found once."""

    def __init__(self, noun: str, columns: Sequence[Mapping[str, Any]]) -> None:
        self.noun = noun
        self.places: dict[str, list[int]] = {}
        for column in columns:
            what = what_is(noun, column)
            if what and column["index"] >= 0:
                self.places.setdefault(what, []).append(column["index"])

    def read(self, pk: int, cells: Sequence[Any], fixes: Mapping[str, Any] | None = None) -> Traits:
        """The traits of a row."""
        if fixes:
            cells = [fixes.get(str(place), cell) for place, cell in enumerate(cells)]
        said = {
            what: [str(cells[place]) for place in places if place < len(cells) and cells[place] not in (None, "")]
            for what, places in self.places.items()
        }
        return traits(self.noun, pk, said)


def traits(noun: str, pk: int, said: Mapping[str, Sequence[str]]) -> Traits:
    """Traits out of texts by what they are."""
    found = Traits(pk)
    name = " ".join(said.get("name") or [*said.get("first_name", ()), *said.get("last_name", ())])
    if noun == "company":
        found.name, found.form = company_name(name)
        found.tax = _tax(_first(said, "tax_number"))
        found.domain = own_domain(*said["domain"]) if "domain" in said else ""
        found.domain = found.domain or _domain_of_mail(_first(said, "email"))
    else:
        found.name = _said(name)
        found.at = company_name(_first(said, "company"))[0]
    found.phones = phones(said.get("phone", ()))
    found.mails = mails(said.get("email", ()))
    if "address" in said:
        found.address, found.house = address(" ".join(said["address"]))
    found.city = _city(_first(said, "city"))
    found.postcode = _said(_first(said, "postcode")).replace(" ", "") if "postcode" in said else ""
    found.birth = digits_of(_first(said, "birth"))
    if "id" in said:
        found.ids = frozenset(number for one in said["id"] if len(number := _said(one).replace(" ", "")) > 3)
    return found


def _first(said: Mapping[str, Sequence[str]], what: str) -> str:
    listed = said.get(what)
    return listed[0] if listed else ""


def _said(text: str) -> str:
    folded = fold(text) if text else ""
    return "" if folded in _EMPTY else folded


@lru_cache(maxsize=5_000)
def _city(text: str) -> str:
    return _said(text)


def _domain_of_mail(text: str) -> str:
    """The domain of an address when it is a company's own."""
    domain = text.rpartition("@")[2].strip().lower()
    return domain if "." in domain and domain not in FREE_MAIL else ""


def _tax(text: str) -> str:
    bare = re.sub(r"[\W_]+", "", text).upper()
    return bare[2:] if bare[:2].isalpha() and bare[2:].isdigit() else bare


@lru_cache(maxsize=2_000)
def company_name(name: str) -> tuple[str, tuple[str, ...]]:
    """A company's name without its legal form, and the form."""
    folded = _said(name)
    return names.parted(folded) if folded else ("", ())


def phones(texts: Iterable[str]) -> frozenset[str]:
    """The ends of phone numbers, backwards."""
    found = []
    for text in texts:
        for part in _SEVERAL.split(text.removesuffix(".0")):
            number = _NOT_DIGITS.sub("", part)[::-1]
            if len(number) >= SHORTEST_PHONE and len(set(number)) > 2:
                found.append(number[:SAME_PHONE])
    return frozenset(found)


def mails(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(one for text in texts for one in _MAIL.findall(text.lower()))


def address(text: str) -> tuple[str, str]:
    """The words of an address, and its first number."""
    folded = _said(text)
    number = _DIGITS.search(folded)
    return folded, number.group() if number else ""


def digits_of(text: str) -> str:
    """The digits of a date, year first when it is told apart."""
    if not text:
        return ""
    parts = _DIGITS.findall(text[:10])
    if len(parts) == 3 and len(parts[2]) == 4:
        parts.reverse()
    return "".join(part.zfill(2) for part in parts)
