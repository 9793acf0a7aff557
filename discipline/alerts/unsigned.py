"""To everybody whose next day would count for nothing: the rules are not signed yet. Every working morning, until they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, time
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse

from accounts.models import User
from crm.when import local_day
from discipline.alerts.base import Alert, Pair
from discipline.alerts.scene import AHEAD, ONE_DAY, Scene
from discipline.models import Assignment, SchemeVersion, SignOff
from discipline.rulebook import Rulebook
from discipline.windows import Window
from notifications.services.many import Telling

KIND = "rules_unsigned"
FROM, UNTIL = time(9, 0), time(18, 0)


def count(today: date) -> int:
    """How many scored people have not signed the newest rules of their scheme."""
    newest = SchemeVersion.objects.published().filter(scheme=OuterRef("scheme")).order_by("-number")
    signed = SignOff.objects.filter(user=OuterRef("user"), version=OuterRef("newest"))
    rows = Assignment.objects.on(today).filter(user__is_active=True).annotate(newest=newest.values("pk")[:1])
    return rows.filter(~Exists(signed), newest__isnull=False).count()


def _due(scene: Scene) -> set[str]:
    return set(scene.mornings(FROM, UNTIL))


def _says(scene: Scene, periods: Collection[str]) -> Sequence[Telling]:
    zones = {zone for name, zone in scene.mornings(FROM, UNTIL).items() if name in periods}
    people = User.objects.active().filter(pk__in=scene.timetable.people, zone__in=zones).order_by("pk")
    today = {person.pk: window for person in people if (window := _today(scene, person.pk))}
    coming = [following for window in today.values() if (following := _next(scene, window))]
    book = Rulebook.of(coming)
    versions = [(window, book.version(window)) for window in coming if window.scored]
    return [
        _telling(today[window.person_id], window, version)
        for window, version in versions
        if version is not None and not book.signed(window, version)
    ]


def _today(scene: Scene, person_id: int) -> Window | None:
    """The running window of somebody who works today."""
    for ahead in (-1, 0, 1):
        window = scene.timetable.window(person_id, scene.utc_day + ahead * ONE_DAY)
        if window is not None and window.opens < scene.now < window.cut_off:
            return window if local_day(scene.now, window.zone) == window.day else None
    return None


def _next(scene: Scene, window: Window) -> Window | None:
    """The window that opens when this one ends."""
    days = (window.day + n * ONE_DAY for n in range(1, AHEAD.days))
    found = (scene.timetable.window(window.person_id, day) for day in days if day <= scene.utc_day + AHEAD)
    return next((one for one in found if one is not None), None)


def _telling(today: Window, coming: Window, version: SchemeVersion) -> Telling:
    context: dict[str, Any] = {
        "scheme": str(version.scheme),
        "number": version.number,
        "sign_by": today.cut_off,
        "day": coming.day,
    }
    return Telling(
        recipient_id=today.person_id,
        key=_key(version, today),
        context=context,
        url=f"{reverse('discipline:rules')}?version={version.pk}",
        expires_at=today.cut_off,
    )


def _key(version: SchemeVersion, today: Window) -> str:
    return f"unsigned:{version.pk}:{today.day.isoformat()}"


def _mended(scene: Scene, waiting: Collection[Pair]) -> set[Pair]:
    """Those who have signed by now."""
    rows = SignOff.objects.filter(user__in={recipient for recipient, _key in waiting})
    signed = set(rows.values_list("user_id", "version_id"))
    return {(recipient, key) for recipient, key in waiting if (recipient, int(key.split(":")[1])) in signed}


ALERTS = [Alert(kind=KIND, due=_due, says=_says, mended=_mended)]
