"""A person's statement: every entry behind the amount, and how it was worked out. Two statements beside the line itself."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import formats
from discipline import entry_words
from discipline.models import LedgerEntry, ScoreLine, SettlementLine, SettlementStatus

APPROVED = (SettlementStatus.APPROVED, SettlementStatus.EXPORTED)


@dataclass(frozen=True)
class Row:
    """One entry: the day, what it was, more about it, its points, its own day's card."""

    day: date
    what: str
    more: str
    points: int
    href: str
    hash: str
    early: bool


class Statement:
    """What the page draws for a line that was found with its settlement, user and team."""

    def __init__(self, line: SettlementLine) -> None:
        self.line, self.settlement = line, line.settlement
        self.rows = self._rows()

    @property
    def final(self) -> bool:
        return self.settlement.status in APPROVED

    @property
    def parts(self) -> list[tuple[str, int]]:
        """The points by where they come from; what there was none of is left out."""
        working = self.line.working
        named = (
            (_("Rules met"), working["met"]), (_("Rules missed"), working["missed"]), (_("Corrections"), working["corrections"]),
            (_("Rewards"), working["rewards"]),
        )  # fmt: skip
        return [(label, points) for label, points in named if points]

    @property
    def worked(self) -> list[str]:
        money = partial(formats.money, currency=self.line.currency)
        return entry_words.worked(self.line.working, money)

    @property
    def early(self) -> bool:
        """Whether some entries are of days before the period."""
        return any(row.early for row in self.rows)

    def _rows(self) -> list[Row]:
        entries = list(
            LedgerEntry.objects.filter(settled__line=self.line).order_by("day", "pk").values(*entry_words.COLUMNS)
        )
        missed = self._missed([entry["card_id"] for entry in entries if entry["card_id"]])
        return [self._row(entry, missed) for entry in entries]

    def _row(self, entry: dict[str, Any], missed: dict[int, list[str]]) -> Row:
        card = entry_words.card(entry)
        names = missed.get(entry["card_id"] or 0)
        more = _("Missed: %(rules)s") % {"rules": ", ".join(names)} if names else entry_words.about(entry)
        return Row(
            day=entry["day"],
            what=entry_words.kind(entry),
            more=more or (_("Everything was kept.") if entry["card_id"] else ""),
            points=entry_words.moved(entry),
            href=reverse("discipline:card", args=[card]) if card else "",
            hash=entry["hash"],
            early=entry["day"] < self.settlement.first,
        )

    def _missed(self, cards: list[int]) -> dict[int, list[str]]:
        names: dict[int, list[str]] = defaultdict(list)
        rows = ScoreLine.objects.filter(card__in=cards, points__lt=0).order_by("card_id", "position")
        for card, metric, label in rows.values_list("card_id", "metric", "rule__label"):
            names[card].append(entry_words.rule(label, metric))
        return names
