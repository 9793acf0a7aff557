"""To the head half an hour before the cut-off: who has entered nothing, what is overdue, which deals nobody works on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import translation

from accounts.models import User
from discipline import words
from discipline.alerts.base import Alert, Pair, stamp
from discipline.alerts.scene import Scene
from discipline.metrics import METRICS, Measure, measure
from discipline.models import Result, Rule, Severity
from discipline.preview import standing
from discipline.windows import Window
from notifications.services.many import Telling

KIND = "team_exceptions"
BEFORE = timedelta(minutes=30)
OVERDUE, BARE, ENTERED = "overdue_tasks", "deals_without_task", "data_in_time"
REASON = 3
"""Place in a row of evidence."""


def _due_cut_offs(scene: Scene) -> list[datetime]:
    return [cut_off for cut_off in scene.closing if cut_off - BEFORE <= scene.now]


def _due(scene: Scene) -> set[str]:
    return {stamp(cut_off) for cut_off in _due_cut_offs(scene)}


def _says(scene: Scene, periods: Collection[str]) -> Sequence[Telling]:
    cut_offs = [cut_off for cut_off in _due_cut_offs(scene) if stamp(cut_off) in periods]
    found = _by_head(scene, cut_offs)
    heads = User.objects.active().in_bulk([head_id for head_id, _cut_off in found])
    return [
        _telling(heads[head_id], cut_off, people) for (head_id, cut_off), people in found.items() if head_id in heads
    ]


def _by_head(scene: Scene, cut_offs: Sequence[datetime]) -> dict[tuple[int, datetime], list[dict[str, Any]]]:
    """The exceptions of people whose days end then, for whoever leads them: seven statements."""
    windows = scene.windows(day for cut_off in cut_offs for day in scene.closing[cut_off])
    figures = measure(
        [METRICS[key] for key in (OVERDUE, BARE, ENTERED)], [replace(window, cut_off=scene.now) for window in windows]
    )
    urgent = _urgent(scene, windows)
    names = dict(User.objects.filter(pk__in=[one.person_id for one in windows]).values_list("pk", "full_name"))
    found: dict[tuple[int, datetime], list[dict[str, Any]]] = defaultdict(list)
    for n, window in enumerate(windows):
        head = scene.leaders.of(window.team_id, but={window.person_id})
        facts = _facts({key: figures[key][n] for key in figures}) | {"urgent": urgent.get(window.person_id, [])}
        if head is not None and any(facts.values()):
            person = {"id": window.person_id, "name": names[window.person_id], "team": window.team_id}
            found[head, window.cut_off].append({**person, "day": window.day, **facts})
    return found


def _facts(figures: Mapping[str, Measure]) -> dict[str, Any]:
    return {
        "nothing": any(row[REASON] == "nothing_entered" for row in figures[ENTERED].evidence),
        "overdue": int(figures[OVERDUE].value),
        "bare": int(figures[BARE].value),
    }


def _urgent(scene: Scene, windows: Sequence[Window]) -> dict[int, list[Rule]]:
    """The missed rules of people that their head is to hear of."""
    return {
        window.person_id: [
            line.rule
            for line in lines
            if line.result == Result.MISSED
            and line.rule.severity == Severity.URGENT
            and line.rule.metric not in (OVERDUE, BARE)
        ]
        for window, lines in standing(windows, scene.now)
    }


def _telling(head: User, cut_off: datetime, people: list[dict[str, Any]]) -> Telling:
    with translation.override(head.language):
        listed = [_person(one) for one in sorted(people, key=lambda one: (not one["nothing"], one["name"]))]
    return Telling(
        recipient_id=head.pk,
        key=_key(cut_off),
        context={
            "cut_off": cut_off,
            "people": listed,
            "nothing": sum(one["nothing"] for one in people),
            "overdue": sum(one["overdue"] for one in people),
            "bare": sum(one["bare"] for one in people),
        },
        url=f"{reverse('discipline:team-day')}?team={people[0]['team']}&day={people[0]['day'].isoformat()}",
        expires_at=cut_off,
    )


def _person(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": one["name"],
        "nothing": one["nothing"],
        "overdue": one["overdue"],
        "bare": one["bare"],
        "urgent": [rule.label or words.label(rule.metric) for rule in one["urgent"]],
        "url": f"{reverse('crm:task-list')}?owner={one['id']}",
    }


def _key(cut_off: datetime) -> str:
    return f"exceptions:{stamp(cut_off)}"


def _mended(scene: Scene, waiting: Collection[Pair]) -> set[Pair]:
    """Those to heads whose people's day still runs, and has no exceptions any more."""
    running = {_key(cut_off): cut_off for cut_off in scene.closing}
    left = _by_head(scene, [running[key] for key in {key for _head, key in waiting} if key in running])
    still = {(head_id, _key(cut_off)) for head_id, cut_off in left}
    return {pair for pair in waiting if pair[1] in running and pair not in still}


ALERTS = [Alert(kind=KIND, due=_due, says=_says, mended=_mended)]
