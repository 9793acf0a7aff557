"""A cell of a report: so many records, the figure they make, how it reads, and what it was before."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from accounts import formats
from crm.custom import home_currency
from reports.builder.parts import Figure, Holds, How

Path = tuple[str, ...]
"""The keys of a row or a column from the outermost dimension on; () is the total."""
PLACES = 2


@dataclass(frozen=True)
class Place:
    """Where a cell stands. `before` is the one of the period that is compared with."""

    rows: Path = ()
    columns: Path = ()
    before: bool = False


@dataclass
class Tally:
    """Records, those with a value, and their sum: kept apart, so that averages and shares stay exact."""

    count: int = 0
    known: int = 0
    total: Decimal = Decimal(0)

    def add(self, count: int, known: int, total: Decimal) -> None:
        self.count, self.known, self.total = self.count + count, self.known + known, self.total + total


Tallies = dict[str, Tally]
"""By currency; under "" for what is no money."""


@dataclass
class Cell:
    """What a figure comes to at one place. Several currencies are never added up: each stands for itself."""

    figure: Figure
    place: Place = Place()
    now: Tallies = field(default_factory=dict)
    before: Tallies = field(default_factory=dict)

    @property
    def count(self) -> int:
        return sum(tally.count for tally in self.now.values())

    @property
    def count_before(self) -> int:
        return sum(tally.count for tally in self.before.values())

    @cached_property
    def values(self) -> dict[str, Decimal]:
        """The figure by currency, the company's own first: minor units of money, a share of 1, days or plain numbers."""
        return _values(self.figure, self.now)

    @cached_property
    def values_before(self) -> dict[str, Decimal]:
        return _values(self.figure, self.before)

    @property
    def value(self) -> Decimal | None:
        """The figure where there is one currency at most, else that in the company's own; what charts draw and rows are sorted by."""
        return _one(self.values)

    @property
    def value_before(self) -> Decimal | None:
        return _one(self.values_before)

    @property
    def is_empty(self) -> bool:
        return not self.count and not self.count_before

    @cached_property
    def shown(self) -> str:
        return say(self.figure, self.values, self.count)

    @cached_property
    def shown_before(self) -> str:
        return say(self.figure, self.values_before, self.count_before)

    @cached_property
    def change(self) -> str:
        """How it changed: "+12 %", for a share "+3 points"; empty where there is nothing to say."""
        now, before = self.value, self.value_before
        if now is None or before is None:
            return ""
        if self.figure.how == How.RATE:
            return _("%(n)s points") % {"n": formats.points((now - before) * 100)} if now != before else ""
        if not before:
            return _("new") if now else ""
        share = (now - before) / abs(before)
        return f"+{formats.percent(share)}" if share > 0 else formats.percent(share)

    @property
    def direction(self) -> str:
        """ "up", "down" or "" for what stayed."""
        now, before = self.value or 0, self.value_before or 0
        return "" if now == before else "up" if now > before else "down"


def _values(figure: Figure, tallies: Tallies) -> dict[str, Decimal]:
    made = {currency: _value(figure, tallies[currency]) for currency in _in_order(tallies)}
    return {currency: value for currency, value in made.items() if value is not None}


def _value(figure: Figure, tally: Tally) -> Decimal | None:
    if figure.how == How.COUNT:
        return Decimal(tally.count)
    if not tally.known:
        return None
    return tally.total if figure.how == How.SUM else tally.total / tally.known


def _in_order(tallies: Tallies) -> list[str]:
    home = home_currency() if len(tallies) > 1 else ""
    return sorted(tallies, key=lambda currency: (currency != home, currency))


def _one(values: dict[str, Decimal]) -> Decimal | None:
    if len(values) < 2:
        return next(iter(values.values()), None)
    return values.get(home_currency())


def say(figure: Figure, values: dict[str, Decimal], count: int) -> str:
    """A figure in words; a dash where there is none, nought where nothing adds up to it."""
    if not values:
        nothing = figure.how == How.COUNT or (figure.how == How.SUM and not count)
        return "0" if nothing else formats.DASH
    return " + ".join(_said(figure, value, currency) for currency, value in values.items())


def _said(figure: Figure, value: Decimal, currency: str) -> str:
    if figure.holds == Holds.MONEY:
        return formats.money(round(value), currency)
    if figure.holds == Holds.SHARE:
        return formats.percent(value, 1)
    if figure.holds == Holds.POINTS:
        return formats.points(round(value, PLACES))
    if figure.holds == Holds.DAYS:
        return _("%(days)s d") % {"days": formats.number(value, 1)}
    return formats.number(value, PLACES)
