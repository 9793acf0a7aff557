"""Cells of kept rows (`r`) in SQL: as the text and as the number that they say, with what the coordinator corrected in place of them.

Nothing of a file gets into these texts: only places of columns, which are numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from migrations_data.models import ImportSheet

BESIDE = {-1: "comment", -2: "colour"}
"""Places of what a cell cannot hold: see ImportRow.extras."""
NUMBER = r"^[+-]?[0-9]+(\.[0-9]*)?$"


def place(sheet: ImportSheet, field: str) -> int | None:
    """Where the first column is that fills a field."""
    return next((int(column["index"]) for column in sheet.columns if column["field"] == field), None)


def value(index: int) -> str:
    """The cell as JSON."""
    if index in BESIDE:
        return f"(r.extras -> '{BESIDE[index]}')"
    return f"COALESCE(r.fixes -> '{int(index)}', r.cells -> {int(index)})"


def text(index: int | None) -> str:
    """The cell as one line."""
    if index is None:
        return "''"
    return rf"COALESCE(btrim(regexp_replace({value(index)} #>> '{{}}', '\s+', ' ', 'g')), '')"


def figure(column: Mapping[str, Any]) -> str:
    """The number of a cell, or NULL for one that only `values.amount` can read."""
    cell = value(column["index"])
    bare = rf"regexp_replace({cell} #>> '{{}}', '[\s\u00a0\u202f''’]+', '', 'g')"
    with_commas = column["point"] == ","
    bare = f"replace(replace({bare}, '.', ''), ',', '.')" if with_commas else f"replace({bare}, ',', '')"
    return (
        f"CASE WHEN jsonb_typeof({cell}) = 'number' THEN ({cell} #>> '{{}}')::numeric "
        f"WHEN {bare} ~ '{NUMBER}' THEN {bare}::numeric END"
    )


def amount(sheet: ImportSheet, field: str) -> str:
    """The number of the column that fills a field, in whole units; NULL without one."""
    column = next((column for column in sheet.columns if column["field"] == field), None)
    return "NULL::numeric" if column is None else f"({figure(column)}) * {int(column['unit'])}"


def first_of(texts: Sequence[str]) -> str:
    """The first of some texts that is not empty."""
    filled = ", ".join(f"NULLIF({one}, '')" for one in texts)
    return f"COALESCE({filled}, '')"
