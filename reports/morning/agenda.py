"""The stand-up of a quarter of an hour, composed from what is known: what went well, where it sticks, what comes first, what to decide.

It is read aloud before everybody: no points, no money of anybody's bonus, and questions instead of verdicts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import formats
from reports.behind import link
from reports.figures.sums import Sum
from reports.morning.rows import Row


@dataclass(frozen=True, kw_only=True)
class Item:
    """A line of the agenda: about whom, what, and what opens behind it."""

    text: str
    name: str
    url: str

    @property
    def short(self) -> str:
        """ "Anna K.", where there is little room."""
        first, *others = self.name.split()
        return " ".join([first, *(f"{one[0]}." for one in others[-1:])])


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part of the stand-up with its minutes; `none` is said where there is nothing on the list."""

    key: str
    icon: str
    title: str | Promise
    minutes: int
    none: str | Promise
    items: list[Item] = field(default_factory=list)


class Agenda:
    """The four parts of a stand-up over the people of a head as of a moment."""

    def __init__(self, rows: Sequence[Row], *, at: datetime, day: date, back: str) -> None:
        self.rows = [row for row in rows if row.member.sells]
        self.at, self.day, self.back = at, day, back

    def parts(self) -> list[Part]:
        return [
            Part(
                key="praise", icon="trophy", title=gettext_lazy("What went well"), minutes=2, items=self._praise(),
                none=gettext_lazy("Ask who is content with what since the last stand-up."),
            ),
            Part(
                key="stuck", icon="hourglass", title=gettext_lazy("Where it sticks"), minutes=5, items=self._stuck(),
                none=gettext_lazy("Nothing is overdue and every deal has its next step. Say so."),
            ),
            Part(
                key="first", icon="star", title=gettext_lazy("First today"), minutes=5, items=self._first(),
                none=gettext_lazy("Nobody is here to plan the day with."),
            ),
            Part(
                key="decide", icon="gavel", title=gettext_lazy("To decide together"), minutes=3, items=self._decide(),
                none=gettext_lazy("No deal has gone cold. Ask what else needs a decision."),
            ),
        ]  # fmt: skip

    def _praise(self) -> list[Item]:
        return [*self._wins(), *self._clean()]

    def _wins(self) -> list[Item]:
        """Deals won since the last closed day."""
        items = []
        for row in self.rows:
            since = row.member.card.day if row.member.card else self.day
            days = [part for part in row.member.sums.parts("won") if part >= since.isoformat()]
            won = row.member.sums.whole("won", *days) if days else Sum()
            if won.count:
                deals = ngettext("%(n)s deal won", "%(n)s deals won", won.count) % {"n": won.count}
                url = link("won", at=self.at, person=row.member.pk, parts=days, back=self.back)
                items.append(Item(name=row.member.name, text=f"{deals}{_amount(won)}", url=url))
        return items

    def _clean(self) -> list[Item]:
        return [
            Item(
                name=row.member.name,
                text=_("every rule kept: %(day)s") % {"day": formats.day(card.day, self.day)},
                url=reverse("discipline:card", args=[card.pk]),
            )
            for row in self.rows
            if (card := row.member.card) is not None and card.met and not card.missed
        ]

    def _stuck(self) -> list[Item]:
        """Those with something open, most first: what would help to close it?"""
        heavy = sorted(self.rows, key=lambda row: (-row.open_ends, row.member.name))
        return [Item(name=row.member.name, text=" · ".join(row.words), url=row.href) for row in heavy if row.words]

    def _first(self) -> list[Item]:
        return [
            Item(
                name=row.member.name,
                text=" · ".join(one.title for one in row.member.priorities)
                or _("not set yet: which three things come first?"),
                url=f"{reverse('crm:task-list')}?owner={row.member.pk}",
            )
            for row in self.rows
            if row.here
        ]

    def _decide(self) -> list[Item]:
        cold = [(row, row.member.sums.whole("deals_cold").count) for row in self.rows]
        items = [
            Item(
                name=row.member.name,
                text=ngettext(
                    "%(n)s deal has gone cold: go on with it, or close it?",
                    "%(n)s deals have gone cold: go on with them, or close them?",
                    n,
                )
                % {"n": n},
                url=link("deals_cold", at=self.at, person=row.member.pk, back=self.back),
            )
            for row, n in cold
            if n
        ]
        return [*items, *self._covered()]

    def _covered(self) -> list[Item]:
        """Who is away: somebody has to look after his clients."""
        return [
            Item(
                name=row.member.name,
                text=_("away until %(when)s: who looks after the clients?") % {"when": _until(row.member.away)},
                url=link("overdue", at=self.at, person=row.member.pk, back=self.back),
            )
            for row in self.rows
            if row.member.away is not None
        ]


def _amount(won: Sum) -> str:
    sums = [formats.money(minor, currency) for currency, minor in sorted(won.minor.items()) if minor]
    return f", {' + '.join(sums)}" if sums else ""


def _until(moment: Any) -> str:
    return formats.when(timezone.localtime(moment))
