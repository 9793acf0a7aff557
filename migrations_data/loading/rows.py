"""A row of cells read by field: what it says, what was wrong with it, what was put right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from migrations_data.understanding import cleaning, values
from migrations_data.understanding.nouns import Field, Kind, Type
from migrations_data.understanding.sheets import Column
from migrations_data.understanding.values import Unclear

MOST_KNOWN = 5000
"""So many different texts of a column are kept in mind."""
ADDED_UP = (Type.MONEY, Type.NUMBER, Type.FIGURE, Type.SUM)
FILL, OVER, NEVER = "fill", "over", "never"
"""What a column does to a field that holds something: only what its table says anew goes in, always, never."""
VIRTUAL = {-1: "comment", -2: "colour"}
"""Columns that no cell fills: index -> where the row's extras have it."""

Finding = tuple[str, str, str, str]
"""(code, column, as it was, as it is now)"""


@dataclass(frozen=True)
class Problem:
    """Why a row is not taken: a code of `problems.MESSAGES`, the column, and the cell or another detail for the message."""

    code: str
    column: str = ""
    detail: str = ""


@dataclass
class Row:
    """A row as `parse` reads it. `values` has the fields that hold something, in plain JSON types: amounts in minor units, dates
    in ISO form, phones and mails as lists. `amounts` are the figures of columns that are added up, by header, as the table has them."""

    pk: int
    number: int
    values: dict[str, Any] = field(default_factory=dict)
    amounts: dict[str, Decimal] = field(default_factory=dict)
    problem: Problem | None = None
    key: str = ""
    own_key: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What a cell says: its value, or why it could not be read; what was put right; the currency that stands with an amount."""

    value: Any = None
    unclear: str = ""
    told: tuple[tuple[str, str, str], ...] = ()
    figure: Decimal | None = None
    currency: str = ""


NOTHING = Said()


LONGEST: Mapping[str, Mapping[str, int]] = {
    "companies": {"industry": 80, "address": 250, "city": 100, "country": 60},
    "contacts": {"title": 120, "city": 100},
    "deals": {"title": 200, "competitor": 120},
    "tasks": {"title": 200},
}
"""Texts that are cut at so many letters, because the records have no room for more."""


class Part:
    """A column of a sheet with the field that it fills. Texts that come again, like cities, are read once."""

    def __init__(self, column: Column, of: Field) -> None:
        self.column, self.of, self.index = column, of, column.index
        self.known: dict[str, Said] = {}

    def say(self, cell: Any) -> Said:
        """What a cell says."""
        if type(cell) is not str:
            return self._read(cell)
        found = self.known.get(cell)
        if found is None:
            found = self._read(cell)
            if len(self.known) < MOST_KNOWN:
                self.known[cell] = found
        return found

    def _read(self, cell: Any) -> Said:
        column, of = self.column, self.of
        told: list[tuple[str, str, str]] = []
        if not values.text(cell):
            shown = str(cell).strip()
            code = "formula" if values.is_formula(shown) else "empty"
            return Said(told=((code, shown, ""),)) if shown else NOTHING
        try:
            if of.name == "note":
                return Said(values.lines(cell))
            if of.type == Type.MONEY:
                figure = values.amount(cell, column.point)
                sign = cleaning.currency_of(cell) if isinstance(cell, str) else ""
                return Said(minor(figure * column.unit), figure=figure, currency=sign or column.currency)
            said = cleaning.value(of, column, cell, lambda *one: told.append(one))
            return Said(said, told=tuple(told), figure=_figure(column, of, said))
        except Unclear as unclear:
            return Said(values.text(cell), unclear=unclear.code, told=tuple(told))


def _figure(column: Column, of: Field, said: Any) -> Decimal | None:
    """The number of a column that is added up, as the table has it."""
    if of.type == Type.SUM:
        return Decimal(said) / column.unit
    return Decimal(said) if of.type in (Type.NUMBER, Type.FIGURE) else None


class Reader:
    """Reads the rows of one sheet; `findings` counts what it put right."""

    def __init__(self, kind: Kind, columns: Sequence[Mapping[str, Any]]) -> None:
        self.kind = kind
        self.findings: Counter[Finding] = Counter()
        self.columns = [
            (Column(**column), kind.fields[column["field"]]) for column in columns if column["field"] in kind.fields
        ]
        self.parts = [Part(column, of) for column, of in self.columns]
        self.policies = {of.name: column.policy for column, of in reversed(self.columns)}
        if "name" not in self.policies:  # it is put together out of first and last name
            self.policies["name"] = self.policies.get("last_name", self.policies.get("first_name", FILL))
        self.titled_notes = sum(of.name == "note" for _column, of in self.columns) > 1
        self.joins_address = any(of.name in ("postcode", "region") for _column, of in self.columns)

    def column_of(self, name: str) -> str:
        """The header of the column that fills a field; empty when none does."""
        return next((column.name for column, of in self.columns if of.name == name), "")

    def figure_columns(self) -> list[str]:
        """The headers of the columns that are added up: amounts and numbers."""
        return [column.name for column, of in self.columns if of.type in ADDED_UP]

    def parse(
        self,
        pk: int,
        number: int,
        cells: Sequence[Any],
        extras: Mapping[str, Any] | None = None,
        fixes: Mapping[str, Any] | None = None,
    ) -> Row:
        """What the cells say, or the coordinator instead. The first that cannot be read is the row's problem; the others are read
        all the same."""
        row, plain, width = Row(pk, number), not fixes, len(cells)
        for part in self.parts:
            index = part.index
            if plain and index >= 0:
                cell = cells[index] if index < width else None
            else:
                cell = cell_of(index, cells, extras, fixes)
            if cell is None or cell == "":
                continue
            said = part.say(cell)
            if said.told:
                self.findings.update((code, part.column.name, was, now) for code, was, now in said.told)
            if said.unclear:
                self._unclear(row, part, said)
            elif said.value is not None:
                self._put(row, part, said)
        if "first_name" in row.values or "last_name" in row.values:
            _join_names(row.values)
        if self.joins_address:
            cleaning.address(row.values)
        return row

    def _put(self, row: Row, part: Part, said: Said) -> None:
        of, value = part.of, said.value
        if said.figure is not None:
            row.amounts[part.column.name] = said.figure
        if said.currency:
            row.values.setdefault("currency", said.currency)
        if isinstance(value, list):
            there = row.values.get(of.name, []) if of.many else []
            row.values[of.name] = [*there, *(one for one in value if one not in there)]
        elif of.name == "note":
            _add_note(row.values, value, part.column.name if self.titled_notes else "")
        elif value != "":
            row.values[of.name] = self._fitted(row, part, value)

    def _fitted(self, row: Row, part: Part, value: Any) -> Any:
        """A text as long as its field takes; the whole of a longer one goes into the note, so that the row need not be refused."""
        longest = LONGEST.get(self.kind.name, {}).get(part.of.name, 0)
        if not longest or len(value) <= longest:
            return value
        _add_note(row.values, value, part.column.name)
        self.findings["shortened", part.column.name, value[:80] + "…", ""] += 1
        return value[: longest - 1].rstrip() + "…"

    def _unclear(self, row: Row, part: Part, said: Said) -> None:
        """A mail or phone that is none becomes a note, so that it is not lost; anything else is a reason not to take the row."""
        name = part.column.name
        if part.of.type in (Type.MAIL, Type.PHONE):
            _add_note(row.values, said.value, name)
            self.findings["noted", name, said.value, ""] += 1
        elif row.problem is None:
            row.problem = Problem(f"not_{said.unclear}", name, said.value[:300])


def cell_of(
    index: int, cells: Sequence[Any], extras: Mapping[str, Any] | None = None, fixes: Mapping[str, Any] | None = None
) -> Any:
    """What stands in a column of a row: what was corrected there, else what the file has. Comments and colours are columns too."""
    if fixes and str(index) in fixes:
        return fixes[str(index)]
    if index < 0:
        return (extras or {}).get(VIRTUAL[index])
    return cells[index] if index < len(cells) else None


def minor(figure: Decimal) -> int:
    """An amount in minor units, half up to the cent."""
    return int((figure * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _add_note(found: dict[str, Any], text: str, title: str) -> None:
    line = f"{title}: {text}" if title else text
    found["note"] = f"{found['note']}\n{line}" if found.get("note") else line


def _join_names(found: dict[str, Any]) -> None:
    parts = [found.pop("first_name", ""), found.pop("last_name", "")]
    found.setdefault("name", " ".join(part for part in parts if part))
