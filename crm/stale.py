"""Two people at once: what the person saw, what is there now, what he typed.

Fields that only he changed are saved, fields that only the other changed stay, fields that both changed to different values are
asked. What he saw comes from the record's history; of lists (phones, tags, products), which have none, from the form.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from accounts.models import User
from crm import attached, custom, stale_words
from crm.models import (
    ActivityTimeline,
    CompanyTimeline,
    ComplaintTimeline,
    ContactTimeline,
    ContractTimeline,
    DealTimeline,
    TaskTimeline,
)
from crm.services.base import StaleRecord

Result = TypeVar("Result")
TIMELINES: Mapping[str, Any] = {
    "company": CompanyTimeline, "contact": ContactTimeline, "deal": DealTimeline, "task": TaskTimeline,
    "activity": ActivityTimeline, "contract": ContractTimeline, "complaint": ComplaintTimeline,
}  # fmt: skip
AMOUNT = ("amount_minor", "currency")
MONEY = {"company": ("revenue_minor", "currency"), "deal": AMOUNT, "contract": AMOUNT, "complaint": AMOUNT}
"""An amount and its currency say one thing together."""
MINE, THEIRS, BOTH = "mine", "theirs", "both"
TRIES = 3


@dataclass(frozen=True)
class Conflict:
    """A field that two people changed to different values. `mine` and `theirs` are plain values, `by` and `at` the other's change."""

    field: str
    label: str
    mine: Any
    theirs: Any
    mine_text: str
    theirs_text: str
    by: User
    at: datetime
    joins: bool = False
    """Whether both can be kept, one after the other."""


@dataclass(frozen=True)
class Answers:
    """What the person decided, by field, when the record was as of `met_at`; later changes are asked again."""

    met_at: datetime
    taken: Mapping[str, str] = field(default_factory=dict)


class Conflicting(StaleRecord):
    """Both changed the same fields. `conflicts` say how, `met_at` up to when; nothing was saved."""

    def __init__(self, conflicts: Sequence[Conflict], met_at: datetime) -> None:
        super().__init__()
        self.conflicts, self.met_at = list(conflicts), met_at
        self.told = {
            "seen_at": met_at,
            "conflicts": [
                {
                    "field": one.field, "label": one.label, "yours": one.mine, "theirs": one.theirs,
                    "by": one.by.pk, "by_name": str(one.by), "at": one.at,
                }
                for one in conflicts
            ],
        }  # fmt: skip


def save(
    verb: Callable[..., Result],
    *,
    noun: str,
    record: Any,
    seen_at: datetime | None,
    changes: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
    answers: Answers | None = None,
    **fixed: Any,
) -> Result:
    """Call a service that takes `seen_at` with those of the `changes` that write over nobody.

    `seen` are the lists that the person saw, by name (see `crm.attached`), `answers` what he decided before, `fixed` the rest for
    the service. Raises Conflicting; what the service refuses comes through.
    """
    if seen_at is None:
        return verb(**fixed, **changes, **{noun: record})
    for _attempt in range(TRIES):
        kept, found = _Merge(noun, record, seen_at, changes, fixed["by"], seen or {}, answers).settle()
        if found:
            raise Conflicting(found, record.changed_at)
        try:
            return verb(**fixed, **kept, **{noun: record}, seen_at=record.changed_at)
        except StaleRecord:
            continue  # the service brought the record up to date: look again
    raise StaleRecord


def conflicts(noun: str, record: Any, *, seen_at: datetime, changes: Mapping[str, Any], by: User) -> list[Conflict]:
    """The fields among `changes` that somebody else changed to another value since `seen_at`."""
    return _Merge(noun, record, seen_at, changes, by, {}, None).settle()[1]


class _Merge:
    """One comparison: the versions since what was seen, with what is wanted now."""

    def __init__(
        self,
        noun: str,
        record: Any,
        seen_at: datetime,
        changes: Mapping[str, Any],
        by: User,
        seen: Mapping[str, Any],
        answers: Answers | None,
    ) -> None:
        self.noun, self.record, self.seen_at, self.seen, self.answers = noun, record, seen_at, seen, answers
        self.changes = _flat(noun, record, changes, by)
        self.lists = attached.NAMES.get(type(record), ())
        self.versions: list[Any] = []

    def settle(self) -> tuple[dict[str, Any], list[Conflict]]:
        """What may be saved at once, and what has to be asked."""
        if self.record.changed_at <= self.seen_at:
            return _nested(self.changes), []
        rows = TIMELINES[self.noun].objects.filter(id=self.record.pk, to_at__gt=self.seen_at)
        self.versions = list(rows.order_by("from_at").select_related("changed_by"))
        self.now = attached.read_all(self.record, self.changes)
        kept: dict[str, Any] = {}
        asked = []
        for unit in self._units():
            if not self._is_mine(unit) or self._is_same(unit):
                continue
            taken = self._taken(unit) if self._moved(unit, self.versions[0]) else MINE
            if taken == MINE:
                kept |= {name: self.changes[name] for name in unit if name in self.changes}
            elif taken == BOTH:
                kept[unit[0]] = f"{self._now(unit[0])}\n\n{self.changes[unit[0]]}"
            elif not taken:
                asked.append(self._conflict(unit))
        return _nested(kept), asked

    def _units(self) -> list[tuple[str, ...]]:
        """The names of the changes; those that say one thing together are one."""
        pair = MONEY.get(self.noun, ())
        together = [pair] if set(pair) & set(self.changes) else []
        return [*together, *((name,) for name in self.changes if name not in pair)]

    def _is_mine(self, unit: tuple[str, ...]) -> bool:
        named = [name for name in unit if name in self.changes]
        return any(not self._is_kept(name) or self._typed(name) != self._was(name) for name in named)

    def _is_same(self, unit: tuple[str, ...]) -> bool:
        named = [name for name in unit if name in self.changes]
        return all(self._is_kept(name) and self._typed(name) == self._now(name) for name in named)

    def _moved(self, unit: tuple[str, ...], since: Any) -> bool:
        """Whether somebody changed it after the version `since`."""
        return any(self._differs(name, since) for name in unit)

    def _differs(self, name: str, version: Any) -> bool:
        if not self._is_kept(name):
            return False
        if name in self.lists:
            same = version.revision == self.record.revision or (
                version is self.versions[0] and name in self.seen and self.seen[name] == self.now[name]
            )
            return not same
        return stale_words.value(version, name) != self._now(name)

    def _taken(self, unit: tuple[str, ...]) -> str:
        """What the person decided about it, if nobody has changed it again since."""
        if self.answers is None:
            return ""
        met = [version for version in self.versions if version.from_at <= self.answers.met_at]
        return "" if not met or self._moved(unit, met[-1]) else self.answers.taken.get(unit[0], "")

    def _is_kept(self, name: str) -> bool:
        """Whether it is a field with a value of its own, and not a word of the verb."""
        return name in self.lists or stale_words.has(self.record, name)

    def _typed(self, name: str) -> Any:
        given = self.changes[name]
        return attached.plain(name, given) if name in self.lists else stale_words.plain(self.record, name, given)

    def _was(self, name: str) -> Any:
        if name in self.lists:
            unchanged = self.versions[0].revision == self.record.revision
            return self.now[name] if unchanged else self.seen.get(name)
        return stale_words.value(self.versions[0], name)

    def _now(self, name: str) -> Any:
        return self.now[name] if name in self.lists else stale_words.value(self.record, name)

    def _conflict(self, unit: tuple[str, ...]) -> Conflict:
        name = unit[0]
        mine = {one: self._typed(one) if one in self.changes else self._was(one) for one in unit}
        theirs = {one: self._now(one) for one in unit}
        changed = next(
            (
                later
                for earlier, later in zip(self.versions[-2::-1], self.versions[:0:-1], strict=True)
                if any(self._between(one, earlier, later) for one in unit)
            ),
            self.versions[-1],
        )
        return Conflict(
            field=name,
            label=stale_words.label(self.record, name),
            mine=mine[name] if len(unit) == 1 else mine,
            theirs=theirs[name] if len(unit) == 1 else theirs,
            mine_text=stale_words.text(self.record, name, mine),
            theirs_text=stale_words.text(self.record, name, theirs),
            by=changed.changed_by,
            at=changed.from_at,
            joins=stale_words.joins(self.record, name),
        )

    def _between(self, name: str, earlier: Any, later: Any) -> bool:
        if name in self.lists:
            return bool(earlier.revision != later.revision)
        return bool(stale_words.value(earlier, name) != stale_words.value(later, name))


def _flat(noun: str, record: Any, changes: Mapping[str, Any], by: User) -> dict[str, Any]:
    """Own fields one by one, by the names they have in forms ("custom.fleet"), as they are stored."""
    rest = {name: value for name, value in changes.items() if name != "custom"}
    own = changes.get("custom")
    if own:
        own = custom.clean(noun, own, by, record.custom)
        rest |= {f"{custom.PREFIX}{key}": value for key, value in own.items()}
    return rest


def _nested(changes: Mapping[str, Any]) -> dict[str, Any]:
    own = {custom.key_of(name): value for name, value in changes.items() if custom.key_of(name)}
    rest = {name: value for name, value in changes.items() if not custom.key_of(name)}
    return rest | ({"custom": own} if own else {})
