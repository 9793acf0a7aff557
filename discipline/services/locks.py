"""Who waits for whom where points turn into money: one settlement at a time, one spender of a person's points at a time."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from accounts.models import User

SETTLING_LOCK = 7214804


def lock_settling() -> None:
    """Let one at a time make settlements, or change what they are worked out by, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SETTLING_LOCK])


def lock_accounts(people: Iterable[int]) -> None:
    """Hold the accounts of points of these people until the end of the transaction; postings to them go on."""
    rows = User.objects.filter(pk__in=list(people)).order_by("pk").select_for_update(no_key=True)
    list(rows.values_list("pk", flat=True))
