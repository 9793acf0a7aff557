"""An import taken back whole, chunk by chunk, safe to begin again after any crash: what is gone is forgotten in the same transaction.

Nothing of a person's later work is lost: a record that somebody has touched since stays, and so does what it hangs on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from crm.services import undoing, undoing_lists
from crm.touched import MODELS
from migrations_data.models import Action, Import, ImportChange, ImportRow, Outcome, Status
from migrations_data.undoing import made, people

Progress = Callable[[int], None]


def carry_out(*, of: Import, by: User, at: datetime, seconds: float, progress: Progress = lambda done: None) -> bool:
    """Take back what is still there, for at most about `seconds`; says whether it is through.

    It goes round until nothing more can go, so that whatever was held only by what is gone now goes too.
    """
    until = time.monotonic() + seconds
    work = _Undo(of, by, at, progress, lambda: time.monotonic() > until)
    while work.round():
        if work.out_of_time:
            return False
    if work.out_of_time:
        return False
    _close(of)
    return True


@dataclass
class _Undo:
    """One go at an undo. It stops between chunks when `time_up`, though never before something was taken back."""

    of: Import
    by: User
    at: datetime
    progress: Progress
    time_up: Callable[[], bool]
    done: int = 0
    out_of_time: bool = False

    def round(self) -> bool:
        """Everything once; whether anything was taken back."""
        before = self.done
        own = {kind: made.keys(self.of, kind) for kind in made.IN_ORDER}
        self._changes(own)
        for kind, keys in own.items():
            left = made.left(self.of, kind, keys)
            for part in made.chunks(keys):
                if self.out_of_time:
                    break
                self._note(self._made(kind, part, left))
        return self.done > before

    def _note(self, count: int) -> None:
        self.done += count
        self.progress(self.done)
        self.out_of_time = self.out_of_time or (self.done > 0 and self.time_up())

    @transaction.atomic
    def _made(self, kind: str, keys: Sequence[int], left: Mapping[int, Mapping[str, Any]]) -> int:
        """A chunk of what was made: taken out, and forgotten."""
        hand: dict[str, Any] = {"keys": keys, "by": self.by, "at": self.at}
        stay: Mapping[int, str]
        if kind in MODELS:
            stay = undoing.take_out(noun=kind, left=left, **hand)
        elif kind in made.LISTED:
            stay = undoing_lists.take_out(kind=kind, left=left, **hand)
        else:
            stay = people.take_out(**hand) if kind == "user" else people.teams_stay(keys)
        return made.release(self.of, kind, (key for key in keys if key not in stay))

    def _changes(self, own: Mapping[str, Sequence[int]]) -> None:
        """What the import changed of records that were here before it, the latest first."""
        for noun in made.CHANGED:
            changed = made.lines(self.of, Action.CHANGED).filter(record_type=noun, before__isnull=False)
            mine = set(own[noun])
            pairs = changed.order_by("-pk").values_list("pk", "record_id")
            pks = [pk for pk, record in pairs if record not in mine]
            for part in made.chunks(pks):
                if self.out_of_time:
                    return
                self._note(self._back(noun, part))

    @transaction.atomic
    def _back(self, noun: str, pks: Sequence[int]) -> int:
        """A chunk of changes; what could not be taken back of one stays written down."""
        changes = list(ImportChange.objects.filter(pk__in=pks).order_by("-pk"))
        lines = [undoing.Line(one.record_id, one.before or {}, one.after or {}) for one in changes]
        if noun == "product":
            stay = undoing_lists.give_back(lines=lines, by=self.by)
        else:
            stay = undoing.give_back(noun=noun, lines=lines, by=self.by, at=self.at)
        ImportChange.objects.filter(
            pk__in=[one.pk for one, kept in zip(changes, stay, strict=True) if not kept]
        ).delete()
        fewer = [one for one, kept in zip(changes, stay, strict=True) if kept and _keep_only(one, kept)]
        ImportChange.objects.bulk_update(fewer, ["before", "after"])
        return sum(not kept for kept in stay) + len(fewer)


def _keep_only(change: ImportChange, names: Sequence[str]) -> bool:
    """Let a change say only what could not be taken back; whether it says less than before."""
    if names == [undoing.DELETED]:
        return False
    said = change.after
    change.before = {name: value for name, value in (change.before or {}).items() if name in names}
    change.after = {name: value for name, value in (change.after or {}).items() if name in names}
    return change.after != said


@transaction.atomic
def _close(of: Import) -> None:
    """What the rows said about records that were here before counts no more: the same table says it anew."""
    said = ImportRow.objects.filter(sheet__file__of_import=of, record_id__isnull=False)
    said.exclude(outcome__in=[Outcome.CREATED, Outcome.MERGED]).update(record_id=None)
    merged = said.filter(outcome=Outcome.MERGED)
    for kind in MODELS:
        merged.filter(record_type=kind).exclude(record_id__in=made.keys(of, kind)).update(record_id=None)
    Import.objects.filter(pk=of.pk).update(status=Status.UNDONE)
