"""Entry times: kept in the transaction that saves the entry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from django.db import transaction

from accounts.models import User
from crm.entry_times import LONGEST, Opened
from crm.models import EntryTime

Result = TypeVar("Result")


@transaction.atomic
def timed(
    *, verb: Callable[..., Result], by: User, at: datetime, opened: Opened | None, on_phone: bool, **words: Any
) -> Result:
    """Run `verb` and keep how long its form was open; one opening is kept once, however often the form is sent.

    What no person takes (a form left open over lunch, a stamp from the future) is not kept.
    """
    result = verb(by=by, at=at, **words)
    if opened is not None and opened.at <= at <= opened.at + LONGEST:
        took = EntryTime(user=by, form=opened.form, opened_at=opened.at, saved_at=at, on_phone=on_phone)
        EntryTime.objects.bulk_create([took], ignore_conflicts=True)
    return result
