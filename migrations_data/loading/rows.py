"""A row of cells read by field: what it says, what was wrong with it, what was put right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from migrations_data.understanding import values
from migrations_data.understanding.nouns import Field, Kind, Type
from migrations_data.understanding.sheets import Column
from migrations_data.understanding.values import Unclear

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
    in ISO form, phones and mails as lists. `amounts` are the figures of money columns as the table has them."""

    pk: int
    number: int
    values: dict[str, Any] = field(default_factory=dict)
    amounts: dict[str, Decimal] = field(default_factory=dict)
    problem: Problem | None = None
    key: str = ""
    own_key: bool = False


class Reader:
    """Reads the rows of one sheet; `findings` counts what it put right."""

    def __init__(self, kind: Kind, columns: Sequence[Mapping[str, Any]]) -> None:
        self.kind = kind
        self.findings: Counter[Finding] = Counter()
        self.columns = [
            (Column(**column), kind.fields[column["field"]]) for column in columns if column["field"] in kind.fields
        ]
        self.policies = {of.name: column.policy for column, of in reversed(self.columns)}
        if "name" not in self.policies:  # it is put together out of first and last name
            self.policies["name"] = self.policies.get("last_name", self.policies.get("first_name", FILL))
        self.titled_notes = sum(of.name == "note" for _column, of in self.columns) > 1

    def column_of(self, name: str) -> str:
        """The header of the column that fills a field; empty when none does."""
        return next((column.name for column, of in self.columns if of.name == name), "")

    def money_columns(self) -> list[str]:
        return [column.name for column, of in self.columns if of.type == Type.MONEY]

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
        row = Row(pk, number)
        for column, of in self.columns:
            cell = cell_of(column.index, cells, extras, fixes)
            shown = "" if cell is None else str(cell).strip()
            if not values.text(cell):
                if shown:
                    self.findings["empty", column.name, shown, ""] += 1
                continue
            try:
                self._put(row, column, of, cell)
            except Unclear as unclear:
                self._unclear(row, column, of, unclear.code, values.text(cell))
        if "first_name" in row.values or "last_name" in row.values:
            _join_names(row.values)
        return row

    def _put(self, row: Row, column: Column, of: Field, cell: Any) -> None:
        if of.type == Type.MONEY:
            figure = values.amount(cell, column.point)
            row.amounts[column.name] = figure
            row.values[of.name] = minor(figure * column.unit)
        elif of.many and isinstance(row.values.get(of.name), list):
            row.values[of.name] += [one for one in _READ[of.type](cell, column) if one not in row.values[of.name]]
        elif of.name == "note":
            _add_note(row.values, values.lines(cell), column.name if self.titled_notes else "")
        else:
            row.values[of.name] = _READ[of.type](cell, column)

    def _unclear(self, row: Row, column: Column, of: Field, code: str, shown: str) -> None:
        """A mail or phone that is none becomes a note, so that it is not lost; anything else is a reason not to take the row."""
        if of.type in (Type.MAIL, Type.PHONE):
            _add_note(row.values, shown, column.name)
            self.findings["noted", column.name, shown, ""] += 1
        elif row.problem is None:
            row.problem = Problem(f"not_{code}", column.name, shown[:300])


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


_READ: dict[Type, Callable[[Any, Column], Any]] = {
    Type.TEXT: lambda cell, column: values.text(cell),
    Type.NAME: lambda cell, column: values.text(cell),
    Type.COUNTRY: lambda cell, column: values.text(cell),
    Type.NUMBER: lambda cell, column: values.whole(cell, column.point),
    Type.YEAR: lambda cell, column: values.year(cell),
    Type.DATE: lambda cell, column: values.day(cell, column.dates).isoformat(),
    Type.MOMENT: lambda cell, column: values.moment(cell, column.dates),
    Type.FIGURE: lambda cell, column: f"{values.amount(cell, column.point):f}",
    Type.SUM: lambda cell, column: f"{values.amount(cell, column.point) * column.unit:f}",
    Type.MAIL: lambda cell, column: values.mails(cell),
    Type.PHONE: lambda cell, column: values.phones(cell),
}


def _add_note(found: dict[str, Any], text: str, title: str) -> None:
    line = f"{title}: {text}" if title else text
    found["note"] = f"{found['note']}\n{line}" if found.get("note") else line


def _join_names(found: dict[str, Any]) -> None:
    parts = [found.pop("first_name", ""), found.pop("last_name", "")]
    found.setdefault("name", " ".join(part for part in parts if part))
