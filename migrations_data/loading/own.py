"""Values of the company's own fields, as a row of a table says them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from accounts.formats import NO_MINOR_UNITS
from crm import custom
from crm.models import CustomField, CustomKind
from migrations_data.loading.context import Context, Rejected
from migrations_data.loading.references import People, of
from migrations_data.loading.rows import Row


def values(context: Context, row: Row, noun: str, names: Iterable[str]) -> dict[str, Any]:
    """Those among `names` that are own fields, as services take them: {"custom": {key: value}}, or nothing. Raises Rejected."""
    keys = {custom.key_of(name) for name in names} - {""}
    if not keys:
        return {}
    fields = {field.key: field for field in custom.fields_of(noun)}
    said = {
        key: _value(context, fields[key], row.values[f"{custom.PREFIX}{key}"]) for key in sorted(keys & fields.keys())
    }
    return {"custom": said} if said else {}


def is_blank(record: Any, name: str) -> bool:
    """Whether a record has nothing in an own field."""
    return custom.key_of(name) not in record.custom


def _value(context: Context, field: CustomField, said: str) -> Any:
    if field.kind == CustomKind.MONEY:
        return [_minor(Decimal(said), context.of.currency), context.of.currency]
    if field.kind == CustomKind.CHOICE:
        return _option(field, said)
    if field.kind == CustomKind.CHOICES:
        return _options(field, said)
    if field.kind == CustomKind.USER:
        person = of(context, People).find(said)
        if person is None:
            raise Rejected("owner_unknown", custom.name_of(field), said)
        return person
    return said


def _minor(figure: Decimal, currency: str) -> int:
    """Whole units -> minor units, half up."""
    return int((figure * (1 if currency in NO_MINOR_UNITS else 100)).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _option(field: CustomField, said: str) -> str:
    """The option of that name, whatever its case; what is on no list goes on as it is, to be refused with its column."""
    return next((option for option in field.options if option.casefold() == said.casefold()), said)


def _options(field: CustomField, said: str) -> list[str]:
    """Several with semicolons or commas between; an option may have a comma itself."""
    for separator in ("\n", ";", ","):
        parts = [_option(field, part.strip()) for part in said.split(separator) if part.strip()]
        if all(part in field.options for part in parts):
            return parts
    return [_option(field, said)]
