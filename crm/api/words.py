"""Words that several verbs take."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from crm.api.base import Colleague, Words
from crm.models import Product, TaskKind
from crm.services.lines import LineSpec
from crm.services.next_steps import NextStepSpec

DAY_LETTERS = len("2026-10-20")


@extend_schema_field({"oneOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}]})
class DueField(serializers.Field[Any, Any, Any, Any]):
    """A date (due at the end of the owner's day) or an instant."""

    def to_internal_value(self, data: Any) -> date | datetime:
        kind = (
            serializers.DateField if isinstance(data, str) and len(data) == DAY_LETTERS else serializers.DateTimeField
        )
        field: Any = kind()
        value: date | datetime = field.run_validation(data)
        return value

    def to_representation(self, value: Any) -> Any:
        return value.isoformat()


class NextStep(Words):
    """What is to be done next, and by when."""

    title = serializers.CharField(max_length=200)
    due = DueField()
    kind = serializers.ChoiceField(choices=TaskKind.choices, default=TaskKind.TODO)

    def to_internal_value(self, data: Any) -> NextStepSpec:
        return NextStepSpec(**super().to_internal_value(data))


class Line(Words):
    """A product in a deal; the price of one is in minor units of the deal's currency, the list price when not given."""

    product = serializers.PrimaryKeyRelatedField(queryset=Product.objects.all())
    quantity = serializers.DecimalField(max_digits=12, decimal_places=3, default=Decimal(1))
    price_minor = serializers.IntegerField(min_value=0, allow_null=True, default=None)

    def to_internal_value(self, data: Any) -> LineSpec:
        return LineSpec(**super().to_internal_value(data))


class Phone(Words):
    """A phone of a contact."""

    number = serializers.CharField(max_length=40)
    label = serializers.CharField(max_length=30, allow_blank=True, default="")  # type: ignore[assignment]

    def to_internal_value(self, data: Any) -> tuple[str, str]:
        words = super().to_internal_value(data)
        return words["number"], words["label"]


class Give(Words):
    """To whom."""

    to = Colleague()
