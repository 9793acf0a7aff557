"""The shape of a verb over many records, and what all of them say about records that stay as they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from crm.models import BulkChange, Company, Contact, Deal

MODELS: dict[str, type[Model]] = {"company": Company, "contact": Contact, "deal": Deal}
BATCH = 1000
Rows = QuerySet[Any, Any]
Facts = Mapping[str, Any]
"""What the verb was given, in plain values: it is kept with the change."""
Left = Counter[Any]
"""How many records stay, by the reason in words."""

SAME = _("already so")
NOT_YOURS = _("not yours to change")
GONE = _("deleted meanwhile")
TOUCHED = _("changed by somebody since")


@dataclass(frozen=True)
class Hand:
    """Who does it, when, to which noun, with what: the same for all records of one change."""

    noun: str
    facts: Facts
    by: User
    at: datetime
    known: dict[str, Any] = field(default_factory=dict)
    """What `prepare` looked up once for all records."""


@dataclass(frozen=True, kw_only=True)
class Verb:
    """One verb. `needs` names the permission by noun: who has it for a record may do this to it.

    `prepare` checks the facts once and fills `hand.known` (raises Refused); `rows` adds what `stays` asks of each record;
    `stays` says in words why a record stays as it is, None when it is to be changed; `change` changes locked records and returns
    what is needed to take it back, by key; `undo` takes back what nobody touched since, of a batch of keys: how many, and the rest.
    """

    key: str
    needs: Mapping[str, Permission]
    prepare: Callable[[Hand], None]
    rows: Callable[[Rows, Hand], Rows]
    stays: Callable[[Any, Hand], Any]
    change: Callable[[Sequence[Any], Hand], dict[str, Any]]
    undo: Callable[[BulkChange, Sequence[int], Hand], tuple[int, Left]]


def locked(rows: Rows) -> list[Any]:
    """The records, locked in the order of their keys, so that nobody waits in a circle."""
    return list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))


def written(records: Sequence[Any], names: set[str], by: User) -> None:
    """Store the columns of many records and say who did it."""
    if not records or not names:
        return
    for record in records:
        record.changed_by = by
    type(records[0])._base_manager.bulk_update(records, sorted(names | {"changed_by"}), batch_size=BATCH)


def before_of(change: BulkChange, keys: Sequence[int]) -> dict[int, Any]:
    """What was kept about these records when they were changed."""
    was = change.before["was"]
    return {key: was[str(key)] for key in keys if str(key) in was}
