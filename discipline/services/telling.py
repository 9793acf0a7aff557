"""What people are told about their scored day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import translation

from accounts.models import User
from discipline import words
from notifications.services.many import Telling, tell_many

if TYPE_CHECKING:
    from discipline.services.days import Card


def card_closed(cards: Sequence[tuple[int, Card]], *, at: datetime) -> None:
    """Tell everybody his new card, once and in his language, in the transaction that wrote it."""
    if not cards:
        return
    people = User.objects.filter(pk__in=[card.window.person_id for _pk, card in cards])
    languages = dict(people.values_list("pk", "language"))
    tellings = [
        Telling(
            recipient_id=card.window.person_id,
            key=f"card:{card.window.day.isoformat()}",
            context=_context(card, languages[card.window.person_id]),
            url=reverse("discipline:card", args=[pk]),
        )
        for pk, card in cards
    ]
    tell_many(kind="card_closed", tellings=tellings, at=at)


def _context(card: Card, language: str) -> dict[str, Any]:
    with translation.override(language):
        labels = {line.rule.pk: line.rule.label or words.label(line.rule.metric) for line in card.lines}
    return {
        "day": card.window.day.isoformat(),
        "points": card.points,
        "posted": card.posted,
        "lines": [
            {
                "label": labels[line.rule.pk],
                "value": str(line.value),
                "threshold": str(line.threshold),
                "result": line.result,
                "points": line.points,
            }
            for line in card.lines
            if line.rule.scored
        ],
    }
