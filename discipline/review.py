"""The head's review of a morning: everybody's card of one day in one screen, the selected one beside the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.core import signing
from django.db.models import Count, F, FilteredRelation, Q, QuerySet
from django.urls import reverse
from django.utils.dateparse import parse_datetime

from accounts.permissions import Permission
from accounts.policy import scope
from discipline import card_lines, card_page
from discipline.card_lines import LineView
from discipline.models import Result, Scorecard

SALT = "discipline.review"
DAYS_SHOWN = 5
LOOKS_BACK = timedelta(days=21)


@dataclass(frozen=True, kw_only=True)
class ReviewDay:
    """A closed day: how many cards there are to review, and how many this head has."""

    day: date
    total: int
    done: int


@dataclass(frozen=True, kw_only=True)
class Screen:
    """What the page draws. `cards` in their order, the worst first, each with `seen_at`, `seen_note` and `missed`."""

    days: list[ReviewDay]
    day: date | None
    cards: list[Any]
    card: Any | None
    lines: list[LineView]
    opened: str

    @cached_property
    def done(self) -> int:
        return sum(card.seen_at is not None for card in self.cards)

    @property
    def all_done(self) -> bool:
        return bool(self.cards) and self.done == len(self.cards)

    @property
    def waiting(self) -> ReviewDay | None:
        """Another day on which cards wait, the latest one."""
        return next((one for one in self.days if one.done < one.total and one.day != self.day), None)

    @property
    def before(self) -> Any | None:
        """The card above the selected one."""
        return self._beside(-1)

    @property
    def after(self) -> Any | None:
        return self._beside(1)

    @property
    def missed_lines(self) -> list[LineView]:
        return [one for one in self.lines if one.missed]

    @property
    def lead(self) -> str:
        return card_page.lead(len(self.missed_lines))

    def _beside(self, step: int) -> Any | None:
        place = next((n for n, card in enumerate(self.cards) if self.card and card.pk == self.card.pk), None)
        if place is None or not 0 <= place + step < len(self.cards):
            return None
        return self.cards[place + step]


def cards_for(user: Any) -> QuerySet[Scorecard]:
    """The cards that somebody is to review: those of his people, not his own."""
    return Scorecard.objects.filter(scope(user, Permission.CARD_REVIEW))


def read(user: Any, query: Mapping[str, str], now: datetime) -> Screen:
    """The screen for a day (the last closed one without a choice) and a card (the first one not reviewed): three statements."""
    days = _days(user, now)
    day = _day(query.get("day", "")) or (days[0].day if days else None)
    cards = _cards(user, day) if day else []
    chosen = next((card for card in cards if str(card.pk) == query.get("card", "")), None)
    card = chosen or next((card for card in cards if card.seen_at is None), None)
    lines = (
        card_lines.missed_first(card.lines.select_related("rule", "appeal__adjustment").filter(rule__scored=True))
        if card
        else []
    )
    return Screen(
        days=days,
        day=day,
        cards=cards,
        card=card,
        lines=[card_lines.draw(line, card) for line in lines] if card else [],
        opened=seal(card, user, now) if card else "",
    )


def next_after(cards: Sequence[Any], pk: int) -> Any | None:
    """The card to go on with: the next one not reviewed below, else from the top; None when all are."""
    place = next((n for n, card in enumerate(cards) if card.pk == pk), -1)
    ahead = [*cards[place + 1 :], *cards[: place + 1]]
    return next((card for card in ahead if card.seen_at is None and card.pk != pk), None)


def address(card: Any) -> str:
    """The review with this card selected."""
    return f"{reverse('discipline:review')}?day={card.day.isoformat()}&card={card.pk}"


def seal(card: Any, user: Any, at: datetime) -> str:
    """That somebody was shown a card at a moment, in a form that only the server can make."""
    return signing.dumps([card.pk, user.pk, at.isoformat()], salt=SALT)


def opened_at(sealed: str, card: Any, user: Any) -> datetime | None:
    """When this card was shown to this person; None for what is not a seal of it."""
    try:
        card_pk, user_pk, at = signing.loads(sealed, salt=SALT)
    except signing.BadSignature:
        return None
    return parse_datetime(at) if (card_pk, user_pk) == (card.pk, user.pk) else None


def _days(user: Any, now: datetime) -> list[ReviewDay]:
    rows = (
        cards_for(user).filter(day__gte=now.date() - LOOKS_BACK).values("day").order_by("-day")
        .annotate(total=Count("pk", distinct=True), done=Count("reviews", filter=Q(reviews__reviewer=user.pk), distinct=True))
    )  # fmt: skip
    return [ReviewDay(**row) for row in rows[:DAYS_SHOWN]]


def _cards(user: Any, day: date) -> list[Any]:
    return list(
        cards_for(user).filter(day=day).select_related("user", "team")
        .annotate(own=FilteredRelation("reviews", condition=Q(reviews__reviewer=user.pk)))
        .annotate(
            seen_at=F("own__reviewed_at"), seen_note=F("own__note"),
            missed=Count("lines", filter=Q(lines__result=Result.MISSED, lines__rule__trial=False), distinct=True),
        )
        .order_by("points", "user__full_name", "pk")
    )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
