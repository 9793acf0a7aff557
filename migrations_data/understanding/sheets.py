"""Making sense of one sheet: where its header is, what it is about, which column fills which field."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from rapidfuzz import fuzz

from crm.countries import code_of
from crm.folding import fold
from migrations_data.understanding import values
from migrations_data.understanding.nouns import ALL, Field, Kind, Type
from migrations_data.understanding.words import MILLIONS, THOUSANDS

SAMPLE = 400
"""Rows looked at for guessing types."""
HEADER_WITHIN = 25
SURE, LIKELY = 0.9, 0.6
SAME_WORDS = 0.95
MOST, ENOUGH = 0.8, 0.4
"""From which share of its values a column has their type, and from which it may still be the field that its header says."""
LEAST_FOR_A_KIND = 3.0
WHOLE = ("key", "day")
"""Fields that only a whole header names: any table has headers with an id or a date among other words."""
OWN = "custom."
"""Begins the names of the company's own fields: a column fills one only when it is called like it."""
_CAMEL = re.compile(r"(?<=[a-zа-яё])(?=[A-ZА-ЯЁ])|(?<=[A-ZА-ЯЁ])(?=[A-ZА-ЯЁ][a-zа-яё])")
_KNOWN_HEADERS = frozenset(word for kind in ALL.values() for field in kind.fields.values() for word in field.words)


@dataclasses.dataclass
class Column:
    """A column: what its header says, what its values look like, which field it fills ("" for none), how sure that is (0..1).

    `dates` and `point` say how its dates and numbers read, `sure` whether a date shows it, `mixed` whether others contradict; amounts are
    multiplied by `unit`; `looks` is the unit that they seem to be in when the header does not say. `policy` says what becomes of values
    that records have already: "fill" blanks, write "over" them, or "never" touch them. Phones without a prefix are of `country`, amounts
    without a sign in `currency` (each empty when nothing shows it).
    """

    index: int
    name: str
    field: str = ""
    type: str = Type.TEXT
    confidence: float = 0
    dates: str = ""
    sure: bool = True
    mixed: bool = False
    point: str = "."
    unit: int = 1
    looks: int = 1
    policy: str = "fill"
    country: str = ""
    currency: str = ""
    shares: dict[str, float] = dataclasses.field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return dataclasses.asdict(self)


def header_row(rows: Sequence[tuple[int, list[Any]]]) -> int:
    """The number of the row with the names of the columns; 0 when there is none.

    The one among the first rows with the most known headers; without any, the first that is mostly text and as wide as the rest.
    """
    first = rows[:HEADER_WITHIN]
    if not first:
        return 0
    known = {number: sum(_is_known(cell) for cell in cells) for number, cells in first}
    best = max(known.values())
    if best:
        return next(number for number, _cells in first if known[number] == best)
    width = max(len(cells) for _number, cells in rows[: HEADER_WITHIN * 2])
    return next((number for number, cells in first if _mostly_text(cells, width)), 0)


def _is_known(cell: Any) -> bool:
    return isinstance(cell, str) and header_words(cell) in _KNOWN_HEADERS


def _mostly_text(cells: Sequence[Any], width: int) -> bool:
    filled = [cell for cell in cells if values.text(cell)]
    texts = [
        cell for cell in filled if isinstance(cell, str) and not values.is_amount(cell) and not values.is_day(cell)
    ]
    return len(filled) >= max(1, width * 0.6) and len(texts) >= len(filled) * 0.8


def header_words(header: str) -> str:
    """A header folded, with its words apart: "IDKlienta" -> "id klienta", "close_value" -> "close value"."""
    return fold(_CAMEL.sub(" ", header))


def columns_of(header: Sequence[Any], rows: Sequence[tuple[int, list[Any]]]) -> list[Column]:
    """The columns of a sheet with what their values look like; columns without a header and without values are left out."""
    width = max([len(header), *(len(cells) for _number, cells in rows[:SAMPLE])])
    columns = []
    for index in range(width):
        name = values.text(header[index]) if index < len(header) else ""
        cells = [cells[index] for _number, cells in rows if index < len(cells) and values.text(cells[index])]
        if name or cells:
            columns.append(_column(index, name or f"#{index + 1}", cells))
    return columns


def _column(index: int, name: str, cells: Sequence[Any]) -> Column:
    sample = cells[:SAMPLE]
    shares = shares_of(sample)
    column = Column(index=index, name=name[:200], type=type_of(shares), shares=shares)
    if column.type == Type.DATE:
        column.dates, column.sure, column.mixed = values.order_of_dates(cells)
    column.point = values.decimal_mark(sample)
    column.unit = unit_of(name)
    return column


def unit_of(header: str) -> int:
    """By how much the amounts under this header are to be multiplied ("revenue, mln" -> 1,000,000)."""
    asked = set(header_words(header).split())
    if asked & set(MILLIONS):
        return 1_000_000
    return 1_000 if asked & set(THOUSANDS) else 1


def shares_of(cells: Sequence[Any]) -> dict[str, float]:
    """Of how many values one could say that they are a date, a number and so on (0..1); nothing for a column without values."""
    filled = [text for text in map(values.text, cells) if text]
    return {kind: sum(map(looks, filled)) / len(filled) for kind, looks in _LOOKS.items()} if filled else {}


def type_of(shares: Mapping[str, float]) -> str:
    """What most values look like; "" for a column without values."""
    return next((kind for kind, share in shares.items() if share >= MOST), Type.TEXT if shares else "")


def _is_year(bare: str) -> bool:
    return len(bare) == 4 and bare.isdigit() and "1700" <= bare <= "2100"


def _is_phone(bare: str) -> bool:
    """Nine digits in groups are a phone rather than hundreds of millions."""
    numbers = sum(char.isdigit() for char in bare)
    if values.is_amount(bare) and bare[0] not in "+0":
        return numbers >= 9 and not bare.isdigit() and not {".", ","} & set(bare)
    return 7 <= numbers <= 24 and numbers >= 0.5 * len(bare) and (bare[0] in "+(0" or not bare.isdigit())


_LOOKS: dict[str, Any] = {
    Type.DATE: values.is_day,
    Type.YEAR: _is_year,
    Type.PHONE: _is_phone,
    Type.NUMBER: values.is_amount,
    Type.MAIL: values.holds_mail,
    Type.COUNTRY: lambda bare: len(bare) > 2 and bool(code_of(bare)),
}
_FITS: dict[Type, tuple[str, ...]] = {
    Type.MONEY: (Type.NUMBER,),
    Type.NUMBER: (Type.NUMBER,),
    Type.YEAR: (Type.YEAR, Type.DATE),
    Type.FIGURE: (Type.NUMBER, Type.YEAR),
    Type.SUM: (Type.NUMBER,),
    Type.DATE: (Type.DATE,),
    Type.MOMENT: (Type.DATE,),
    Type.MAIL: (Type.MAIL,),
}


def match(column: Column, field: Field) -> float:
    """How well a column fits a field, 0..1: by its header, lowered when its values contradict, and by values alone for mails,
    countries and phones."""
    by_name = _by_name(header_words(column.name), field.words)
    if by_name < SAME_WORDS and (field.name in WHOLE or field.name.startswith(OWN)):
        by_name = 0
    if column.shares and field.type in _FITS and max(column.shares.get(kind, 0) for kind in _FITS[field.type]) < ENOUGH:
        by_name *= 0.45
    if field.type == Type.NAME and column.type in (Type.DATE, Type.MAIL):
        by_name *= 0.4
    if field.name == "city" and column.type == Type.COUNTRY:
        by_name *= 0.3
    by_value = 0.75 if column.type in (Type.MAIL, Type.COUNTRY, Type.PHONE) and field.type == column.type else 0.0
    return round(max(by_name, by_value), 2)


def _by_name(asked: str, words: Iterable[str]) -> float:
    best = 0.0
    asked_set = set(asked.split())
    for word in words:
        if word == asked:
            return 1.0
        word_set = set(word.split())
        if word_set == asked_set:
            best = max(best, SAME_WORDS)
        elif len(word) > 2 and word_set < asked_set:
            best = max(best, 0.6 + 0.2 * len(word_set) / len(asked_set))
        elif len(asked) > 4 and fuzz.ratio(word, asked) >= 88:
            best = max(best, 0.75)
    return best


def assign(columns: Sequence[Column], kind: Kind) -> float:
    """Give each column its field of `kind`, the surest first, each field once unless it is `many`; returns how well it all fits."""
    for column in columns:
        column.field, column.confidence = "", 0
    pairs = [
        (match(column, field), column.index, column, field) for column in columns for field in kind.fields.values()
    ]
    taken: set[str] = set()
    score = 0.0
    for fit, _index, column, field in sorted(pairs, key=lambda pair: (-pair[0], -pair[3].weight, pair[1])):
        if fit < 0.5 or column.field or (field.name in taken and not field.many):
            continue
        if field.name in taken and field.name != "note" and fit < SURE:
            continue
        column.field, column.confidence = field.name, fit
        score += 0 if field.name in taken else fit * field.weight
        taken.add(field.name)
    if not all(taken & set(group) for group in kind.needs):
        return 0.0
    return score


def guess(columns: Sequence[Column], *names: str, kinds: Iterable[Kind] = ALL.values()) -> tuple[str, float]:
    """The kind of table these columns make, with its columns assigned, and how sure that is (0..1); "" when none fits.

    `names` are those of the sheet and its file: a word in them speaks for a kind.
    """
    known = {kind.name: kind for kind in kinds}
    scores = sorted(((assign(columns, kind) + _named(kind, names), kind.name) for kind in known.values()), reverse=True)
    (best, name), (second, _other) = scores[0], scores[1]
    if best < LEAST_FOR_A_KIND or assign(columns, known[name]) == 0:
        for column in columns:
            column.field, column.confidence = "", 0
        return "", 0.0
    covered = sum(bool(column.field) for column in columns) / max(len(columns), 1)
    return name, round(min(1.0, 0.5 * covered + 0.5 * min(1.0, 2 * (best - second) / best)), 2)


def _named(kind: Kind, names: Iterable[str]) -> float:
    said = " ".join(header_words(name) for name in names)
    return 2.0 if any(re.search(rf"\b{re.escape(word)}\b", said) for word in kind.words) else 0.0


def revenue_looks_scaled(revenues: Sequence[Decimal], employees: Sequence[Decimal]) -> int:
    """The unit that a column of revenues without one seems to be in: 1,000,000 where each employee would earn cents otherwise."""
    pairs = [each / staff for each, staff in zip(revenues, employees, strict=True) if staff > 0 and each > 0]
    if len(pairs) < 3:
        return 1
    typical = sorted(pairs)[len(pairs) // 2]
    if typical < 5:
        return 1_000_000
    return 1_000 if typical < 2_000 else 1
