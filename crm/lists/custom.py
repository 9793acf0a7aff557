"""The company's own fields in lists: a column for each, a filter for those that lists are filtered by.

Filters look into `CustomEntry`, by its indexes. Lists are not sorted by own fields: a page begins behind the last row of the one
before by a column of the record itself, and these are none.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import BigIntegerField, Exists, OuterRef, Q, Subquery, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Left, Lower
from django.utils.translation import gettext_lazy as _

from accounts.formats import NO_MINOR_UNITS
from accounts.models import User
from crm.custom import fields_of, name_of, shown
from crm.custom.values import LARGEST, decimal_of, plain
from crm.lists import cells, spans
from crm.lists.filters import MINE, Asker, Filter, Rows, choice
from crm.lists.pages import Column
from crm.models import CustomEntry, CustomField, CustomKind

READ = "custom"
"""What the policy calls all of them."""
RIGHT = frozenset({CustomKind.NUMBER, CustomKind.MONEY})
CUT = 200


def columns(noun: str) -> list[Column]:
    """A column for each field in use; none is shown to whoever did not choose it."""
    return [_column(field) for field in fields_of(noun)]


def filters(noun: str) -> list[Filter]:
    """A filter for each field that lists are filtered by, and two for what is empty or filled in."""
    listed = [field for field in fields_of(noun) if field.in_list]
    if not listed:
        return []
    options = [(field.key, field.label) for field in listed]
    keys = {field.key: field.pk for field in listed}
    return [
        *(FILTERS[CustomKind(field.kind)](field) for field in listed),
        choice("own_missing", _("Own field empty"), options, partial(_gaps, keys, filled=False), several=True, field=READ),
        choice("own_filled", _("Own field filled in"), options, partial(_gaps, keys, filled=True), several=True, field=READ),
    ]  # fmt: skip


def _column(field: CustomField) -> Column:
    said: dict[str, Any] = {
        "key": name_of(field), "label": field.label, "field": READ, "standard": False, "inline": name_of(field),
        "classes": "is-secondary u-num" if field.kind in RIGHT else "is-secondary",
    }  # fmt: skip
    if field.kind == CustomKind.USER:
        name = f"own_{field.pk}"
        return Column(
            adds=partial(_named, field, name), draw=lambda row, asker: _person(row[name]), plain=lambda row, asker: row[name], **said
        )  # fmt: skip
    return Column(
        reads=(READ,), draw=lambda row, asker: _drawn(field, row[READ].get(field.key)),
        plain=lambda row, asker: _plain(field, row[READ].get(field.key)), money=field.kind == CustomKind.MONEY,
        summed=field.kind == CustomKind.NUMBER, **said,
    )  # fmt: skip


def _named(field: CustomField, name: str, asker: Asker) -> dict[str, Any]:
    """The colleague's name, in the statement of the list."""
    person = User.objects.filter(pk=OuterRef(f"{name}_key")).values("full_name")
    key = Cast(KeyTextTransform(field.key, READ), BigIntegerField())
    return {f"{name}_key": key, name: Subquery(person[:1])}


def _person(name: str | None) -> cells.Cell:
    return cells.person(name) if name else cells.text("")


def _drawn(field: CustomField, value: Any) -> cells.Cell:
    return cells.badges(value) if field.kind == CustomKind.CHOICES and value else cells.text(shown(field, value))


def _plain(field: CustomField, value: Any) -> Any:
    """The value for a file, as the import reads it again."""
    if field.kind == CustomKind.MONEY:
        return cells.Money(*(value or (None, "")))
    if value is None:
        return None
    if field.kind == CustomKind.NUMBER:
        number = Decimal(value)
        return int(number) if number == number.to_integral_value() else float(number)
    if field.kind == CustomKind.DATE:
        return date.fromisoformat(value)
    return "; ".join(value) if field.kind == CustomKind.CHOICES else value


def _has(field_pk: int, *conditions: Q) -> Exists:
    """Whether a record has a value of a field for which the conditions hold."""
    return Exists(CustomEntry.objects.filter(*conditions, field=field_pk, record=OuterRef("pk")))


def _folded(text: str) -> Any:
    """A text as the trigger keeps it."""
    return Left(Lower(Value(text)), CUT)


def _text(field: CustomField) -> Filter:
    """By the beginning; "=Gdynia" finds just that."""

    def narrow(rows: Rows, value: str, asker: Asker) -> Rows:
        exact = value.startswith("=") and value != "="
        asked = Q(text=_folded(value[1:].strip())) if exact else Q(text__startswith=_folded(value))
        return rows.filter(_has(field.pk, asked))

    return Filter(key=name_of(field), label=field.label, kind="text", narrow=narrow, field=READ)


def _number(field: CustomField) -> Filter:
    def narrow(rows: Rows, value: str, asker: Asker) -> Rows:
        low, high = (Decimal(end) if end else None for end in value.split(".."))
        return rows.filter(_has(field.pk, _from_to(low, high)))

    return Filter(
        key=name_of(field), label=field.label, kind="amount", narrow=narrow, read_span=read_numbers, field=READ
    )


def _money(field: CustomField) -> Filter:
    """In whole units of each value's own currency."""

    def narrow(rows: Rows, value: str, asker: Asker) -> Rows:
        low, high = (Decimal(end) if end else None for end in value.split(".."))
        whole = Q(text__in=sorted(code.lower() for code in NO_MINOR_UNITS))
        return rows.filter(_has(field.pk, (whole & _from_to(low, high)) | (~whole & _from_to(low, high, by=100))))

    return Filter(
        key=name_of(field), label=field.label, kind="amount", narrow=narrow, read_span=read_numbers, field=READ
    )


def _from_to(low: Decimal | None, high: Decimal | None, by: int = 1) -> Q:
    condition = Q(number__isnull=False)
    if low is not None:
        condition &= Q(number__gte=low * by)
    return condition & Q(number__lte=high * by) if high is not None else condition


def read_numbers(value: str) -> str:
    """ "-5..12.5", either end open; empty for anything else, the ends in order."""
    first, separator, last = value.partition("..")
    if not separator:
        return ""
    ends = [decimal_of(end) if end else None for end in (first, last)]
    known = [end for end in ends if end is not None and abs(end) < LARGEST]
    if len(known) == 2 and known[0] > known[1]:
        ends.reverse()
    return "..".join(plain(end) if end in known and end is not None else "" for end in ends) if known else ""


def _days(field: CustomField) -> Filter:
    def narrow(rows: Rows, span: spans.Days, asker: Asker) -> Rows:
        condition = Q(day__isnull=False)
        condition &= Q(day__gte=span[0]) if span[0] else Q()
        return rows.filter(_has(field.pk, condition & Q(day__lt=span[1]) if span[1] else condition))

    return spans.days(name_of(field), field.label, ahead=True, narrow=narrow, field=READ)


def _options(field: CustomField) -> Filter:
    """Any of the list. In the address commas stand between the chosen ones, so an option that has one is spelt without."""
    spelt = {option.replace("%", "%25").replace(",", "%2C"): option for option in field.options}

    def narrow(rows: Rows, value: str, asker: Asker) -> Rows:
        asked = [_folded(spelt[one]) for one in value.split(",")]
        return rows.filter(_has(field.pk, Q(text__in=asked)))

    return choice(name_of(field), field.label, list(spelt.items()), narrow, several=True, field=READ)


def _user(field: CustomField) -> Filter:
    def narrow(rows: Rows, value: str, asker: Asker) -> Rows:
        keys = [asker.user.pk if one == MINE else int(one) for one in value.split(",")]
        return rows.filter(_has(field.pk, Q(number__in=keys)))

    return Filter(
        key=name_of(field), label=field.label, kind="record", narrow=narrow, field=READ, several=True,
        source=User, named_by="full_name", suggest="person", options=[(MINE, _("Me"))],
    )  # fmt: skip


def _gaps(keys: dict[str, int], rows: Rows, value: str, asker: Asker, *, filled: bool) -> Rows:
    """Records in which every one of the chosen fields is empty, or is not."""
    for key in set(value.split(",")):
        has = _has(keys[key])
        rows = rows.filter(has if filled else ~has)
    return rows


FILTERS: dict[CustomKind, Callable[[CustomField], Filter]] = {
    CustomKind.TEXT: _text,
    CustomKind.NUMBER: _number,
    CustomKind.MONEY: _money,
    CustomKind.DATE: _days,
    CustomKind.CHOICE: _options,
    CustomKind.CHOICES: _options,
    CustomKind.USER: _user,
}
