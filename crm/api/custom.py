"""The company's own fields in the API: the object `custom` of companies, contacts and deals, their filters, and /fields/."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema_field
from rest_framework import serializers

from accounts.policy import Use, fields
from crm.api.base import Readable, ReadableFilters, asked_by
from crm.api.references import Reference
from crm.custom import MODELS, PREFIX, fields_of
from crm.lists import custom as listed
from crm.lists.filters import Asker
from crm.models import CustomField, CustomKind

MONEY = {
    "type": "object",
    "properties": {"amount_minor": {"type": "integer"}, "currency": {"type": "string"}},
    "required": ["amount_minor", "currency"],
}
SHAPE = {
    "type": "object",
    "description": "Values of own fields by their keys, see /fields/: a text, a choice, a day (2026-11-30) and a number (as a string of figures) "
    "as strings, money with its currency, several choices as a list, a colleague by id. Only the keys that are sent change; null clears one.",
    "additionalProperties": {
        "nullable": True,
        "oneOf": [
            {"type": "string"}, {"type": "integer"}, MONEY, {"type": "array", "items": {"type": "string"}},
        ],
    },
    "example": {"grade": "Gold", "vehicles": "12.5", "budget": {"amount_minor": 120050, "currency": "EUR"}, "ready_on": None},
}  # fmt: skip
FILTERED = [
    OpenApiParameter(
        "custom.{key}",
        str,
        description="By an own field that lists are filtered by: the beginning of a text (or =all of it), numbers, amounts and days from "
        "and to (5..10, 2026-01-01..), options and ids of colleagues with commas between.",
    ),
]
"""Parameters of a list, for its description: which keys there are is told by /fields/."""


@extend_schema_field(SHAPE)
class OwnValues(serializers.Field[Any, Any, Any, Any]):
    """The `custom` column of a record; what a value must be like is decided by the service."""

    def __init__(self, **words: Any) -> None:
        super().__init__(**{"required": False, **words})

    def to_representation(self, value: Mapping[str, Any]) -> dict[str, Any]:
        parent: Any = self.parent
        return {field.key: _told(field, value.get(field.key)) for field in fields_of(noun_of(parent.Meta.model))}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise serializers.ValidationError(_("Send an object with the keys of your own fields."))
        return data


def _told(field: CustomField, value: Any) -> Any:
    if field.kind == CustomKind.MONEY and value is not None:
        return {"amount_minor": value[0], "currency": value[1]}
    return value


def noun_of(model: type[Model]) -> str:
    """ "company", "contact" or "deal"."""
    return next(str(noun) for noun, known in MODELS.items() if known is model)


class OwnFilters(ReadableFilters):
    """Filters of a noun with those over own fields, written as in the addresses of lists. One that is not there is refused."""

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        rows = super().filter_queryset(queryset)
        user = asked_by({"request": self.request})
        model: Any = self._meta.model
        readable = user is not None and "custom" in fields(user, model, Use.READ)
        known = {one.key: one for one in listed.filters(noun_of(model))} if readable else {}
        for name in sorted(name for name in self.data if name.startswith(PREFIX)):
            one = known.get(name)
            value = one.asked(self.data) if one else ""
            if one is None or not value:
                raise serializers.ValidationError(
                    {name: [_("There is no such filter here, or it does not take this value.")]}
                )
            rows = one.narrow(rows, value, Asker(user, timezone.now()))
        return rows


class FieldRead(Readable):
    """A field of the company's own. Its key stays for ever."""

    class Meta:
        model = CustomField
        fields = ("id", "noun", "key", "label", "kind", "options", "hint", "in_list", "position")


class FieldFilters(ReadableFilters):
    class Meta:
        model = CustomField
        fields = ("noun", "key", "kind")


class Fields(Reference):
    """The own fields in use."""

    model, serializer_class, filterset_class = CustomField, FieldRead, FieldFilters

    def rows(self) -> QuerySet[Any]:
        return CustomField.objects.active()
