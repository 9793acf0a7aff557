"""How the value of a field reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format

from accounts import formats
from crm.custom.fields import fields_for, name_of
from crm.custom.people import names_of, people_in
from crm.custom.values import PLACES
from crm.models import CustomField, CustomKind

Fact = dict[str, Any]


def shown(field: CustomField, value: Any, names: Mapping[int, str] | None = None) -> str:
    """A stored value in words; empty for none. `names` are those of colleagues, looked up when they are not given."""
    if value is None or value == "" or value == []:
        return ""
    if field.kind == CustomKind.USER:
        known = names_of([value]) if names is None else names
        return known.get(value, formats.DASH)
    if field.kind == CustomKind.NUMBER:
        return formats.number(Decimal(value), PLACES)
    if field.kind == CustomKind.MONEY:
        return formats.money(*value)
    if field.kind == CustomKind.DATE:
        return date_format(date.fromisoformat(value), "j M Y")
    if field.kind == CustomKind.CHOICES:
        return ", ".join(value)
    return str(value)


def facts(noun: str, column: Mapping[str, Any], user: Any) -> list[Fact]:
    """Every field in use that the person may read, with its value: `name` ("custom.fleet"), `label`, `value` as stored, `words`."""
    listed = fields_for(user, noun)
    names = names_of(people_in(listed, [column]))
    return [
        {
            "name": name_of(field),
            "field": field,
            "label": field.label,
            "value": column.get(field.key),
            "words": shown(field, column.get(field.key), names),
        }
        for field in listed
    ]
