"""What a record keeps in rows of its own: phones, e-mails, tags, people, products. In plain values that can be compared and sent.

A phone is [number, label], an e-mail its address, a tag or a person a key, a product [key, quantity, price]. The order counts for
phones and e-mails alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Model

from crm.models import Company, Contact, Deal

Plain = list[Any]


def _phones(phones: Iterable[Any]) -> Plain:
    pairs = ((phone, "") if isinstance(phone, str) else phone for phone in phones)
    return [[" ".join(number.split()), label] for number, label in pairs if number.strip()]


def _emails(addresses: Iterable[str]) -> Plain:
    return [address.strip().lower() for address in addresses if address.strip()]


def _keys(records: Iterable[Any]) -> Plain:
    return sorted(one.pk if isinstance(one, Model) else int(one) for one in records)


def _lines(lines: Iterable[Any]) -> Plain:
    return sorted([line.product.pk, quantity(line.quantity), line.price_minor] for line in lines)


def quantity(value: Any) -> str:
    """3, "3.000" and Decimal("3.0") are the same quantity."""
    return f"{Decimal(value).normalize():f}"


PLAIN: Mapping[str, Callable[[Any], Plain]] = {
    "phones": _phones, "emails": _emails, "tags": _keys, "contacts": _keys, "lines": _lines,
}  # fmt: skip
READ: Mapping[str, Callable[[Any], Plain]] = {
    "phones": lambda record: _phones(record.phones.values_list("number", "label")),
    "emails": lambda record: _emails(record.emails.values_list("address", flat=True)),
    "tags": lambda record: _keys(record.tags.values_list("pk", flat=True)),
    "contacts": lambda record: _keys(record.contacts.values_list("pk", flat=True)),
    "lines": lambda record: _lines(record.lines.select_related("product")),
}
NAMES: Mapping[type[Model], tuple[str, ...]] = {
    Company: ("tags",),
    Contact: ("phones", "emails", "tags"),
    Deal: ("contacts", "lines", "tags"),
}


def plain(name: str, values: Iterable[Any]) -> Plain:
    """What a form or another program gives for such a field."""
    return PLAIN[name](values)


def read(record: Model, name: str) -> Plain:
    """What the record has now."""
    return READ[name](record)


def read_all(record: Model, names: Iterable[str]) -> dict[str, Plain]:
    """What the record has of those among `names` that lie in rows of their own."""
    return {name: read(record, name) for name in names if name in NAMES.get(type(record), ())}


def revised(record: Any, before: Mapping[str, Plain]) -> dict[str, int]:
    """The column that makes a change of them a version of the record; nothing when they are as they were `before`."""
    return {} if read_all(record, before) == before else {"revision": record.revision + 1}
