"""To everybody an hour and a quarter of an hour before his cut-off: what is still missing. The second only if something still is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from functools import partial

from django.utils import translation

from accounts.models import User
from discipline.alerts import missing
from discipline.alerts.base import Alert, Pair, stamp
from discipline.alerts.missing import Names, Person
from discipline.alerts.scene import Scene
from notifications.services.many import Telling, withdraw_many

KIND = "day_missing"
FIRST, SECOND = 60, 15


def _key(minutes: int, day: date) -> str:
    return f"missing:{minutes}:{day.isoformat()}"


def _until(minutes: int) -> timedelta:
    """So long before the cut-off the reminder is of no use any more: the first one until the second comes."""
    return timedelta(minutes=SECOND if minutes == FIRST else 0)


def _due_cut_offs(minutes: int, scene: Scene) -> list[datetime]:
    return [
        cut_off
        for cut_off in scene.closing
        if cut_off - timedelta(minutes=minutes) <= scene.now < cut_off - _until(minutes)
    ]


def _due(minutes: int, scene: Scene) -> set[str]:
    return {f"{minutes} {stamp(cut_off)}" for cut_off in _due_cut_offs(minutes, scene)}


def _says(minutes: int, scene: Scene, periods: Collection[str]) -> Sequence[Telling]:
    cut_offs = [one for one in _due_cut_offs(minutes, scene) if f"{minutes} {stamp(one)}" in periods]
    windows = scene.windows(day for cut_off in cut_offs for day in scene.closing[cut_off])
    if minutes == SECOND:
        withdraw_many(told={(one.person_id, _key(FIRST, one.day)) for one in windows}, at=scene.now)
    people, names = missing.of_windows(scene, windows)
    rows = User.objects.active().filter(pk__in=[one.window.person_id for one in people])
    languages = dict(rows.values_list("pk", "language"))
    return [
        _telling(minutes, one, names, languages[one.window.person_id])
        for one in people
        if one.window.person_id in languages
    ]


def _telling(minutes: int, person: Person, names: Names, language: str) -> Telling:
    window = person.window
    with translation.override(language):
        listed = missing.entries(person, names)
    return Telling(
        recipient_id=window.person_id,
        key=_key(minutes, window.day),
        context={
            "day": window.day,
            "cut_off": window.cut_off,
            "zone": window.zone,
            "minutes": minutes,
            "points": person.gives_back,
            "entries": listed,
        },
        url=missing.HOME,
        expires_at=window.cut_off - _until(minutes),
    )


def _mended(scene: Scene, waiting: Collection[Pair]) -> set[Pair]:
    """Those whose day still runs and misses nothing any more."""
    days = {(recipient, date.fromisoformat(key.rpartition(":")[2])): (recipient, key) for recipient, key in waiting}
    windows = scene.windows(day for ending in scene.closing.values() for day in ending if day in days)
    people, _names = missing.of_windows(scene, windows)
    behind = {(one.window.person_id, one.window.day) for one in people}
    return {days[window.person_id, window.day] for window in windows} - {days[day] for day in behind}


ALERTS = [
    Alert(kind=KIND, due=partial(_due, FIRST), says=partial(_says, FIRST), mended=_mended),
    Alert(kind=KIND, due=partial(_due, SECOND), says=partial(_says, SECOND)),
]
