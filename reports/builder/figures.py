"""Figures that many sources have: how many, how much, how much on average, what share of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Case, F, IntegerField, Q, Value, When
from django.utils.translation import gettext_lazy as _

from crm.custom import fields_of, name_of
from crm.lists import Asker
from crm.models import CustomField, CustomKind
from reports.builder import expressions
from reports.builder.parts import Figure, Holds, How, Label, column

OnePart = Callable[[Asker], Any]


def count(label: Label, **more: Any) -> Figure:
    return Figure(**{"key": "count", "label": label, **more})


def money(key: str, path: str, *, total: Label, average: Label, **more: Any) -> list[Figure]:
    """The sum of an amount and its average, by currency; records without an amount are in neither."""
    usual: dict[str, Any] = {
        "holds": Holds.MONEY, "value": column(path), "currency": column("currency"), "field": path, **more,
    }  # fmt: skip
    return [
        Figure(key=f"{key}_sum", label=total, how=How.SUM, **usual),
        Figure(key=f"{key}_average", label=average, how=How.AVERAGE, **usual),
    ]


def average(key: str, label: Label, value: OnePart, *, field: str, holds: Holds = Holds.NUMBER, **more: Any) -> Figure:
    return Figure(key=key, label=label, how=How.AVERAGE, holds=holds, value=value, field=field, **more)


def total(key: str, label: Label, value: OnePart, *, field: str, holds: Holds = Holds.NUMBER, **more: Any) -> Figure:
    return Figure(key=key, label=label, how=How.SUM, holds=holds, value=value, field=field, **more)


def rate(key: str, label: Label, hit: Callable[[Asker], Q], *, field: str, **more: Any) -> Figure:
    """The share of the records for which `hit` holds; `among` which, where not all of them."""

    def value(asker: Asker) -> Any:
        return Case(When(hit(asker), then=Value(1)), default=Value(0), output_field=IntegerField())

    return Figure(key=key, label=label, how=How.RATE, holds=Holds.SHARE, value=value, field=field, **more)


def own(noun: str) -> list[Figure]:
    """Sum and average of the company's own numbers and amounts."""
    return [figure for field in fields_of(noun) if field.kind in OWN for figure in OWN[CustomKind(field.kind)](field)]


def _own(field: CustomField, **usual: Any) -> list[Figure]:
    name, label = name_of(field), {"field": field.label}
    return [
        Figure(key=f"{name}_sum", label=_("%(field)s, in all") % label, how=How.SUM, field="custom", **usual),
        Figure(key=f"{name}_average", label=_("%(field)s, on average") % label, how=How.AVERAGE, field="custom", **usual),
    ]  # fmt: skip


def _own_number(field: CustomField) -> list[Figure]:
    return _own(field, holds=Holds.NUMBER, value=lambda asker: expressions.own_number(field.key))


def _own_money(field: CustomField) -> list[Figure]:
    return _own(
        field, holds=Holds.MONEY, value=lambda asker: expressions.own_minor(field.key),
        currency=lambda asker: expressions.own_currency(field.key),
    )  # fmt: skip


OWN: dict[CustomKind, Callable[[CustomField], list[Figure]]] = {
    CustomKind.NUMBER: _own_number,
    CustomKind.MONEY: _own_money,
}


def days_between(first: str, last: str) -> OnePart:
    """How many days lie between two instants of a record."""
    return lambda asker: expressions.Days(F(last), F(first))
