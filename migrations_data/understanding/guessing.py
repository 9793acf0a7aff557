"""What is guessed about the columns of a table once their fields are known: countries, currencies, and where the rest goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from crm.countries import code_of
from crm.models import CompanySettings
from migrations_data.understanding import cleaning, own, values
from migrations_data.understanding.marks import COUNTRY_OF_HEADER, VIP
from migrations_data.understanding.nouns import Type
from migrations_data.understanding.sheets import Column
from migrations_data.understanding.tables import header_words

NEW = "new"
"""Stands for a field of the company's own that is made when the columns are confirmed."""
KEPT = 0.5
"""How sure it is that what fits nothing belongs into the note: it is there to be read, and nothing is lost."""
Rows = Sequence[tuple[int, list[Any]]]


def look(columns: Sequence[Column], kind: str, rows: Rows, currency: str) -> None:
    """Guess countries of phones and currencies of amounts, and put what fits no field into the note, where the kind has one."""
    home = CompanySettings.current().country
    fields = own.kind_of(kind).fields
    countries = [code_of(values.text(cell)) for cell in _cells(columns, "country", rows)]
    countries += [COUNTRY_OF_HEADER.get(header_words(column.name), "") for column in columns]
    for column in columns:
        field = fields.get(column.field)
        if field is not None and field.type == Type.PHONE:
            column.country = cleaning.country_of_phones(_column(column, rows), home=home, beside=countries)
        elif field is not None and field.type in (Type.MONEY, Type.SUM):
            column.currency = cleaning.currency_of(column.name) or cleaning.currency_of_cells(_column(column, rows))
        elif field is None and kind in own.NOUNS and is_vip(column):
            column.field, column.confidence = NEW, KEPT
        elif field is None and "note" in fields and column.type and not column.link:
            column.field, column.confidence = "note", KEPT


def is_vip(column: Column) -> bool:
    """Whether the header of a column says that it marks important clients."""
    return bool(set(header_words(column.name).split()) & set(VIP))


def _cells(columns: Sequence[Column], field: str, rows: Rows) -> list[Any]:
    return [cell for column in columns if column.field == field for cell in _column(column, rows)]


def _column(column: Column, rows: Rows) -> list[Any]:
    cells = (cells[column.index] for _number, cells in rows if 0 <= column.index < len(cells))
    return [cell for cell in cells if values.text(cell)]
