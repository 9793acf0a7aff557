"""Many records changed in one go, with a look before and a way back.

The rules are those of one record; what they forbid stays as it is and is told. Records are locked and written in batches, so
that the number of statements grows with the thousands and not with the records.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import formats
from accounts.models import User
from accounts.permissions import Permission
from accounts.refusals import NotAllowed, Refused
from crm.may import may
from crm.models import BulkChange
from crm.services.base import allow
from crm.services.bulk_verbs import VERBS, Left, Verb
from crm.services.bulk_verbs.base import BATCH, MODELS, NOT_YOURS, Facts, Hand, Rows, locked

MOST = 5000
UNDO_DAYS = 7


class TooMany(Refused):
    """More than can be changed at once."""

    code = "too_many"

    def __init__(self) -> None:
        said = {"most": formats.number(MOST)}
        super().__init__(
            _("At most %(most)s records change at once. Narrow the list with a filter, then go on.") % said
        )


class NothingChosen(Refused):
    code = "nothing_chosen"
    message = _("Nothing is selected any more. Close this, select some rows and try again.")


class NothingChanges(Refused):
    code = "nothing_changes"
    message = _("None of them would change. Look at the reasons below, or choose something else.")


class TooLate(Refused):
    """Time has gone on over it."""

    code = "too_late"

    def __init__(self) -> None:
        said = {"days": UNDO_DAYS}
        super().__init__(_("This was done more than %(days)s days ago. Change the records by hand.") % said)


@dataclass(frozen=True)
class Preview:
    """How many would change, and how many stay for which reason."""

    total: int
    changes: int
    left: Left


@dataclass(frozen=True)
class Undone:
    """How many were returned, and how many were left for which reason."""

    back: int
    left: Left


def preview(*, noun: str, verb: str, facts: Facts, rows: Rows, by: User, at: datetime) -> Preview:
    """What `apply` would do now. Raises what it would raise for all of them."""
    allow(by, Permission.RECORD_BULK)
    kind, hand = VERBS[verb], Hand(noun, facts, by, at)
    kind.prepare(hand)
    keys, left, changes = _keys(rows), Left(), 0
    for batch in _batches(keys):
        found, stay = _sorted(list(_rows(kind, hand, batch)), kind, hand)
        changes += len(found)
        left += stay
    return Preview(len(keys), changes, left)


@transaction.atomic
def apply(
    *, noun: str, verb: str, facts: Facts, rows: Rows, key: str, by: User, at: datetime
) -> BulkChange:  # fmt: skip
    """Do `verb` to the records in `rows`; the same `key` again brings back what was done, and does nothing.

    `facts` are what the verb asks for, in plain values. `rows` are narrowed again to what `by` may change. Raises TooMany,
    NothingChosen, NothingChanges, and what the verb refuses.
    """
    allow(by, Permission.RECORD_BULK)
    change, fresh = BulkChange.objects.get_or_create(
        key=f"{by.pk}-{key}"[:60], defaults={"noun": noun, "verb": verb, "facts": dict(facts), "by": by, "at": at}
    )
    if not fresh:
        return change
    kind, hand = VERBS[verb], Hand(noun, facts, by, at)
    kind.prepare(hand)
    before: dict[str, Any] = {}
    left: Left = Left()
    for batch in _batches(_keys(rows)):
        found, stay = _sorted(locked(_rows(kind, hand, batch)), kind, hand)
        left += stay
        _merge(before, kind.change(found, hand) if found else {})
        change.count += len(found)
    if not change.count:
        raise NothingChanges
    change.before = before
    change.facts = {**facts, "left": {str(reason): n for reason, n in left.items() if n}}
    change.save(update_fields=["before", "facts", "count"])
    return change


@transaction.atomic
def undo(*, change: BulkChange, by: User, at: datetime) -> Undone:
    """Take back one's own change, as far as nobody touched the records since; a second time does nothing.

    Raises TooLate after UNDO_DAYS.
    """
    allow(by, Permission.RECORD_BULK)
    change = BulkChange.objects.visible_to(by).select_for_update().filter(pk=change.pk).first() or _refuse()
    if change.undone_at is not None:
        return Undone(0, Left())
    if change.at < at - timedelta(days=UNDO_DAYS):
        raise TooLate
    hand = Hand(change.noun, change.facts, by, at)
    back, left = 0, Left()
    for batch in _batches([int(key) for key in change.before["was"]]):
        returned, stay = VERBS[change.verb].undo(change, batch, hand)
        back += returned
        left += stay
    change.undone_at = at
    change.save(update_fields=["undone_at"])
    return Undone(back, +left)


def _refuse() -> BulkChange:
    raise NotAllowed


def _keys(rows: Rows) -> list[int]:
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[: MOST + 1])
    if len(keys) > MOST:
        raise TooMany
    if not keys:
        raise NothingChosen
    return keys


def _batches(keys: Sequence[int]) -> Iterator[Sequence[int]]:
    return (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))


def _rows(kind: Verb, hand: Hand, batch: Sequence[int]) -> Rows:
    """The records of a batch that are still there, with whether `by` may do it to each."""
    model: Any = MODELS[hand.noun]
    rows = model._base_manager.filter(pk__in=batch, deleted_at__isnull=True).defer("search", "note")
    return kind.rows(rows.annotate(may_=may(hand.by, kind.needs[hand.noun])), hand)


def _sorted(records: Sequence[Any], kind: Verb, hand: Hand) -> tuple[list[Any], Left]:
    """The records that change, and how many stay why."""
    left: Left = Counter()
    change = []
    for record in records:
        reason = kind.stays(record, hand) if record.may_ else NOT_YOURS
        if reason is None:
            change.append(record)
        else:
            left[reason] += 1
    return change, left


def _merge(before: dict[str, Any], more: dict[str, Any]) -> None:
    """Add what one batch keeps to what the others kept."""
    for name, kept in more.items():
        if isinstance(kept, dict):
            before.setdefault(name, {}).update(kept)
        else:
            before.setdefault(name, []).extend(kept)
