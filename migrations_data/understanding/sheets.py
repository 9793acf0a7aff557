"""Making sense of one sheet: where its header is, what it is about, which column fills which field."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from rapidfuzz import fuzz

from crm.countries import code_of
from migrations_data.understanding import cleaning, values
from migrations_data.understanding.marks import IDS, PROOFS
from migrations_data.understanding.nouns import ALL, Field, Kind, Type
from migrations_data.understanding.ours import reasons
from migrations_data.understanding.tables import header_words
from migrations_data.understanding.words import MILLIONS, PAID, THOUSANDS

SAMPLE = 400
"""Rows looked at for guessing types."""
SURE, LIKELY = 0.9, 0.6
SAME_WORDS = 0.95
MOST, ENOUGH = 0.8, 0.4
"""From which share of its values a column has their type, and from which it may still be the field that its header says."""
LEAST_FOR_A_KIND = 3.0
LEAST = {"deals": 4.0}
LISTED_ONCE = 0.5
"""A list of products names each once: where most names come again, the rows are sales of them."""
KEY_LIKE = 0.92
STAFF = 6.0
"""What it says for people who work here that the sheet or file is called after them: nothing else tells them from people at clients."""
NAMED = 0.8
"""How sure the kind of a sheet is at least when its name says it and its columns agree."""
WHOLE = ("key", "day", "title")
"""Fields that only a whole header names: any table has headers with an id or a date among other words."""
OWN = "custom."
"""Begins the names of the company's own fields: a column fills one only when it is called like it."""


@dataclasses.dataclass
class Column:
    """A column: what its header says, what its values look like, which field it fills ("" for none), how sure that is (0..1).

    `dates` and `point` say how its dates and numbers read, `sure` whether a date shows it, `mixed` whether others contradict; amounts are
    multiplied by `unit`; `looks` is the unit that they seem to be in when the header does not say. `policy` says what becomes of values
    that records have already: "fill" blanks, write "over" them, or "never" touch them. Phones without a prefix are of `country`, amounts
    without a sign in `currency` (each empty when nothing shows it). A column of ids that another sheet explains has that sheet as its
    `link`; when its records are found by name, `names` has the name for each id. Ids that begin anew in another sheet of the same kind are
    told apart by their `space`. The values of a `unique` one are all different;
    `distinct` is the share of different ones.
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
    link: int = 0
    space: str = ""
    names: dict[str, str] = dataclasses.field(default_factory=dict)
    unique: bool = False
    distinct: float = 1
    shares: dict[str, float] = dataclasses.field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return dataclasses.asdict(self)


def columns_of(header: Sequence[Any], rows: Sequence[tuple[int, list[Any]]], width: int = 0) -> list[Column]:
    """The columns of a sheet with what their values look like; columns without a header and without values are left out. `width` is
    that of its widest row, when `rows` are not all of them."""
    seen = max([len(header), *(len(cells) for _number, cells in rows)])
    columns = []
    for index in range(max(seen, width)):
        name = values.text(header[index]) if index < len(header) else ""
        cells = [cells[index] for _number, cells in rows if index < len(cells) and values.text(cells[index])]
        if (name or cells or index >= seen) and name not in reasons():
            columns.append(_column(index, name or f"#{index + 1}", cells))
    return columns


def _column(index: int, name: str, cells: Sequence[Any]) -> Column:
    sample = cells[:SAMPLE]
    shares = shares_of(sample)
    column = Column(index=index, name=name[:200], type=type_of(shares), shares=shares)
    if column.type == Type.DATE:
        column.dates, column.sure, column.mixed = values.order_of_dates(cells)
    column.distinct = len({values.text(cell) for cell in sample}) / len(sample) if sample else 0
    column.unique = column.distinct == 1
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
    Type.NUMBER: lambda bare: values.is_amount(bare) or cleaning.is_money(bare),
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


def words_of_all(columns: Sequence[Column]) -> frozenset[str]:
    """Words in most of the headers say what the table is about and nothing of a column ("IMIE_KLIENTA", "ADRES_KLIENTA")."""
    counts = Counter(word for column in columns for word in set(header_words(column.name).split()))
    return frozenset(word for word, times in counts.items() if times >= max(3, 0.6 * len(columns)) and len(word) > 2)


def match(column: Column, field: Field, common: frozenset[str] = frozenset()) -> float:
    """How well a column fits a field, 0..1: by its header, lowered when its values contradict, and by values alone for mails,
    countries and phones. `common` are words that nearly all headers have."""
    said = header_words(column.name)
    by_name = _by_name(said, field.words)
    if common & set(said.split()) and field.name not in WHOLE:
        bare = " ".join(word for word in said.split() if word not in common)
        by_name = max(by_name, 0.97 * _by_name(bare, field.words)) if bare else by_name
    if by_name < SAME_WORDS and (field.name in WHOLE or field.name.startswith(OWN)):
        by_name = KEY_LIKE if field.name == "key" and _is_key(column, said) else 0
    if field.name == "stage" and any(word.startswith(PAID) for word in said.split()):
        by_name = 0
    if column.shares and field.type in _FITS and max(column.shares.get(kind, 0) for kind in _FITS[field.type]) < ENOUGH:
        by_name *= 0.45
    if field.type == Type.NAME and column.type in (Type.DATE, Type.MAIL):
        by_name *= 0.4
    if field.name == "city" and column.type == Type.COUNTRY:
        by_name *= 0.3
    by_value = 0.75 if column.type in (Type.MAIL, Type.COUNTRY, Type.PHONE) and field.type == column.type else 0.0
    return round(max(by_name, by_value), 2)


def _is_key(column: Column, said: str) -> bool:
    """Whether a column numbers the rows of its own sheet: the first one, called an id of something, each value once."""
    words = set(said.split())
    return column.index == 0 and column.unique and bool(words & set(IDS)) and len(words) <= 3


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


def clear(columns: Iterable[Column]) -> None:
    """Take every column's field from it."""
    for column in columns:
        column.field, column.confidence = "", 0


def assign(columns: Sequence[Column], kind: Kind) -> float:
    """Give each column its field of `kind`, the surest first, each field once unless it is `many`; returns how well it all fits."""
    clear(columns)
    common = words_of_all(columns)
    pairs = [
        (match(column, field, common), column.index, column, field)
        for column in columns
        for field in kind.fields.values()
    ]
    taken: set[str] = set()
    score = 0.0
    for fit, _index, column, field in sorted(pairs, key=lambda pair: (-pair[0], -pair[3].weight, pair[1])):
        if fit < 0.5 or column.field or (field.name in taken and not field.many):
            continue
        if field.name in taken and field.name != "note" and fit < SURE and not _is_another(column, field):
            continue
        column.field, column.confidence = field.name, fit
        score += 0 if field.name in taken else fit * field.weight
        taken.add(field.name)
    if not all(taken & set(group) for group in kind.needs):
        return 0.0
    return score


def _is_another(column: Column, field: Field) -> bool:
    """Whether a column is one more phone or mail beside the first; a fax is none."""
    fax = any(word.startswith(("fax", "faks", "факс")) for word in header_words(column.name).split())
    return field.type in (Type.PHONE, Type.MAIL) and column.type == field.type and not fax


def guess(columns: Sequence[Column], *names: str, kinds: Iterable[Kind] = ALL.values()) -> tuple[str, float]:
    """The kind of table these columns make, with its columns assigned, and how sure that is (0..1); "" when none fits.

    `names` are those of the sheet and its file: a word in them speaks for a kind.
    """
    known = {kind.name: kind for kind in kinds}
    told = {kind.name: _named(kind, names) for kind in known.values()}
    if told["people"] and sum(map(bool, told.values())) == 1:
        told["people"] = STAFF
    proofs = _proofs(columns)
    scores = sorted(
        ((assign(columns, kind) + told[name] + proofs.get(name, 0), name) for name, kind in known.items()), reverse=True
    )
    for best, name in scores:
        if best < LEAST.get(name, LEAST_FOR_A_KIND) or assign(columns, known[name]) == 0 or _sells(name, columns):
            continue
        second = max(score for score, other in scores if other != name)
        covered = sum(bool(column.field) for column in columns) / max(len(columns), 1)
        sure = round(max(0.0, min(1.0, 0.5 * covered + 0.5 * min(1.0, 2 * (best - second) / best))), 2)
        alone = told[name] and not any(points for other, points in told.items() if other != name)
        return name, max(sure, NAMED) if (alone or name in proofs) and best - second > 0.1 * best else sure
    clear(columns)
    return "", 0.0


def _sells(kind: str, columns: Sequence[Column]) -> bool:
    """Whether what looks like a list of products tells of their sales."""
    return kind == "products" and any(column.field == "name" and column.distinct < LISTED_ONCE for column in columns)


def _named(kind: Kind, names: Iterable[str]) -> float:
    said = " ".join(header_words(name) for name in names)
    return 2.0 if any(re.search(rf"\b{re.escape(word)}\b", said) for word in kind.words) else 0.0


def _proofs(columns: Sequence[Column]) -> dict[str, float]:
    """Headers that only tables of one kind have, though no field takes them: people who work here were hired one day."""
    heads = {header_words(column.name) for column in columns}
    return {kind: weight * len(found) for kind, (weight, words) in PROOFS.items() if (found := heads & set(words))}


def revenue_looks_scaled(revenues: Sequence[Decimal], employees: Sequence[Decimal]) -> int:
    """The unit that a column of revenues without one seems to be in: 1,000,000 where each employee would earn cents otherwise."""
    pairs = [each / staff for each, staff in zip(revenues, employees, strict=True) if staff > 0 and each > 0]
    if len(pairs) < 3:
        return 1
    typical = sorted(pairs)[len(pairs) // 2]
    if typical < 5:
        return 1_000_000
    return 1_000 if typical < 2_000 else 1
