"""What waits for somebody's decision: signatures, appeals and proposals, the oldest first, one of them open with its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import formats
from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import holds
from discipline import evidence, words
from discipline.corrections import rule_of, said
from discipline.evidence import Item
from discipline.models import Adjustment, AdjustmentStatus, Appeal, Leave, Outage, Result, Scorecard, ScoreLine
from discipline.models.corrections import AdjustmentQuerySet
from discipline.services import appeals

MOST = 30
"""So many of a kind are listed; the next ones move up as these are decided."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Something to decide. `ref` names it in addresses ("appeal-5"); `delta` is what is proposed, empty for an appeal."""

    noun: str
    pk: int
    user: User
    card: Scorecard
    line: ScoreLine | None
    day: str
    rule: str
    cause: str
    text: str
    delta: int | None
    since: datetime
    records: Sequence[Sequence[Any]]
    note: str = ""
    decided_by: str = ""
    decision: str = ""

    @property
    def ref(self) -> str:
        return f"{self.noun}-{self.pk}"

    @property
    def href(self) -> str:
        return f"{reverse('discipline:correction-list')}?item={self.ref}"

    @property
    def action(self) -> str:
        names = {"appeal": "appeal-decide", "proposal": "adjustment-decide", "signature": "adjustment-sign"}
        return reverse(f"discipline:{names[self.noun]}", args=[self.pk])


@dataclass(frozen=True, kw_only=True)
class Opened:
    """The open entry: what the line says, what the proposal changes in it, the records, and what an appeal could give."""

    entry: Entry
    line: str
    changes: list[str]
    items: list[Item]
    worth: int | None


@dataclass(frozen=True, kw_only=True)
class Queue:
    """All that waits for a reader; `more` when it is longer than what is listed."""

    entries: list[Entry]
    opened: Opened | None
    earlier: Entry | None
    later: Entry | None
    more: bool


def read(reader: Any, item: str = "") -> Queue:
    """What waits for the reader, `item` (else the first) open: three statements, and some for what is open."""
    kinds = [_signatures(reader), _appeals(reader), _proposals(reader)]
    entries = [entry for kind in kinds for entry in kind[:MOST]]
    place = next((n for n, entry in enumerate(entries) if entry.ref == item), 0)
    return Queue(
        entries=entries,
        opened=_open(entries[place], reader) if entries else None,
        earlier=entries[place - 1] if place else None,
        later=entries[place + 1] if place + 1 < len(entries) else None,
        more=any(len(kind) > MOST for kind in kinds),
    )


def rows_for(user: Any) -> list[QuerySet[Any, Any]]:
    """What waits for somebody, a hundred of each kind at most, for the sidebar; managers have nothing to decide."""
    asked: tuple[tuple[QuerySet[Any, Any], Permission], ...] = (
        (Appeal.objects.visible_to(user, Permission.APPEAL_DECIDE).open(), Permission.APPEAL_DECIDE),
        (_of_status(user, Permission.ADJUSTMENT_DECIDE, AdjustmentStatus.PROPOSED), Permission.ADJUSTMENT_DECIDE),
        (_of_status(user, Permission.ADJUSTMENT_SIGN, AdjustmentStatus.SIGNING), Permission.ADJUSTMENT_SIGN),
    )
    return [rows.order_by().values("pk")[:100] for rows, action in asked if holds(user, action)]


def _appeals(reader: Any) -> list[Entry]:
    rows = Appeal.objects.visible_to(reader, Permission.APPEAL_DECIDE).open().order_by("recorded_at", "pk")
    return [
        Entry(
            noun="appeal", pk=one.pk, user=one.user, card=one.line.card, line=one.line, day=_day(one.line.card),
            rule=rule_of(one.line), cause=_("Appeal"), text=one.text, delta=None, since=one.recorded_at,
            records=one.line.evidence,
        )
        for one in rows.select_related("user", "line__card", "line__rule")[: MOST + 1]
    ]  # fmt: skip


def _proposals(reader: Any) -> list[Entry]:
    return _entries(_of_status(reader, Permission.ADJUSTMENT_DECIDE, AdjustmentStatus.PROPOSED), "proposal")


def _signatures(reader: Any) -> list[Entry]:
    return _entries(_of_status(reader, Permission.ADJUSTMENT_SIGN, AdjustmentStatus.SIGNING), "signature")


def _of_status(reader: Any, action: Permission, status: str) -> AdjustmentQuerySet:
    return Adjustment.objects.visible_to(reader, action).filter(status=status)


def _entries(rows: AdjustmentQuerySet, noun: str) -> list[Entry]:
    about = rows.select_related("user", "card", "line__rule", "line__card", "decided_by")
    return [_entry(one, noun) for one in about.order_by("recorded_at", "pk")[: MOST + 1]]


def _entry(one: Adjustment, noun: str) -> Entry:
    cause = str(one.get_kind_display())
    return Entry(
        noun=noun, pk=one.pk, user=one.user, card=one.card, line=one.line, day=_day(one.card), rule=rule_of(one.line),
        cause=cause[:1].upper() + cause[1:], text=one.text, delta=one.delta, since=one.recorded_at, records=one.records,
        note=said(one) if one.proposed_by_id is None else "", decided_by=one.decided_by.full_name if one.decided_by else "", decision=one.decision,
    )  # fmt: skip


def _day(card: Scorecard) -> str:
    return formats.day(card.day, timezone.localdate())


def _open(entry: Entry, reader: Any) -> Opened:
    changed = [row for row in entry.records if row[0] == "line"]
    others = [row for row in entry.records if row[0] not in ("line", "leave", "outage")]
    as_of = entry.card.horizon if entry.noun == "appeal" else entry.since
    return Opened(
        entry=entry,
        line=_said(entry.line) if entry.line is not None else "",
        changes=_changes(changed),
        items=[*_absences(entry.records), *evidence.described(others, as_of=as_of, reader=reader)],
        worth=appeals.worth(entry.line) if entry.noun == "appeal" and entry.line is not None else None,
    )


def _said(line: ScoreLine) -> str:
    """ "4, at least 5: missed"."""
    shown = {
        "value": words.figure(line.value),
        "target": words.target(line.comparison, line.threshold),
        "result": words.reason(line.reason) or str(Result(line.result).label).lower(),
    }
    return _("%(value)s, %(target)s: %(result)s") % shown


def _changes(rows: Sequence[Sequence[Any]]) -> list[str]:
    """What becomes of each line that the proposal touches: "Conversations: 4 → 5, met"."""
    lines = ScoreLine.objects.select_related("rule").defer("evidence").in_bulk([row[1] for row in rows]) if rows else {}
    return [
        f"{rule_of(lines[pk])}: {words.figure(lines[pk].value)} → {words.figure(value)}, {_result(result, reason)}"
        for _type, pk, result, reason, value, _at in rows
    ]


def _result(result: str, reason: str) -> str:
    return words.reason(reason) or str(Result(result).label).lower()


def _absences(rows: Sequence[Sequence[Any]]) -> list[Item]:
    """Leave and outages behind a proposal, which have no page of their own."""
    asked = {noun: [row[1] for row in rows if row[0] == noun] for noun in ("leave", "outage")}
    found: list[tuple[Any, str, Any]] = []
    if asked["leave"]:
        found += [(one, "beach", one.get_kind_display()) for one in Leave.objects.filter(pk__in=asked["leave"])]
    if asked["outage"]:
        found += [(one, "plug-x", one.get_source_display()) for one in Outage.objects.filter(pk__in=asked["outage"])]
    return [
        Item(
            icon=icon, tone="info", role="counted", label=f"{label[:1].upper()}{label[1:]}",
            reason="", value=f"{formats.when(one.from_at)} – {formats.when(one.until_at)}", at=one.recorded_at, url="",
        )
        for one, icon, label in ((one, icon, str(label)) for one, icon, label in found)
    ]  # fmt: skip
