"""Sheets that refer to each other: a column of ids in one is explained by the sheet whose records have these ids."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm.folding import fold
from migrations_data.models import Import, ImportRow, ImportSheet, Part
from migrations_data.understanding import cleaning, own, values
from migrations_data.understanding.tables import header_words

FIELD_FOR = {"companies": "company", "contacts": "contact", "people": "owner", "products": "product", "deals": "deal"}
"""Which field a column fills that holds ids of such a sheet."""
MAY_MEAN = {
    "company": ("companies", "contacts"),
    "contact": ("contacts",),
    "owner": ("people",),
    "product": ("products",),
    "deal": ("deals",),
    "parent": ("companies",),
}
"""Which sheets a column of that field may refer to though its header says nothing of them."""
BY_NAME = ("people", "products", "")
"""Sheets whose records are found by name and not by their id in the old system; "" are those that are left out."""
MOST_KEYS = 5_000
LOOKED_AT = 300
CONTAINED = 0.9
SURE = 0.95
_ID = re.compile(r"\b(id|kod|code|key|no|nr|number|код|номер|codigo|numero)\b")
_NAME = re.compile(r"^(name|nazwa|наименование|название|nombre|title)\b|\b(name|nazwa|наименование|название|nombre)$")


@dataclass
class Target:
    """A sheet that others may refer to: its column of ids and the ids themselves, each with the name of its record."""

    sheet: ImportSheet
    words: frozenset[str]
    names: Mapping[str, str]
    whole: bool


def link(of: Import) -> None:
    """Find which columns of ids refer to which sheet and let them fill the field of its records. Two statements a sheet."""
    sheets = [sheet for sheet in ImportSheet.objects.filter(file__of_import=of).select_related("file") if sheet.rows_in]
    for sheet in sheets:
        for column in sheet.columns:
            column |= {"link": 0, "names": {}, "space": ""}
    targets = [target for target in map(_target, sheets) if target is not None] if len(sheets) > 1 else []
    _part(targets)
    for sheet in sheets:
        if targets and sheet.kind:
            _link(sheet, [target for target in targets if target.sheet.pk != sheet.pk])
        sheet.save(update_fields=["kind", "columns", "left_out"])


def _part(targets: Sequence[Target]) -> None:
    """Give ids a space of their own where two sheets of one kind number different records alike under different headers."""
    for place, target in enumerate(targets):
        key = _key_of(target.sheet)
        others = [other for other in targets[:place] if other.sheet.kind == target.sheet.kind]
        if key is None or key["field"] != "key" or not any(_clash(target, other) for other in others):
            continue
        key["space"] = header_words(key["name"])


def _clash(one: Target, other: Target) -> bool:
    """Whether an id of both is that of two records."""
    if one.words == other.words:
        return False
    return any(fold(name) != fold(other.names[code]) for code, name in one.names.items() if code in other.names)


def _target(sheet: ImportSheet) -> Target | None:
    key = _key_of(sheet)
    if key is None:
        return None
    places = _places_of_names(sheet, key["index"])
    rows = ImportRow.objects.filter(sheet=sheet, part=Part.DATA).order_by("number").values_list("cells", flat=True)
    names: dict[str, str] = {}
    read = 0
    for cells in rows[:MOST_KEYS].iterator(chunk_size=1000):
        read += 1
        said = _code(cells, key["index"])
        if said in names:
            return None  # not ids of its own rows
        if said:
            names[said] = " ".join(filter(None, (_cell(cells, place) for place in places)))
    return Target(sheet, frozenset(header_words(key["name"]).split()), names, read < MOST_KEYS) if names else None


def _key_of(sheet: ImportSheet) -> dict[str, Any] | None:
    """The column with the ids of a sheet's own rows."""
    columns = [column for column in sheet.columns if column["index"] >= 0]
    for column in columns:
        if column["field"] == "key":
            return column
    first = columns[0] if columns else None
    return first if first is not None and _ID.search(header_words(first["name"])) else None


def _places_of_names(sheet: ImportSheet, key: int) -> list[int]:
    places = {column["field"]: column["index"] for column in sheet.columns}
    if "name" in places:
        return [places["name"]]
    parts = [places[name] for name in ("first_name", "last_name") if name in places]
    if parts:
        return parts
    named = [
        column["index"]
        for column in sheet.columns
        if _NAME.search(header_words(column["name"])) and column["index"] != key
    ]
    return named[:1]


def _link(sheet: ImportSheet, targets: Sequence[Target]) -> None:
    rows = ImportRow.objects.filter(sheet=sheet, part=Part.DATA).order_by("number").values_list("cells", flat=True)
    first = list(rows[:LOOKED_AT])
    fields = own.kind_of(sheet.kind).fields
    for column in sheet.columns:
        if column["field"] == "key" or column["index"] < 0:
            continue
        said = {_code(cells, column["index"]) for cells in first} - {""}
        target = _meant(column, said, targets)
        if target is None:
            continue
        column["link"] = target.sheet.pk
        field = FIELD_FOR.get(target.sheet.kind, "")
        if target.sheet.kind in BY_NAME:
            column["names"] = {code: name for code, name in target.names.items() if name}
        elif (key := _key_of(target.sheet)) is not None:
            column["space"] = key["space"]
        _fill(sheet, column, field if field in fields else "", fields)


def _meant(column: Mapping[str, Any], said: set[str], targets: Sequence[Target]) -> Target | None:
    """The one sheet that a column's ids are those of: its header names them, or its field is about such records."""
    words = frozenset(header_words(column["name"]).split())
    if not said or any(len(code) > 40 or " " in code for code in said):
        return None
    there = [
        target
        for target in targets
        if not target.whole or sum(code in target.names for code in said) >= CONTAINED * len(said)
    ]
    named = [target for target in there if len(target.words) > 1 and target.words <= words]
    if not named:
        kinds = MAY_MEAN.get(column["field"], ())
        coded = all(any(char.isdigit() for char in code) for code in said)
        named = [target for target in there if target.whole and target.sheet.kind in kinds and coded]
    named.sort(key=lambda target: (not target.sheet.kind, target.sheet.file_id != 0, target.sheet.pk))
    return named[0] if named else None


def _fill(sheet: ImportSheet, column: dict[str, Any], field: str, fields: Mapping[str, Any]) -> None:
    """Let a column of ids fill the field of the records that it names. Ids that lead nowhere fill none: they would make clients called
    "17"."""
    if not field and column["names"]:
        field = column["field"] or ("note" if "note" in fields else "")
    other = next((one for one in sheet.columns if one["field"] == field and one is not column), None)
    if other is not None and field != "note":
        if other["link"] or other["confidence"] > column["confidence"] + 0.3:
            field = ""
        else:
            other |= {"field": "note" if "note" in fields else "", "confidence": 0.5}
    column |= {"field": field, "confidence": SURE if field else 0}


def _code(cells: Sequence[Any], place: int) -> str:
    return cleaning.code(cells[place])[0] if place < len(cells) else ""


def _cell(cells: Sequence[Any], place: int) -> str:
    return values.text(cells[place]) if place < len(cells) else ""
