"""The work on imports, in the background. The database says what there is to do: a task may be lost, late or run twice."""

from __future__ import annotations

import logging

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from migrations_data.models import Import
from migrations_data.services import work

log = logging.getLogger(__name__)

SHOWN_FOR_S = 600


@shared_task
def carry_on(*, import_id: int) -> None:
    """Do what an import waits for; a long run hands itself over to the next task. Whoever finds another at work goes home."""
    try:
        of = work.carry_on(import_id=import_id, at=timezone.now(), progress=lambda done: show(import_id, done))
    except work.Busy:
        return
    if of.working:
        nudge(import_id)
    else:
        look_again()


@shared_task
def look_again() -> None:
    """Take up imports that wait because their task was lost, its worker died, or another import was in front."""
    first = Import.objects.at_work().order_by("pk").first()
    if first is not None:
        nudge(first.pk)


def nudge(import_id: int) -> None:
    """Have a worker look at an import now. A broker that is away costs nothing but the minute until the timetable does."""
    try:
        carry_on.apply_async(kwargs={"import_id": import_id}, retry=False)
    except Exception as error:
        log.warning("Import %s waits for the timetable: the broker did not answer (%s).", import_id, error)


def show(import_id: int, done: int) -> None:
    """Let the page see how far a preview is: what it writes is not visible outside its transaction. Nobody relies on it."""
    try:
        cache.set(_key(import_id), done, SHOWN_FOR_S)
    except Exception as error:
        log.warning("The progress of import %s is not shown: %s", import_id, error)


def shown(import_id: int) -> int:
    """How far the work is, as far as it was shown."""
    return int(cache.get(_key(import_id)) or 0)


def _key(import_id: int) -> str:
    return f"import-{import_id}-done"
