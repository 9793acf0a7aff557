"""Cells as people typed them, read as what they mean. Nothing here knows a table or a record."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from typing import Any

from babel import Locale

from crm.countries import LANGUAGES
from crm.folding import fold
from migrations_data.understanding.marks import NO, YES
from migrations_data.understanding.words import EMPTY, ERRORS

ISO, DAY_FIRST, MONTH_FIRST = "ymd", "dmy", "mdy"
LONGEST_DATE = 40
_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?$")
_NUMERIC = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:[T ]\d{1,2}:\d{2}.*)?$")
_TIME = re.compile(r"[T ](\d{1,2}):(\d{2})")
_MAY_BE_NAMED = re.compile(r"^(?=.*\d{2})[\d\s.,/:-]*[^\W\d_]{3,12}[\s.,/-]+\d.*$")
_AMOUNT = re.compile(r"^[-+−]?\s*\d[\d\s.,'’]*$")
_AROUND = re.compile(r"^[^\d(+\-−]*([-+−(]?[^\d]{0,4}\d[\d\s.,'’]*\)?)[^\d]*$")
_MAIL = re.compile(r"^[^@\s,;<>()]+@[^@\s,;<>()]+\.[^@\s,;<>().\d]{2,}$")
_FORMULA = re.compile(r"^=[\w\"'(+\-@$]")
_SPACES = re.compile(r"[\s\u00a0\u202f'’]+")


class Unclear(ValueError):
    """A cell that does not read as what its column holds. `code` names what was expected."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def text(cell: Any) -> str:
    """A cell as one line without spaces around it; empty for what stands for nothing."""
    if cell is None:
        return ""
    return _bare(cell if isinstance(cell, str) else str(cell))


@lru_cache(maxsize=20_000)
def _bare(shown: str) -> str:
    """A cell is asked about many times while its table is understood."""
    bare = " ".join(shown.split())
    return "" if is_empty(bare) else bare


def is_empty(bare: str) -> bool:
    """Whether a text stands for nothing: empty, a dash, "NULL", "n/a", the error of a formula, or a formula without its value."""
    folded = bare.casefold()
    return folded in EMPTY or folded in ERRORS or is_formula(bare)


def is_formula(bare: str) -> bool:
    """Whether a text is a formula that its program never worked out."""
    return bool(_FORMULA.match(bare))


def lines(cell: Any) -> str:
    """The same, with its line breaks: for notes."""
    shown = cell if isinstance(cell, str) else text(cell)
    return "" if is_empty(shown.strip()) else shown.strip()


def day(cell: Any, order: str) -> date:
    """A date; `order` says how "03-04-2016" reads (day first or month first). Raises Unclear."""
    bare = text(cell)
    if found := _ISO.match(bare):
        year, month, number = (int(part) for part in found.groups())
    elif found := _NUMERIC.match(bare):
        first, second, year = (int(part) for part in found.groups())
        number, month = (second, first) if order == MONTH_FIRST else (first, second)
        year += 0 if year > 99 else 2000 if year < 70 else 1900
    else:
        return _named_day(bare)
    try:
        return date(year, month, number)
    except ValueError:
        raise Unclear("date") from None


def moment(cell: Any, order: str) -> str:
    """A day in ISO form, with its time when the cell has one other than midnight: "2026-11-30" or "2026-11-30T14:05". Raises Unclear."""
    found = day(cell, order)
    hour = _TIME.search(text(cell))
    if hour is None or (int(hour[1]), int(hour[2])) == (0, 0):
        return found.isoformat()
    try:
        return datetime.combine(found, time(int(hour[1]), int(hour[2]))).isoformat(timespec="minutes")
    except ValueError:
        raise Unclear("date") from None


@cache
def _months() -> dict[str, int]:
    """The names of months, folded, as they are written out and for short, in the languages of the product."""
    found = {}
    for language in LANGUAGES:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in Locale(language).months[context][width].items():
                    found[fold(name)] = number
    return found | {"sept": 9, "мая": 5}


def _named_day(bare: str) -> date:
    """A date with its month as a word: "25 kwietnia 2023", "abril 25, 2023", "Oct 12, 23"."""
    if not _MAY_BE_NAMED.match(bare) or len(bare) > LONGEST_DATE:
        raise Unclear("date")
    words = [word for word in fold(bare.partition(" at ")[0]).split() if word not in ("of", "de", "del", "g", "г", "r")]
    months = [_months()[word] for word in words if word in _months()]
    numbers = [int(found[0]) for word in words if (found := re.match(r"\d+", word)) and ":" not in word]
    if len(months) != 1 or len(numbers) < 2:
        raise Unclear("date")
    first, second = numbers[:2]
    number, year = (second, first) if first > 31 else (first, second)
    year += 0 if year > 99 else 2000 if year < 70 else 1900
    try:
        return date(year, months[0], number)
    except ValueError:
        raise Unclear("date") from None


def order_of_dates(cells: Iterable[Any]) -> tuple[str, bool, bool]:
    """How the dates of a column read; whether some day beyond the 12th shows which part is the day; whether others contradict."""
    day_first = month_first = iso = 0
    for cell in cells:
        bare = text(cell)
        if _ISO.match(bare):
            iso += 1
        elif found := _NUMERIC.match(bare):
            first, second = int(found[1]), int(found[2])
            day_first += first > 12 >= second
            month_first += second > 12 >= first
    if not day_first and not month_first:
        return (ISO, True, False) if iso else (DAY_FIRST, False, False)
    return DAY_FIRST if day_first >= month_first else MONTH_FIRST, True, bool(day_first and month_first)


def amount(cell: Any, point: str = ".") -> Decimal:
    """A number with spaces, separators, a currency around it, or brackets for minus. `point` is the decimal mark.

    Raises Unclear.
    """
    if isinstance(cell, bool):
        raise Unclear("number")
    if isinstance(cell, int | float):
        return Decimal(str(cell))
    found = _AROUND.match(text(cell))
    if not found:
        raise Unclear("number")
    bare = _SPACES.sub("", found[1])
    minus = bare.startswith(("-", "−", "("))
    bare = re.sub(r"[^\d.,]", "", bare)
    mark = _mark_in(bare, point)
    bare = bare.replace(_other(mark), "").replace(mark, ".").rstrip(".")
    try:
        value = Decimal(bare)
    except InvalidOperation:
        raise Unclear("number") from None
    return -value if minus else value


def _mark_in(bare: str, point: str) -> str:
    """The decimal mark of one number: its last one of two kinds; a single one that is not the column's groups thousands only when
    three digits follow it."""
    marks = [char for char in bare if char in ".,"]
    if not marks:
        return point
    if len(set(marks)) == 2:
        return marks[-1]
    if len(marks) > 1:
        return _other(marks[0])
    return marks[0] if marks[0] == point or len(bare.rpartition(marks[0])[2]) != 3 else _other(marks[0])


def decimal_mark(cells: Iterable[Any]) -> str:
    """The decimal mark of a column: the last one where a number has both, or one that three digits do not follow. "1.234" alone
    speaks for thousands: amounts have no third decimal."""
    votes = {".": 0.0, ",": 0.0}
    for cell in cells:
        if not isinstance(cell, str):
            continue
        marks = [char for char in cell if char in ".,"]
        if len(set(marks)) == 2:
            votes[marks[-1]] += 2
        elif marks:
            before, _mark, after = cell.rpartition(marks[0])
            grouped = len(marks) > 1 or (sum(map(str.isdigit, after)) == 3 and not before.strip().startswith("0"))
            votes[_other(marks[0]) if grouped else marks[0]] += 0.1 if grouped else 1
    return "," if votes[","] > votes["."] else "."


def _other(mark: str) -> str:
    return "," if mark == "." else "."


def whole(cell: Any, point: str = ".") -> int:
    """A whole number. Raises Unclear."""
    value = amount(cell, point)
    if value != value.to_integral_value():
        raise Unclear("whole")
    return int(value)


def year(cell: Any) -> int:
    """A year, also out of a date. Raises Unclear."""
    bare = text(cell)
    if bare.isascii() and bare.isdigit() and 1000 <= int(bare) <= 2200:
        return int(bare)
    try:
        return day(cell, DAY_FIRST).year
    except Unclear:
        raise Unclear("year") from None


def mails(cell: Any) -> list[str]:
    """The e-mail addresses of a cell, in lower case. Raises Unclear when something in it is none."""
    said = text(cell).lower().replace("mailto:", "")
    inside = re.findall(r"<([^<>\s]+@[^<>\s]+)>", said)
    parts = inside or [part for part in re.split(r"[\s,;/|]+", said) if part]
    if not all(is_mail(part) for part in parts):
        raise Unclear("mail")
    return parts


def phones(cell: Any) -> list[str]:
    """The phone numbers of a cell. Raises Unclear when a part has fewer than five digits."""
    parts = [part.strip() for part in re.split(r"[;,/|]|\bor\b", text(cell)) if part.strip()]
    if any(sum(char.isdigit() for char in part) < 5 for part in parts):
        raise Unclear("phone")
    return parts


def is_mail(bare: str) -> bool:
    return bool(_MAIL.match(bare))


def holds_mail(cell: Any) -> bool:
    try:
        return bool(mails(cell))
    except Unclear:
        return False


def is_amount(cell: Any) -> bool:
    """Whether a cell is a bare number: what has letters around it is no evidence for a column of numbers."""
    if isinstance(cell, bool):
        return False
    return isinstance(cell, int | float) or bool(_AMOUNT.match(text(cell)))


def flag(cell: Any) -> bool | None:
    """Whether a mark is set (1, "yes", "да", "tak", "sí", "x"); None for what is no mark."""
    if isinstance(cell, bool):
        return cell
    said = text(cell).casefold().removesuffix(".0").rstrip(".!")
    return True if said in YES else False if said in NO else None


def is_day(cell: Any) -> bool:
    try:
        day(cell, DAY_FIRST)
    except Unclear:
        try:
            day(cell, MONTH_FIRST)
        except Unclear:
            return False
    return True
