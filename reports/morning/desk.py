"""What waits for the head's decision on a morning: appeals, corrections, requests for leave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import formats
from discipline.models import AdjustmentKind, LeaveKind
from discipline.spells import Spell
from reports.morning.gathering import MOST


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One thing to decide, who it is about, and where it is decided."""

    icon: str
    name: str
    what: str
    url: str
    since: datetime


@dataclass(frozen=True)
class Desk:
    """All that waits, the oldest first; `more` when it is longer than what is read."""

    decisions: list[Decision]
    more: bool

    @classmethod
    def of(cls, rows: Mapping[str, list[Any]]) -> Desk:
        kinds = {"appeals": _appeal, "corrections": _correction, "requests": _request}
        listed = [make(row) for kind, make in kinds.items() for row in rows.get(kind, [])[:MOST]]
        more = any(len(rows.get(kind, [])) > MOST for kind in kinds)
        return cls(sorted(listed, key=lambda one: one.since), more)

    @property
    def count(self) -> int:
        return len(self.decisions)

    @property
    def shown(self) -> str:
        return f"{self.count}+" if self.more else str(self.count)


def _appeal(row: Mapping[str, Any]) -> Decision:
    return Decision(
        icon="message-report",
        name=row["name"],
        what=_("Appeal about %(day)s") % {"day": _day(row["day"])},
        url=f"{reverse('discipline:correction-list')}?item=appeal-{row['pk']}",
        since=row["recorded_at"],
    )


def _correction(row: Mapping[str, Any]) -> Decision:
    kind = str(AdjustmentKind(row["kind"]).label)
    return Decision(
        icon="pencil",
        name=row["name"],
        what=_("%(kind)s, %(day)s") % {"kind": kind[:1].upper() + kind[1:], "day": _day(row["on"])},
        url=f"{reverse('discipline:correction-list')}?item=proposal-{row['pk']}",
        since=row["recorded_at"],
    )


def _request(row: Mapping[str, Any]) -> Decision:
    kind = str(LeaveKind(row["kind"]).label)
    spell = Spell.of(row["from_at"], row["until_at"], row["zone"])
    return Decision(
        icon="beach",
        name=row["name"],
        what=_("%(kind)s, %(when)s") % {"kind": kind[:1].upper() + kind[1:], "when": spell},
        url=reverse("discipline:leave-list"),
        since=row["recorded_at"],
    )


def _day(day: date) -> str:
    return formats.day(day, timezone.localdate())
