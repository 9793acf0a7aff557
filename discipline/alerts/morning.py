"""To the head in the morning: how his people's last day went, what waits for him, and whom above him nobody answered."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any

from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext

from accounts.models import User
from discipline.alerts import unreviewed
from discipline.alerts.base import Alert
from discipline.alerts.scene import Scene
from discipline.models import (
    Adjustment,
    AdjustmentStatus,
    Appeal,
    Assignment,
    Leave,
    LeaveStatus,
    Result,
    Scorecard,
    TeamDay,
)
from notifications.services.many import Telling

KIND = "team_morning"
FROM, UNTIL = time(8, 0), time(12, 0)
LOOKED_BACK = timedelta(days=7)
MOST_PEOPLE = 5


def _due(scene: Scene) -> set[str]:
    return set(scene.mornings(FROM, UNTIL))


def _says(scene: Scene, periods: Collection[str]) -> Sequence[Telling]:
    zones = {zone for name, zone in scene.mornings(FROM, UNTIL).items() if name in periods}
    heads = User.objects.active().filter(pk__in=scene.leaders.everybody, zone__in=zones).order_by("pk")
    working = scene.working(heads)
    if not working:
        return []
    today = max(scene.today(head) for head in working)
    yesterday, desk, names = _last_days(scene, today), _desk(scene, today), _late_heads(scene, today)
    tellings = []
    for head in working:
        people = yesterday.get(head.pk, [])
        with translation.override(head.language):
            waiting = _waiting(desk[head.pk]) + _unanswered(names.get(head.pk, Counter()))
        if people or waiting:
            tellings.append(_telling(head, people, waiting, scene))
    return tellings


def _last_days(scene: Scene, before: date) -> dict[int, list[dict[str, Any]]]:
    """Each head's people on the last closed day of their team: two statements."""
    teams = TeamDay.objects.filter(day__lt=before, day__gte=before - LOOKED_BACK, cards__gt=0)
    last = dict(teams.values_list("team").annotate(last=Max("day")).order_by("team"))
    missed = Count("lines", filter=Q(lines__result=Result.MISSED))
    met = Count("lines", filter=Q(lines__result=Result.MET))
    cards = Scorecard.objects.filter(team__in=last, day__in=set(last.values())).annotate(missed=missed, met=met)
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    columns = ("pk", "team_id", "user_id", "user__full_name", "day", "missed", "met")
    for row in cards.order_by("user__full_name", "pk").values(*columns):
        head_id = scene.leaders.of(row["team_id"], but={row["user_id"]})
        if head_id is not None and row["day"] == last[row["team_id"]]:
            found[head_id].append(row)
    return found


def _desk(scene: Scene, today: date) -> dict[int, Counter[str]]:
    """How much of what waits for each head's decision: six statements."""
    desk: dict[int, Counter[str]] = defaultdict(Counter)
    teams = dict(Assignment.objects.on(today).values_list("user_id", "team_id"))
    asked = Leave.objects.filter(status=LeaveStatus.ASKED).values_list("user_id", flat=True)
    appeals = Appeal.objects.open().values_list("user_id", "line__card__team_id")
    proposed = Adjustment.objects.filter(status=AdjustmentStatus.PROPOSED).values_list("user_id", "card__team_id")
    rows = [
        *(("cards", card.person_id, card.team_id) for card in unreviewed.waiting(scene, today)),
        *(("appeals", person, team) for person, team in appeals),
        *(("corrections", person, team) for person, team in proposed),
        *(("leave", person, teams[person]) for person in asked if person in teams),
    ]
    for noun, person_id, team_id in rows:
        head_id = scene.leaders.of(team_id, but={person_id})
        if head_id is not None:
            desk[head_id][noun] += 1
    return desk


def _late_heads(scene: Scene, today: date) -> dict[int | None, Counter[tuple[int, str]]]:
    """Heads who did not review though they were told, by who is above them (None: nobody), with how many cards."""
    late = unreviewed.unanswered(scene, unreviewed.waiting(scene, today))
    names = dict(User.objects.filter(pk__in={card.head_id for card in late}).values_list("pk", "full_name"))
    found: dict[int | None, Counter[tuple[int, str]]] = defaultdict(Counter)
    for card in late:
        above = scene.leaders.of(card.team_id, but={card.person_id, card.head_id})
        found[above][card.head_id, names[card.head_id]] += 1
    return found


def late_heads_without_one_above(scene: Scene, today: date) -> Counter[tuple[int, str]]:
    """Heads who did not review though they were told, and have no head above them: the owner's to ask."""
    return _late_heads(scene, today).get(None, Counter())


def _waiting(desk: Mapping[str, int]) -> list[dict[str, str]]:
    """What waits, in words, each with its page."""
    lines = {
        "cards": (lambda n: ngettext("%(n)s card to review", "%(n)s cards to review", n), "discipline:review"),
        "appeals": (lambda n: ngettext("%(n)s appeal to answer", "%(n)s appeals to answer", n), "discipline:correction-list"),
        "corrections": (
            lambda n: ngettext("%(n)s correction to decide", "%(n)s corrections to decide", n),
            "discipline:correction-list",
        ),
        "leave": (lambda n: ngettext("%(n)s request for leave", "%(n)s requests for leave", n), "discipline:leave-list"),
    }  # fmt: skip
    return [
        {"text": say(desk[noun]) % {"n": desk[noun]}, "url": reverse(page)}
        for noun, (say, page) in lines.items()
        if desk.get(noun)
    ]


def _unanswered(heads: Counter[tuple[int, str]]) -> list[dict[str, str]]:
    return [
        {"text": unreviewed_words(name, cards), "url": reverse("discipline:team-day")}
        for (_pk, name), cards in heads.most_common()
    ]


def unreviewed_words(name: str, cards: int) -> str:
    """That a head has not reviewed though he was told."""
    said = ngettext(
        "%(name)s was told of %(n)s card and has not reviewed it",
        "%(name)s was told of %(n)s cards and has not reviewed them",
        cards,
    )
    return said % {"name": name, "n": cards}


def _telling(
    head: User, people: Sequence[Mapping[str, Any]], waiting: Sequence[Mapping[str, str]], scene: Scene
) -> Telling:
    behind = sorted((one for one in people if one["missed"]), key=lambda one: -one["missed"])
    team = f"?team={people[0]['team_id']}&day={people[0]['day'].isoformat()}" if people else ""
    return Telling(
        recipient_id=head.pk,
        key=f"team_morning:{scene.today(head).isoformat()}",
        context={
            "day": max((one["day"] for one in people), default=None),
            "cards": len(people),
            "met": sum(one["met"] for one in people),
            "judged": sum(one["met"] + one["missed"] for one in people),
            "clean": len(people) - len(behind),
            "behind": [
                {
                    "name": one["user__full_name"],
                    "missed": one["missed"],
                    "url": reverse("discipline:card", args=[one["pk"]]),
                }
                for one in behind[:MOST_PEOPLE]
            ],
            "more": max(0, len(behind) - MOST_PEOPLE),
            "waiting": list(waiting),
        },
        url=reverse("discipline:team-day") + team,
    )


ALERTS = [Alert(kind=KIND, due=_due, says=_says)]
