"""In which currency a row's amounts are."""

from __future__ import annotations

from migrations_data.loading.context import Context, Rejected
from migrations_data.loading.rows import Row
from migrations_data.understanding.cleaning import currency_of


def currency(context: Context, row: Row) -> str:
    """The one that the row names, or else the import's. Raises Rejected for a word that is none."""
    said = row.values.get("currency", "")
    if not said:
        return context.of.currency
    if len(said) == 3 and said.isascii() and said.isalpha():
        return str(said.upper())
    found = currency_of(said)
    if not found:
        raise Rejected("not_currency", "currency", said)
    return found
