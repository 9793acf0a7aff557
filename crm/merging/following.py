"""From a record that was merged to the one that stands for it now."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django.db import connection

from crm.models.base import Recorded
from crm.models.merging import CLIENTS

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
    """The same for many, in one statement; records that were not merged are left out."""
    with connection.cursor() as cursor:
        cursor.execute(CHAINS, [noun, list(keys), noun, noun])
        return dict(cursor.fetchall())


def seen_survivor(noun: str, keys: Iterable[int], user: Any) -> int | None:
    """The same, for old addresses: the first that `user` may see of those who stand for merged ones."""
    survivors = survivors_of(noun, keys).values()
    seen = CLIENTS[noun][0].objects.visible_to(user).filter(pk__in=survivors) if survivors else ()
    return next((record.pk for record in seen), None)


def followed(
    noun: str, found: Mapping[str, Record], fetch: Callable[[Iterable[int]], Iterable[Record]]
) -> dict[str, Record]:
    """Records by their keys of a source, each merged one replaced by the one that stands for it; `fetch` reads those.

    One that is there twice is the same object, so that what is set on it is set once.
    """
    gone: dict[int, Any] = {one.pk: one for one in found.values() if one.deleted_at is not None}
    survivors = survivors_of(noun, gone) if gone else {}
    if not survivors:
        return dict(found)
    here = {one.pk: one for one in found.values()}
    fresh = set(survivors.values()) - here.keys()
    here |= {one.pk: one for one in fetch(fresh)} if fresh else {}
    return {key: here.get(survivors.get(one.pk, one.pk), one) for key, one in found.items()}
