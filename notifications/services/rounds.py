"""Looking once at what is due for a period, however many programs look at the same time."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import connection, transaction

from notifications.models import Round


def fresh(*, asked: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of some kinds and periods that nobody has begun so far: one statement. Only `begin` makes one somebody's own."""
    rows = Round.objects.filter(kind__in={kind for kind, _p in asked}, period__in={period for _k, period in asked})
    return set(asked) - set(rows.values_list("kind", "period")) if asked else set()


@transaction.atomic
def begin(*, kind: str, periods: Iterable[str], at: datetime) -> set[str]:
    """The periods that nobody has begun: they are the caller's, as part of his transaction. One statement.

    Whoever asks for the same at once waits until that transaction ends, and gets them if it was taken back.
    """
    asked = sorted(set(periods))
    if not asked:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notifications_round (kind, period, at) SELECT %s, p, %s FROM unnest(%s::text[]) AS p"
            " ON CONFLICT DO NOTHING RETURNING period",
            [kind, at, asked],
        )
        return {period for (period,) in cursor.fetchall()}
