"""From a record that was merged to the one that stands for it now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django.db import connection

from crm.models.base import Recorded
from crm.models.merging import CLIENTS

Key = TypeVar("Key")
Record = TypeVar("Record", bound=Recorded)

CHAINS = """
WITH RECURSIVE chain (merged, survivor) AS (
    SELECT merged, survivor FROM crm_merge WHERE noun = %s AND merged = ANY(%s) AND undone_at IS NULL
    UNION
    SELECT c.merged, m.survivor FROM chain c JOIN crm_merge m ON m.noun = %s AND m.merged = c.survivor AND m.undone_at IS NULL
)
SELECT c.merged, c.survivor FROM chain c
WHERE NOT EXISTS (SELECT FROM crm_merge m WHERE m.noun = %s AND m.merged = c.survivor AND m.undone_at IS NULL)
"""


def survivor_of(noun: str, pk: int) -> int | None:
    """The key of the record that a merged one became part of, through however many merges; None for one that was not merged."""
    return survivors_of(noun, [pk]).get(pk)


def survivors_of(noun: str, keys: Iterable[int]) -> dict[int, int]:
    """The same for many, in one statement at most; records that were not merged are left out."""
    asked = list(keys)
    if not asked:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(CHAINS, [noun, asked, noun, noun])
        return dict(cursor.fetchall())


def seen_survivor(noun: str, keys: Iterable[int], user: Any) -> int | None:
    """The same, for old addresses: the first that `user` may see of those who stand for merged ones."""
    survivors = survivors_of(noun, keys).values()
    seen = CLIENTS[noun][0].objects.visible_to(user).filter(pk__in=survivors) if survivors else ()
    return next((record.pk for record in seen), None)


def followed(
    noun: str, found: Mapping[Key, Record], fetch: Callable[[set[int]], Iterable[Record]]
) -> dict[Key, Record]:
    """What was found, each merged record replaced by the one that stands for it; `fetch` reads those that are not at hand.

    One that is there twice is the same object, so that what is set on it is set once.
    """
    survivors = survivors_of(noun, {one.pk for one in found.values() if one.deleted_at is not None})
    here = {one.pk: one for one in found.values()}
    missing = set(survivors.values()) - here.keys()
    here |= {one.pk: one for one in fetch(missing)} if missing else {}
    return {key: here.get(survivors.get(one.pk, one.pk), one) for key, one in found.items()}
