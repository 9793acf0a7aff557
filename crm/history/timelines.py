"""Models over the timeline views, so that a version reads like the record itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models


class TimelineQuerySet(models.QuerySet[Any]):
    def as_of(self, moment: datetime) -> TimelineQuerySet:
        """Exactly the versions that were in force at `moment`."""
        return self.filter(from_at__lte=moment, to_at__gt=moment)


class Timeline(models.Model):
    """Base of the read-only models of versions: one row per stretch `[from_at, to_at)` in which a record did not change."""

    from_at = models.DateTimeField()
    to_at = models.DateTimeField()

    objects = TimelineQuerySet.as_manager()

    class Meta:
        abstract = True
        managed = False


def timeline_of(model: type[models.Model], *, leave_out: frozenset[str] = frozenset()) -> type[Any]:
    """The timeline model of a tracked model, with the same field names; relations stay followable but have no reverse."""
    fields: dict[str, Any] = {"__module__": model.__module__, "Meta": _meta(model)}
    for field in model._meta.local_concrete_fields:
        if field.name not in leave_out:
            fields[field.name] = _copy(field)
    return type(f"{model.__name__}Timeline", (Timeline,), fields)


def tracked_columns(model: type[models.Model], *, leave_out: frozenset[str] = frozenset()) -> list[str]:
    """The columns of `model` that its history keeps: all but generated and left-out ones."""
    return [str(f.column) for f in model._meta.local_concrete_fields if f.name not in leave_out and not f.generated]


def _meta(of: type[models.Model]) -> type:
    class Meta:
        managed = False
        db_table = f"{of._meta.db_table}_timeline"
        app_label = of._meta.app_label
        default_permissions = ()

    return Meta


def _copy(field: Any) -> models.Field[Any, Any]:
    if isinstance(field, models.ForeignKey):
        return models.ForeignKey(
            field.remote_field.model, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
        )
    if field.primary_key:
        return models.BigIntegerField(primary_key=True)
    _name, _path, args, kwargs = field.deconstruct()
    kwargs.pop("unique", None)
    kwargs.pop("db_index", None)
    copied: models.Field[Any, Any] = field.__class__(*args, **kwargs)
    return copied
