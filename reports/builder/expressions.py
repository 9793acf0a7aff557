"""Expressions that reports group by: the same ones that narrow the list behind a cell, so that both count alike."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    DateField,
    DecimalField,
    F,
    Func,
    IntegerField,
    Model,
    OuterRef,
    Subquery,
    TextField,
)
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, ExtractHour, TruncDate

from accounts import policy
from accounts.permissions import Permission
from crm.lists import Asker
from reports.builder.parts import Date
from reports.builder.periods import Step

NUMBER = DecimalField(max_digits=30, decimal_places=6)


class Began(Func):
    """The first day of the week, month, quarter or year that a day lies in."""

    template = "date_trunc('%(unit)s', %(expressions)s::timestamp)::date"
    output_field = DateField()


class Later(Func):
    """A day so many months and days later; the last of a month that is shorter."""

    template = "(%(expressions)s + make_interval(months => %(months)s, days => %(days)s))::date"
    output_field = DateField()


class Weekday(Func):
    """1 for Monday to 7 for Sunday."""

    template = "extract(isodow FROM %(expressions)s)::int"
    output_field = IntegerField()


class Year(Func):
    template = "extract(year FROM %(expressions)s)::int"
    output_field = IntegerField()


class Words(Func):
    """The texts of a list kept as JSON, as an array; an empty one for none."""

    template = "ARRAY(SELECT jsonb_array_elements_text(COALESCE(%(expressions)s, '[]')))"
    output_field = ArrayField(TextField())


class Days(Func):
    """How many days lie between two instants, as a fraction too."""

    template = "round((extract(epoch FROM %(expressions)s) / 86400)::numeric, 6)"
    arg_joiner = " - "
    output_field = NUMBER


class Filled(Func):
    """A text; NULL for an empty one."""

    template = "NULLIF(%(expressions)s, '')"
    output_field = TextField()


def day_of(date: Date, asker: Asker) -> Any:
    """The day of a date where the asker is."""
    if not date.is_instant:
        return F(date.column)
    return TruncDate(date.column, tzinfo=ZoneInfo(asker.user.zone))


def moved(day: Any, step: Step | None) -> Any:
    """The day as it stands beside those of the stretch that it is compared with."""
    return Later(day, months=int(step.months), days=int(step.days)) if step else day


def hour_of(date: Date, asker: Asker) -> Any:
    return ExtractHour(date.column, tzinfo=ZoneInfo(asker.user.zone))


def filled(name: str) -> Any:
    """A column of texts; NULL where it is empty."""
    return Filled(F(name))


def seen(model: type[Model], action: Permission, path: str, name: str, asker: Asker) -> Any:
    """A column of the record that `path` leads to, if the asker sees that record; NULL else."""
    scope = policy.scope(asker.user, action)
    if not scope:
        return F(f"{path}__{name}")
    rows = model._default_manager.filter(scope, pk=OuterRef(path), deleted_at__isnull=True)
    return Subquery(rows.order_by().values(name)[:1])


def linked(through: type[Model], record: str, other: str) -> Any:
    """The keys of what a record is linked with by the table `through`, in order; an empty array for none."""
    rows = through._default_manager.filter(**{record: OuterRef("pk")}).order_by(other)
    return ArraySubquery(rows.values(other))


def own_text(key: str) -> Any:
    """The text that an own field of the company holds."""
    return Filled(KeyTextTransform(key, "custom"))


def own_number(key: str) -> Any:
    return Cast(KeyTextTransform(key, "custom"), NUMBER)


def own_person(key: str) -> Any:
    return Cast(KeyTextTransform(key, "custom"), BigIntegerField())


def own_choices(key: str) -> Any:
    return Words(KeyTransform(key, "custom"))


def own_minor(key: str) -> Any:
    return Cast(KeyTextTransform("0", KeyTransform(key, "custom")), NUMBER)


def own_currency(key: str) -> Any:
    return KeyTextTransform("1", KeyTransform(key, "custom"))
