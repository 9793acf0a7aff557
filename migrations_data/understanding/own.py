"""The company's own fields as fields that a column may fill, beside those that everybody has."""

from __future__ import annotations

from dataclasses import replace

from crm import custom
from crm.folding import fold
from crm.models import CustomField, CustomKind, Noun
from migrations_data.understanding.nouns import ALL, Field, Kind, Type

NOUNS = {"companies": Noun.COMPANY, "contacts": Noun.CONTACT, "deals": Noun.DEAL}
MARK = "VIP"
"""The one option of a field that marks important clients."""
TYPES = {
    CustomKind.NUMBER: Type.FIGURE,
    CustomKind.MONEY: Type.SUM,
    CustomKind.DATE: Type.DATE,
    CustomKind.USER: Type.NAME,
}


def kind_of(name: str) -> Kind:
    """A kind of table with the own fields of its records. A column fills one by itself when it is called exactly like it."""
    kind = ALL[name]
    if name not in NOUNS:
        return kind
    own = [_field(field) for field in custom.fields_of(NOUNS[name])]
    return replace(kind, fields={**kind.fields, **{field.name: field for field in own}})


def kinds() -> list[Kind]:
    return [kind_of(name) for name in ALL]


def _field(field: CustomField) -> Field:
    mark = field.kind == CustomKind.CHOICE and field.options == [MARK]
    words = tuple(dict.fromkeys((fold(field.label), fold(field.key))))
    return Field(
        custom.name_of(field),
        field.label,
        Type.MARK if mark else TYPES.get(CustomKind(field.kind), Type.TEXT),
        weight=0.5,
        words=words,
    )
