"""Stamps that only the database sets."""

from __future__ import annotations

from typing import Any

from django.db import models


class DaybookNow(models.Func):
    """The SQL function that gives every stamp. It is `clock_timestamp()`; only tests and the demo set-up replace it."""

    function = "daybook_now"
    output_field = models.DateTimeField()


class StampField(models.DateTimeField):
    """An instant that a trigger writes. Whatever the application sends is overwritten; the real value comes back on insert."""

    db_returning = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["editable"] = False
        if not kwargs.get("null"):
            kwargs["db_default"] = DaybookNow()
        super().__init__(*args, **kwargs)
