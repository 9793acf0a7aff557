"""Filters as the page draws them: the control of each, and a chip in words for each that is in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import formats
from crm.lists.filters import Filter, Label

if TYPE_CHECKING:
    from crm.lists.asked import Asked

AS_CHIPS = 8
"""So many choices stand side by side; more are a list."""


@dataclass(frozen=True)
class Drawn:
    """A filter with its value and choices, ready to draw."""

    filter: Filter
    value: str
    options: list[tuple[str, Label]]

    @property
    def chosen(self) -> list[str]:
        return self.value.split(",") if self.value else []

    @property
    def ends(self) -> tuple[str, str]:
        """What stands in the two fields of days or amounts."""
        first, separator, last = self.value.partition("..")
        return (first, last) if separator else ("", "")

    @property
    def as_chips(self) -> bool:
        return self.filter.several and not self.filter.suggest and len(self.options) <= AS_CHIPS

    @property
    def suggest_url(self) -> str:
        return reverse("crm:suggest", args=[self.filter.suggest]) if self.filter.suggest else ""


@dataclass(frozen=True)
class Chip:
    """A filter in force: what it says, and where it is gone."""

    key: str
    label: Label
    words: str
    href: str


def drawn_of(one: Filter, value: str, options: list[tuple[str, Label]]) -> Drawn:
    return Drawn(one, value, options)


def chips_of(asked: Asked, drawn: list[Drawn]) -> list[Chip]:
    """The chips of all filters in force, in the order of the filters."""
    chips = []
    if asked.q:
        chips.append(Chip("q", _("Search"), f"“{asked.q}”", asked.address(asked.query_with(without="q"))))
    for one in drawn:
        if one.value:
            href = asked.address(asked.query_with(without=one.filter.key))
            chips.append(Chip(one.filter.key, _named(one), words_of(one), href))
    return chips


def _named(drawn: Drawn) -> Label:
    """What the chip begins with; a yes says all in its own word."""
    return "" if drawn.filter.kind == "toggle" else drawn.filter.label


def words_of(drawn: Drawn) -> str:
    if any(drawn.ends):
        return _span(drawn)
    if drawn.filter.kind == "text":
        return drawn.value
    labels = dict(drawn.options)
    return ", ".join(str(labels.get(one, one)) for one in drawn.chosen)


def _span(drawn: Drawn) -> str:
    """ "from 1 Mar", "up to 5 000", "1 Mar – 31 Mar"."""
    first, last = (_end(drawn, end) for end in drawn.ends)
    if first and last:
        return f"{first} – {last}"
    return _("from %(start)s") % {"start": first} if first else _("up to %(end)s") % {"end": last}


def _end(drawn: Drawn, text: str) -> str:
    if not text:
        return ""
    if drawn.filter.kind == "days":
        return formats.day(date.fromisoformat(text), timezone.localdate())
    return formats.number(float(text), 2)
