"""A draft played over closed days: each card measured again as of its own instants, judged by other rules.

The code that closes days does the measuring and the judging, so what comes out is what closing under the draft would have given.
Nothing is stored here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, Sum

from discipline.models import Result, SchemeVersion, Scorecard, ScoreLine
from discipline.pay_book import PayBook
from discipline.rulebook import OneVersion
from discipline.services.days import Card, score
from discipline.settling import money_for
from discipline.timetable import Timetable
from discipline.windows import HORIZON, Window

AT_ONCE = 500
"""So many cards are measured together, so that memory does not grow with the company."""
PLACES = {Result.MET: 0, Result.MISSED: 1, Result.NOT_APPLICABLE: 2}


@dataclass(frozen=True, kw_only=True)
class Played:
    """A card as it was closed, and as the draft would have closed it."""

    was: Scorecard
    card: Card


def play(version: SchemeVersion, cards: Sequence[Scorecard]) -> Iterable[Played]:
    """The cards again under a version; those of one day and person are the same figures as of the same instants."""
    if not cards:
        return
    timetable = Timetable.of_people({card.user_id for card in cards}, until=max(card.day for card in cards))
    for first in range(0, len(cards), AT_ONCE):
        some = cards[first : first + AT_ONCE]
        windows = [window_of(card, timetable) for card in some]
        book = OneVersion(version, {(card.user_id, card.day): card.signed for card in some})
        for was, card in zip(some, score(windows, timetable, book), strict=True):
            yield Played(was=was, card=card)


def window_of(card: Scorecard, timetable: Timetable) -> Window:
    """The window of a card: its own instants and absence, and from the timetable what a card does not keep (days of leave before
    it, sources that were out of order, since when the person is scored)."""
    known = timetable.window(card.user_id, card.day) if card.user_id in timetable.people else None
    own = Window.of_card(card)
    late = None if card.horizon == card.cut_off + HORIZON else card.horizon
    if known is None:
        return replace(own, captured_until=late)
    return replace(own, since=known.since, away=known.away, out=known.out, captured_until=late)


class Sums:
    """What a simulation has found so far, as plain data that is stored after every step.

    people: id -> now, then (points), posted_now, posted_then, cards, months ("2026-10" -> team, last day, now, then)
    rules_now, rules_then: code -> met, missed, not applicable, points; names: code -> metric, label of rules that are not in the draft
    days: day, cards, now, then
    """

    def __init__(self, result: dict[str, Any]) -> None:
        self.people: dict[str, dict[str, Any]] = result.get("people", {})
        self.rules_now: dict[str, list[int]] = result.get("rules_now", {})
        self.rules_then: dict[str, list[int]] = result.get("rules_then", {})
        self.names: dict[str, list[str]] = result.get("names", {})
        self.days: list[list[Any]] = result.get("days", [])

    @property
    def upto(self) -> date | None:
        return date.fromisoformat(self.days[-1][0]) if self.days else None

    def add(self, played: Iterable[Played]) -> None:
        """Count cards of days that are not counted yet."""
        by_day: dict[date, Counter[str]] = defaultdict(Counter)
        for one in played:
            by_day[one.was.day].update(cards=1, now=one.was.points, then=one.card.points)
            self._person(one)
            for line in one.card.lines:
                if line.rule.scored:
                    self._count(self.rules_then, line.rule.code, line.result, 1, line.points)
        self.days += [[day.isoformat(), n["cards"], n["now"], n["then"]] for day, n in sorted(by_day.items())]

    def add_lines(self, cards: Sequence[Scorecard]) -> None:
        """Count how the rules went on the cards as they were closed: one statement."""
        lines = ScoreLine.objects.filter(card__in=[card.pk for card in cards], rule__scored=True).order_by()
        for row in lines.values("code", "metric", "rule__label", "result").annotate(n=Count("pk"), sum=Sum("points")):
            self._count(self.rules_now, row["code"], row["result"], row["n"], row["sum"])
            self.names[row["code"]] = [row["metric"], row["rule__label"]]

    def result(self) -> dict[str, Any]:
        return {
            "people": self.people,
            "rules_now": self.rules_now,
            "rules_then": self.rules_then,
            "names": self.names,
            "days": self.days,
        }

    def price(self) -> None:
        """Work out what the points of each person and month come to: one statement for the rates."""
        book = PayBook.read()
        for person in self.people.values():
            person["money"] = _money(book, person["months"])

    def _person(self, one: Played) -> None:
        person = self.people.setdefault(
            str(one.was.user_id), {"now": 0, "then": 0, "posted_now": 0, "posted_then": 0, "cards": 0, "months": {}}
        )
        person["cards"] += 1
        person["now"] += one.was.points
        person["then"] += one.card.points
        person["posted_now"] += one.was.posted
        person["posted_then"] += one.card.posted
        month = person["months"].setdefault(f"{one.was.day:%Y-%m}", {"now": 0, "then": 0})
        month |= {
            "team": one.was.team_id,
            "last": one.was.day.isoformat(),
            "now": month["now"] + one.was.points,
            "then": month["then"] + one.card.points,
        }

    @staticmethod
    def _count(rules: dict[str, list[int]], code: str, result: str, n: int, points: int) -> None:
        counted = rules.setdefault(code, [0, 0, 0, 0])
        counted[PLACES[Result(result)]] += n
        counted[3] += points


def _money(book: PayBook, months: dict[str, dict[str, Any]]) -> dict[str, list[int]]:
    """Currency -> minor units for the points now and then, month by month as a settlement would, by the rule of the month's last day."""
    sums: dict[str, list[int]] = {}
    for month in months.values():
        rule = book.on(month["team"], date.fromisoformat(month["last"]))
        if rule is not None:
            sums.setdefault(rule.currency, [0, 0])
            for place, key in enumerate(("now", "then")):
                sums[rule.currency][place] += money_for(month[key], rule).amount_minor
    return sums
