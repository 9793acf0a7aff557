"""Values put in order on their way in: names, phones, codes, amounts with their currency. What is changed is told to the caller."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import phonenumbers

from crm import names, phones
from crm.folding import digits, fold
from migrations_data.understanding import values
from migrations_data.understanding.nouns import Field, Type
from migrations_data.understanding.own import MARK
from migrations_data.understanding.values import Unclear

Tell = Callable[[str, str, str], None]
"""(code of a finding, as it was, as it is now)"""
CODES = ("key", "tax_number", "number", "company", "contact", "deal", "postcode")
"""Fields that hold codes, which table programs like to make numbers of."""
SPACE = ":"
"""Stands between the space of an id and the id itself, where two sheets of one kind both number from 1."""
ACRONYM, BRAND = 3, 5
"""Words in capitals up to this length are left as they are: they are mostly short for something. A name of one word may be longer."""
PHONE_LENGTHS = range(5, 16)
SIGNS = {
    "€": "EUR", "$": "USD", "£": "GBP", "zł": "PLN", "zl": "PLN", "₽": "RUB", "руб": "RUB", "р": "RUB", "₴": "UAH", "грн": "UAH",
    "kč": "CZK", "kc": "CZK", "ft": "HUF", "us$": "USD", "u$s": "USD", "¥": "JPY",
}  # fmt: skip
CURRENCIES = frozenset(
    [
        "EUR",
        "USD",
        "GBP",
        "PLN",
        "RUB",
        "UAH",
        "CZK",
        "HUF",
        "CHF",
        "SEK",
        "NOK",
        "DKK",
        "RON",
        "BGN",
        "TRY",
        "JPY",
        "CNY",
        "ARS",
        "MXN",
        "BRL",
        "CLP",
        "COP",
        "PEN",
        "CAD",
        "AUD",
        "KZT",
        "BYN",
    ]
)
LIKELY_COUNTRIES = ("PL", "RU", "UA", "ES", "DE", "FR", "IT", "CZ", "GB", "US", "AR", "MX")
"""Countries tried for phones without a prefix when nothing else tells."""
VALID_ENOUGH = 0.6
_NORTH_AMERICA = re.compile(r"^\(?[2-9]\d{2}\)?[\s.-]\d{3}[\s.-]\d{4}(?:\s*x\d+)?$")
_MONEY = re.compile(r"^[^\W\d]{0,4}\.?[€$£₽₴¥]?\s*[-+−]?\s*\d[\d\s.,'’]*[^\W\d]{0,4}\.?[€$£₽₴¥]?$")
_FLOAT = re.compile(r"^(\d+)[.,]0+$")
_POWER = re.compile(r"^(\d)(?:[.,](\d+))?[eE]\+?(\d+)$")
_QUOTES = ('""', "“”", "„”", "«»", "''")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def value(field: Field, column: Any, cell: Any, tell: Tell) -> Any:
    """What a cell says in its field, put in order; None for a mark that is not set. `column` is a `sheets.Column`. Raises Unclear."""
    if field.type == Type.MARK:
        return MARK if values.flag(cell) else None
    if field.type == Type.PHONE:
        return phone_numbers(cell, column.country)
    if field.type in (Type.TEXT, Type.NAME):
        said = text(field, cell, tell)
        said = column.names.get(said, said) if column.names else said
        return f"{column.space}{SPACE}{said}" if column.space and said else said
    return _PLAIN[field.type](cell, column)


_PLAIN: Mapping[Type, Callable[[Any, Any], Any]] = {
    Type.COUNTRY: lambda cell, column: values.text(cell),
    Type.NUMBER: lambda cell, column: values.whole(cell, column.point),
    Type.YEAR: lambda cell, column: values.year(cell),
    Type.DATE: lambda cell, column: values.day(cell, column.dates).isoformat(),
    Type.MOMENT: lambda cell, column: values.moment(cell, column.dates),
    Type.FIGURE: lambda cell, column: f"{values.amount(cell, column.point):f}",
    Type.SUM: lambda cell, column: f"{values.amount(cell, column.point) * column.unit:f}",
    Type.MAIL: lambda cell, column: values.mails(cell),
}


def text(field: Field, cell: Any, tell: Tell) -> str:
    """A text, by its field: codes lose what a table program made of them, names the shouting."""
    if field.name in CODES:
        said, rounded = code(cell)
        if rounded:
            tell("rounded", values.text(cell), said)
        return said
    said = values.text(cell)
    if not field.case:
        return said
    better = firm(said) if field.case == "firm" else person(said)
    if better != said:
        tell("name", said, better)
    return better


def is_number(text: str) -> bool:
    """Whether a text is an id and nobody's name: digits, with or without the space that they belong to."""
    return text.rpartition(SPACE)[2].isdigit()


def code(cell: Any) -> tuple[str, bool]:
    """A code as text ("0017", 123.0 -> "123"), and whether a table program has rounded it: then its last digits are lost."""
    said = values.text(cell)
    if found := _FLOAT.match(said):
        return found[1], False
    if found := _POWER.match(said):
        given = len(found[1] + (found[2] or ""))
        try:
            whole = f"{Decimal(said.replace(',', '.')):f}".partition(".")[0]
        except InvalidOperation:
            return said, False
        return whole, given <= int(found[3])
    return said, False


def person(name: str) -> str:
    """A person's name without quotes around it, with capitals where all letters were large or all small."""
    bare = _unquoted(name)
    if not _is_one_case(bare):
        return bare
    return _WORD.sub(lambda word: _capital(word[0]) if len(word[0]) > 1 else word[0].upper(), bare.lower())


def firm(name: str) -> str:
    """A company's name without quotes around it. In capitals alone, its long words get small letters; its legal form stays."""
    bare = _unquoted(name)
    if not _is_one_case(bare):
        return bare
    words = [word for word in _WORD.findall(bare) if fold(word) not in names.LEGAL_FORMS]
    if bare.isupper() and (not words or (len(words) == 1 and len(words[0]) <= BRAND)):
        return bare
    return _WORD.sub(lambda word: _cased(word[0]), bare)


def _cased(word: str) -> str:
    if word.isupper():
        return word if len(word) <= ACRONYM else _capital(word)
    return word if fold(word) in names.LEGAL_FORMS else word[0].upper() + word[1:]


def _capital(word: str) -> str:
    """A word with a capital, and one behind an apostrophe that more than an ending follows: "O'Neil"."""
    return re.sub(r"(^|['’](?=[^\W\d_]{2}))([^\W\d_])", lambda found: found[1] + found[2].upper(), word.lower())


def _is_one_case(name: str) -> bool:
    return (name.isupper() or name.islower()) and any(len(word) > 1 for word in _WORD.findall(name))


def _unquoted(name: str) -> str:
    bare = name.strip(" \t,;")
    for pair in _QUOTES:
        opening, closing = pair[0], pair[1]
        if (
            len(bare) > 2
            and bare[0] == opening
            and bare[-1] == closing
            and bare.count(opening) + bare.count(closing) <= 4
        ):
            inside = bare[1:-1]
            if opening not in inside and closing not in inside:
                return inside.strip()
    return bare


def phone_numbers(cell: Any, country: str) -> list[str]:
    """The phone numbers of a cell: with their prefix when they can exist in `country`, as they stand when not. Raises Unclear."""
    said, rounded = code(cell)
    if rounded:
        raise Unclear("phone")
    found = []
    for part in values.phones(said):
        number = phones.parsed(part, country)
        if number is not None and phonenumbers.is_valid_number(number):
            part = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
        found.append(part)
    return list(dict.fromkeys(found))


def country_of_phones(cells: Iterable[Any], *, home: str, beside: Iterable[str] = ()) -> str:
    """The country in which most phones without a prefix can exist: one that the rows name when they can there, else the
    company's own, else a likely one. `beside` are the countries of the rows. Empty when none fits."""
    numbers = [said for said, rounded in map(code, cells) if not rounded and not said.startswith("+")][:200]
    if not numbers:
        return home
    if sum(bool(_NORTH_AMERICA.match(number)) for number in numbers) >= VALID_ENOUGH * len(numbers):
        return "US"
    named = [one for one, _times in Counter(one for one in beside if one).most_common(3)]
    shares = {
        one: sum(phones.is_valid(number, one) for number in numbers) / len(numbers)
        for one in dict.fromkeys((home, *named, *LIKELY_COUNTRIES))
        if one
    }
    for one in (*named, home):
        if shares.get(one, 0) >= VALID_ENOUGH:
            return one
    best = max(shares, key=lambda one: shares[one], default="")
    return best if shares.get(best, 0) >= VALID_ENOUGH else home


def currency_of(text_: str) -> str:
    """The currency that stands with an amount or in a header ("1 200,50 zł" -> "PLN"); empty when none does."""
    for word in re.findall(r"[^\W\d_]+\$?|[€$£₽₴¥]|US\$|U\$S", text_):
        if word.upper() in CURRENCIES:
            return word.upper()
        if found := SIGNS.get(word.casefold()):
            return found
    return ""


def is_money(cell: Any) -> bool:
    """Whether a cell is a number with a currency before or behind it."""
    bare = values.text(cell)
    return isinstance(cell, str) and bool(_MONEY.match(bare)) and bool(currency_of(bare))


def currency_of_cells(cells: Iterable[Any]) -> str:
    """The currency of most of the cells that have one."""
    found = Counter(one for one in (currency_of(cell) for cell in cells if isinstance(cell, str)) if one)
    return found.most_common(1)[0][0] if found else ""


def address(found: dict[str, Any]) -> None:
    """Put street, postcode and region of a row into its address, each once."""
    parts = [found.get("address", ""), found.pop("postcode", ""), found.pop("region", "")]
    kept: list[str] = []
    for part in parts:
        if part and not any(fold(part) in fold(one) for one in kept):
            kept.append(part)
    if kept:
        found["address"] = ", ".join(kept)


def is_phone_number(cell: Any) -> bool:
    """Whether a bare number has as many digits as a phone with its prefix."""
    return len(digits(code(cell)[0])) in PHONE_LENGTHS
