"""The page of questions: every signal of a team and time, with the names and records behind each finding."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import Team
from accounts.reach import people_of
from discipline import evidence
from discipline.evidence import Item
from discipline.signals import SIGNALS, Found, Signal, run
from discipline.spans import Span

SHOWN = 40
"""So many records of one finding are listed; its figures count them all."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One question about one person, ready to draw."""

    person: str
    question: str
    items: list[Item]
    more: int


@dataclass(frozen=True)
class Group:
    """A signal and what it found."""

    signal: Signal
    findings: list[Finding]


def read(user: Any, team: Team, span: Span, now: datetime) -> list[Group]:
    """The findings about the reader's own people, by signal: one statement each, one for the names and two for the records."""
    names = dict(people_of(user).exclude(pk=user.pk).values_list("pk", "full_name"))
    found = [(signal, run(signal, team, span.first, span.last)) for signal in SIGNALS]
    mine = [(signal, [one for one in listed if one.user_id in names]) for signal, listed in found]
    rows = [row for _signal, listed in mine for one in listed for row in one.records[:SHOWN]]
    items = iter(evidence.described(rows, as_of=now, reader=user))
    return [
        Group(signal, [_finding(one, names[one.user_id], items) for one in listed]) for signal, listed in mine if listed
    ]


def _finding(one: Found, name: str, items: Any) -> Finding:
    """Takes its own records from the front of `items`."""
    listed = one.records[:SHOWN]
    return Finding(
        person=name,
        question=one.question,
        items=[next(items) for _record in listed],
        more=len(one.records) - len(listed),
    )
