"""How fields read where two people changed them: plain values to compare, and words to choose by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import formats
from crm import custom
from crm.models import Contact, Product, Tag

LABELS = {
    "phones": gettext_lazy("Phones"),
    "emails": gettext_lazy("E-mails"),
    "contacts": gettext_lazy("Contacts"),
    "tags": gettext_lazy("Tags"),
    "lines": gettext_lazy("Products"),
}


def has(record: models.Model, name: str) -> bool:
    """Whether it is a column of the record, or a field of the company's own."""
    return bool(custom.key_of(name)) or name in {field.name for field in record._meta.concrete_fields}


def value(version: Any, name: str) -> Any:
    """The plain value of a column, of a record or of one of its versions."""
    key = custom.key_of(name)
    if key:
        return (version.custom or {}).get(key)
    return plain(version, name, getattr(version, version._meta.get_field(name).attname))


def plain(record: Any, name: str, given: Any) -> Any:
    """A value as a form or another program gives it, made comparable: keys for records, texts without stray spaces."""
    if custom.key_of(name):
        return given
    if isinstance(given, models.Model):
        return given.pk
    field = record._meta.get_field(name)
    if isinstance(field, models.TextField):
        return (given or "").replace("\r\n", "\n").strip()
    if isinstance(field, models.CharField):
        return " ".join((given or "").split())
    return given


def joins(record: models.Model, name: str) -> bool:
    """Whether two texts can stand one after the other."""
    return name in {field.name for field in record._meta.concrete_fields if isinstance(field, models.TextField)}


def label(record: models.Model, name: str) -> str:
    """What people call the field."""
    if custom.key_of(name):
        return next((str(field.label) for field in _own(record, name)), custom.key_of(name))
    if name in LABELS:
        return str(LABELS[name])
    field: Any = record._meta.get_field(name)
    return str(capfirst(field.verbose_name))


def text(record: models.Model, name: str, values: Mapping[str, Any]) -> str:
    """The value of `name` in words; an amount with the currency that `values` has beside it."""
    given = values[name]
    if given in (None, "", []):
        return formats.DASH
    if custom.key_of(name):
        return next((custom.shown(field, given) for field in _own(record, name)), str(given))
    if name in LISTED:
        return ", ".join(LISTED[name](given, record)) or formats.DASH
    if "currency" in values and name != "currency":
        return formats.money(given, values["currency"])
    return _column(record._meta.get_field(name), given)


def _own(record: models.Model, name: str) -> list[Any]:
    fields = custom.fields_of(custom.noun_of(record))
    return [field for field in fields if custom.name_of(field) == name]


def _column(field: Any, given: Any) -> str:
    if isinstance(field, models.ForeignKey):
        model: Any = field.related_model
        return str(model._base_manager.filter(pk=given).first() or formats.DASH)
    if field.flatchoices:
        return str(dict(field.flatchoices).get(given, given))
    if isinstance(given, datetime):
        return formats.when(given)
    if isinstance(given, date):
        return date_format(given, "j M Y")
    return str(given)


def _named(model: Any) -> Callable[[list[int], Any], list[str]]:
    def names(keys: list[int], record: Any) -> list[str]:
        return list(model.objects.filter(pk__in=keys).order_by("name").values_list("name", flat=True))

    return names


def _lines(lines: list[Any], record: Any) -> list[str]:
    names = Product.objects.in_bulk([line[0] for line in lines])
    return [
        _("%(quantity)s × %(product)s at %(price)s")
        % {"quantity": count, "product": names.get(key, key), "price": formats.money(price, record.currency)}
        for key, count, price in lines
    ]


LISTED: Mapping[str, Callable[[Any, Any], list[str]]] = {
    "phones": lambda phones, record: [number for number, _label in phones],
    "emails": lambda addresses, record: list(addresses),
    "contacts": _named(Contact),
    "tags": _named(Tag),
    "lines": _lines,
}
