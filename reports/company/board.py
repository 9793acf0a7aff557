"""What all blocks of the owner's screen draw from: the sums of the company and its teams, as of one moment and of a week before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from accounts import formats
from crm.board import money_of
from crm.lists.cells import Money
from reports.behind import link
from reports.charts import Point
from reports.company.blocks import Cell
from reports.figures.sums import Sum, Sums
from reports.shown import Shown

Item = TypeVar("Item")
TOP = 8
"""So many rows a small table has on the screen; a workbook has all."""


@dataclass(frozen=True, kw_only=True)
class StageName:
    """A stage of a funnel, as charts and tables name it."""

    key: str
    name: str
    colour: str
    pipeline: str


@dataclass(frozen=True, kw_only=True)
class TeamScore:
    """A scored day of a team."""

    team: int
    day: date
    cards: int
    points: int
    met: int
    missed: int


@dataclass(frozen=True, kw_only=True)
class Board:
    """`shown` with the names of what its parts stand for. `back` is the address of the screen, `anchor` the block in it; `whole`
    keeps every row of a table, for a workbook."""

    shown: Shown
    back: str
    currency: str
    now: datetime
    teams: Mapping[int, str] = field(default_factory=dict)
    stages: list[StageName] = field(default_factory=list)
    reasons: Mapping[str, str] = field(default_factory=dict)
    products: Mapping[str, str] = field(default_factory=dict)
    scores: list[TeamScore] = field(default_factory=list)
    anchor: str = ""
    whole: bool = False

    def under(self, anchor: str) -> Board:
        """The same, with ways back to a block."""
        return replace(self, anchor=anchor)

    # --- sums ---

    def sum(self, key: str, *parts: str, team: int | None = None) -> Sum:
        sums = self.shown.company if team is None else self.shown.teams.get(team, Sums())
        return sums.whole(key, *parts)

    def parts(self, key: str) -> dict[str, Sum]:
        """The company's sums of a figure by part."""
        return self.shown.company.parts(key)

    def was(self, key: str, *parts: str) -> Sum | None:
        """The company's sum a week before; None when no reading of that morning was kept."""
        return self.shown.before.company.whole(key, *parts) if self.shown.before else None

    @cached_property
    def same_month(self) -> bool:
        """Whether the morning a week before lies in the month that is shown."""
        before = self.shown.before
        return before is not None and before.reading.day.replace(day=1) == self.day.replace(day=1)

    @property
    def day(self) -> date:
        return self.shown.reading.day

    def minor(self, sum_: Sum) -> int:
        """Its minor units in the company's currency: amounts in different currencies are never added up."""
        return sum_.minor.get(self.currency, 0)

    def team_rows(self, key: str) -> list[tuple[int, Sum]]:
        """The teams that have something of a figure, the largest first."""
        rows = [(team, self.sum(key, team=team)) for team in self.shown.teams]
        return sorted(
            [row for row in rows if row[1].count], key=lambda row: (-self.minor(row[1]), -row[1].count, row[0])
        )

    def top(self, rows: list[Item]) -> tuple[list[Item], int]:
        """The rows that the screen has room for, and how many are left out."""
        return (rows, 0) if self.whole else (rows[:TOP], max(0, len(rows) - TOP))

    # --- figures that open ---

    def href(self, key: str, *parts: str, team: int | None = None) -> str:
        back = f"{self.back}#{self.anchor}" if self.anchor else self.back
        return link(key, at=self.shown.at(key), team=team, parts=parts, back=back)

    def cell(self, key: str, *parts: str, shown: str, plain: Any, team: int | None = None, **more: Any) -> Cell:
        """A figure worked out of a sum, that opens the records of the sum; of no records it opens nothing."""
        sum_ = self.sum(key, *parts, team=team)
        href = self.href(key, *parts, team=team) if sum_.count else ""
        return Cell(shown=shown, plain=plain, href=href, behind=sum_ if href else None, **more)

    def count(self, key: str, *parts: str, team: int | None = None, **more: Any) -> Cell:
        """How many records."""
        count = self.sum(key, *parts, team=team).count
        return self.cell(key, *parts, shown=formats.number(count), plain=count, team=team, **more)

    def money(self, key: str, *parts: str, team: int | None = None, short: bool = False, **more: Any) -> Cell:
        """What they hold, each currency for itself."""
        sum_ = self.sum(key, *parts, team=team)
        plain = Money(self.minor(sum_), self.currency)
        return self.cell(key, *parts, shown=self.amount(sum_, short=short), plain=plain, team=team, **more)

    def amount(self, sum_: Sum, *, short: bool = False) -> str:
        """A sum in words: the company's currency first, then the others."""
        others = {
            currency: minor
            for currency, minor in sum_.minor.items()
            if currency and currency != self.currency and minor
        }
        own = self.minor(sum_)
        shown = (formats.money_short if short else formats.money)(own, self.currency)
        if not others:
            return shown
        return f"{shown} + {money_of(Counter(others), short=short)}" if own else money_of(Counter(others), short=short)

    def average(self, key: str, *parts: str, team: int | None = None) -> Decimal | None:
        """Of a figure in hundredths; None without records."""
        sum_ = self.sum(key, *parts, team=team)
        return Decimal(sum(sum_.minor.values())) / sum_.count / 100 if sum_.count else None

    # --- words ---

    def near(self, minor: int | Decimal) -> str:
        """An amount of the company's currency, to the nearest whole one: where a figure is worked out, cents would pretend."""
        return formats.money(
            int(round(Decimal(minor), 0 if self.currency in formats.NO_MINOR_UNITS else -2)), self.currency
        )

    def change(self, now: int | Decimal | None, before: int | Decimal | None, shown: Any) -> str:
        """What a week made of a figure: "€12 000 more than on Sun 15 Nov"."""
        if self.shown.before is None:
            return _("there is no morning a week ago to compare with yet")
        day = formats.day(self.shown.before.reading.day, self.day)
        if now is None or before is None:
            return _("nothing to compare with on %(day)s") % {"day": day}
        if now == before:
            return _("the same as on %(day)s") % {"day": day}
        words = _("%(n)s more than on %(day)s") if now > before else _("%(n)s less than on %(day)s")
        return words % {"n": shown(abs(now - before)), "day": day}

    def change_of_month(self, now: int | Decimal, before: int | Decimal | None, shown: Any) -> str:
        """The same for what begins anew with the month."""
        if self.shown.before is not None and not self.same_month:
            return _("%(n)s since the month began") % {"n": shown(now)}
        return self.change(now, before, shown)


def point(cell: Cell, label: str, value: float | Decimal | int | None, *, tone: str = "", shown: str = "") -> Point:
    """A cell as a point of a chart."""
    return Point(label=label, value=value, shown=shown or cell.shown, href=cell.href, tone=tone)


def listed(words: Iterable[str], most: int = 2) -> str:
    """The first few of some names."""
    return ", ".join(list(words)[:most])
