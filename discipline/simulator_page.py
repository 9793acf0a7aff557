"""A simulation as its page shows it: who would gain or lose, how each rule would go, the points day by day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts import formats
from accounts.models import User
from discipline import words
from discipline.models import Simulation
from discipline.regulation import Names
from discipline.services import schemes, simulations

WIDTH, HEIGHT, MARGIN = 640.0, 160.0, 8.0


@dataclass(frozen=True, kw_only=True)
class Person:
    """One row: points now and under the draft, what they come to in each currency (minor units), and the difference as a `part` of the
    widest, in per cent."""

    name: str
    cards: int
    now: int
    then: int
    money: list[tuple[str, int, int]]
    part: int = 0

    @property
    def difference(self) -> int:
        return self.then - self.now

    @property
    def money_difference(self) -> list[tuple[str, int]]:
        return [(currency, then - now) for currency, now, then in self.money]


@dataclass(frozen=True, kw_only=True)
class RuleRow:
    """How often a rule was kept, missed and did not apply, now and under the draft; None where it is not in the one or the other."""

    name: str
    now: list[int] | None
    then: list[int] | None


class SimulationPage:
    """Everything that the page draws; three statements besides the simulation itself."""

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        self._result: dict[str, Any] = simulation.result or {}

    @property
    def working(self) -> bool:
        return self.simulation.status in (Simulation.Status.WAITING, Simulation.Status.RUNNING)

    @cached_property
    def days(self) -> int:
        return simulations.days_of(self.simulation)

    @cached_property
    def stale(self) -> bool:
        """Whether the draft has changed since it was played."""
        return simulations.hash_of(schemes.specs(self.simulation.version)) != self.simulation.rules_hash

    @cached_property
    def people(self) -> list[Person]:
        """The people, whoever would lose most first."""
        rows = self._result.get("people", {})
        names = dict(User.objects.filter(pk__in=[int(pk) for pk in rows]).values_list("pk", "full_name"))
        people = [_person(names.get(int(pk), pk), row) for pk, row in rows.items()]
        widest = max((abs(one.difference) for one in people), default=0) or 1
        drawn = [replace(one, part=abs(one.difference) * 100 // widest) for one in people]
        return sorted(drawn, key=lambda one: (one.difference, one.name))

    @property
    def now(self) -> int:
        return sum(person.now for person in self.people)

    @property
    def then(self) -> int:
        return sum(person.then for person in self.people)

    @property
    def difference(self) -> int:
        return self.then - self.now

    @property
    def cards(self) -> int:
        return sum(person.cards for person in self.people)

    @property
    def gain(self) -> int:
        return sum(person.difference > 0 for person in self.people)

    @property
    def lose(self) -> int:
        return sum(person.difference < 0 for person in self.people)

    @cached_property
    def money(self) -> list[tuple[str, int, int, int]]:
        """Currency, now, then and the difference, of everybody."""
        sums: dict[str, list[int]] = {}
        for person in self.people:
            for currency, now, then in person.money:
                of_all = sums.setdefault(currency, [0, 0])
                of_all[0] += now
                of_all[1] += then
        return [(currency, now, then, then - now) for currency, (now, then) in sorted(sums.items())]

    @cached_property
    def rules(self) -> list[RuleRow]:
        """The draft's rules in their order, then those that it no longer has."""
        now, then = self._result.get("rules_now", {}), self._result.get("rules_then", {})
        names = Names()
        of_draft = {rule.code: names(rule) for rule in self.simulation.version.rules.all() if rule.scored}
        gone = {code: words.label(*self._result["names"][code]) for code in now if code not in of_draft}
        return [RuleRow(name=name, now=now.get(code), then=then.get(code)) for code, name in (of_draft | gone).items()]

    @property
    def chart(self) -> SafeString:
        """The points of each day, now dashed and under the draft as a line, with the figures in words."""
        return chart([(date.fromisoformat(day), now, then) for day, _cards, now, then in self._result.get("days", [])])


def chart(days: list[tuple[date, int, int]]) -> SafeString:
    """Two lines over days as SVG: what was, dashed, and what would have been. Nothing for less than two days."""
    if len(days) < 2:
        return SafeString("")
    figures = [figure for _day, now, then in days for figure in (now, then)]
    low, high = min(0, *figures), max(0, *figures)
    zero = _height(0, low, high)
    said = "; ".join(
        _("%(day)s: %(now)s, draft %(then)s")
        % {"day": date_format(day, "j M"), "now": formats.points(now), "then": formats.points(then)}
        for day, now, then in days
    )
    return format_html(
        '<svg class="c-course" viewBox="0 0 {w} {h}" preserveAspectRatio="none" role="img" aria-label="{label}">'
        '<path class="c-course__zero" d="M0 {zero} H{w}"/><path class="c-course__before" d="{now}"/><path class="c-course__after" d="{then}"/></svg>',
        w=f"{WIDTH:g}",
        h=f"{HEIGHT:g}",
        label=f"{_('Points by day')}: {said}",
        zero=f"{zero:g}",
        now=_line([now for _day, now, _then in days], low, high),
        then=_line([then for _day, _now, then in days], low, high),
    )


def _line(values: list[int], low: int, high: int) -> str:
    step = WIDTH / (len(values) - 1)
    return " ".join(
        f"{'L' if n else 'M'}{round(n * step, 1):g} {_height(value, low, high):g}" for n, value in enumerate(values)
    )


def _height(value: int, low: int, high: int) -> float:
    if high == low:
        return HEIGHT / 2
    return round(MARGIN + (HEIGHT - 2 * MARGIN) * (high - value) / (high - low), 1)


def _person(name: str, row: dict[str, Any]) -> Person:
    money = [(currency, now, then) for currency, (now, then) in sorted(row.get("money", {}).items())]
    return Person(name=name, cards=row["cards"], now=row["now"], then=row["then"], money=money)
