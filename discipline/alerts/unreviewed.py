"""To the head at ten: cards of the days before that nobody has reviewed. Those that stay so are told to whoever is above him."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from django.db.models import Exists, Max, OuterRef
from django.urls import reverse

from accounts.models import User
from discipline.alerts.base import Alert, Pair
from discipline.alerts.scene import Scene
from discipline.models import CardReview, Scorecard
from notifications.models import Message
from notifications.services.many import Telling

KIND = "cards_unreviewed"
FROM, UNTIL = time(10, 0), time(17, 0)
LOOKED_BACK = timedelta(days=7)
MOST_DAYS = 5


@dataclass(frozen=True, kw_only=True)
class Card:
    """A card without a review, and who is to review it."""

    head_id: int
    team_id: int
    person_id: int
    day: date


def waiting(scene: Scene, before: date) -> list[Card]:
    """The cards of the week before a day that nobody but their person has looked at: two statements."""
    reviewed = CardReview.objects.filter(card=OuterRef("pk")).exclude(reviewer=OuterRef("user"))
    rows = Scorecard.objects.filter(~Exists(reviewed), day__gte=before - LOOKED_BACK, day__lt=before)
    found = []
    for team_id, person_id, day in rows.order_by("day", "pk").values_list("team_id", "user_id", "day"):
        head_id = scene.leaders.of(team_id, but={person_id})
        if head_id is not None:
            found.append(Card(head_id=head_id, team_id=team_id, person_id=person_id, day=day))
    return found


def unanswered(scene: Scene, cards: Sequence[Card]) -> list[Card]:
    """Those of which their head was told on a day before, and that are not reviewed all the same: one statement."""
    heads = {card.head_id for card in cards}
    told = Message.objects.filter(kind=KIND, recipient__in=heads, created_at__gte=scene.now - LOOKED_BACK)
    days: Mapping[int, Any] = dict(
        told.filter(created_at__lt=scene.now - timedelta(hours=12))
        .values_list("recipient")
        .annotate(last=Max("created_at"))
        .order_by("recipient")
    )
    return [card for card in cards if card.head_id in days and card.day < days[card.head_id].date()]


def _due(scene: Scene) -> set[str]:
    return set(scene.mornings(FROM, UNTIL))


def _says(scene: Scene, periods: Collection[str]) -> Sequence[Telling]:
    zones = {zone for name, zone in scene.mornings(FROM, UNTIL).items() if name in periods}
    heads = User.objects.active().filter(pk__in=scene.leaders.everybody, zone__in=zones).order_by("pk")
    working = {head.pk: head for head in scene.working(heads)}
    if not working:
        return []
    cards = _by_head(scene, working.values())
    return [_telling(working[pk], listed, scene) for pk, listed in cards.items() if pk in working]


def _by_head(scene: Scene, heads: Collection[User]) -> dict[int, list[Card]]:
    """What each of these heads has to review of the days before his today."""
    today = {head.pk: scene.today(head) for head in heads}
    found: dict[int, list[Card]] = defaultdict(list)
    for card in waiting(scene, max(today.values())):
        if card.head_id in today and card.day < today[card.head_id]:
            found[card.head_id].append(card)
    return found


def _telling(head: User, cards: Sequence[Card], scene: Scene) -> Telling:
    days = by_day(cards)
    return Telling(
        recipient_id=head.pk,
        key=f"unreviewed:{scene.today(head).isoformat()}",
        context={"cards": len(cards), "days": days[:MOST_DAYS]},
        url=f"{reverse('discipline:review')}?day={days[0]['day'].isoformat()}",
    )


def by_day(cards: Sequence[Card]) -> list[dict[str, Any]]:
    """How many cards of which days, the newest first, with the page where they are reviewed."""
    counts: dict[date, int] = defaultdict(int)
    for card in cards:
        counts[card.day] += 1
    return [
        {"day": day, "cards": count, "url": f"{reverse('discipline:review')}?day={day.isoformat()}"}
        for day, count in sorted(counts.items(), reverse=True)
    ]


def _mended(scene: Scene, told: Collection[Pair]) -> set[Pair]:
    """Those to heads who have reviewed everything."""
    heads = User.objects.filter(pk__in={recipient for recipient, _key in told})
    left = _by_head(scene, heads)
    return {pair for pair in told if not left.get(pair[0])}


ALERTS = [Alert(kind=KIND, due=_due, says=_says, mended=_mended)]
