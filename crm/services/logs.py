"""What is entered about a task or taken back, as one step: what happened, the task that it finished, the next one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.refusals import Refused
from crm.models import Activity, Task, TaskStatus
from crm.services import activities, tasks
from crm.services.next_steps import NextStepSpec
from crm.services.text import cleaned

JUST_DONE = "done"
"""A task that is finished without anything to enter about its client."""
AT_ONCE = timedelta(seconds=5)
"""The stamps of one transaction lie no further apart."""


class SavedAlready(Refused):
    """The same form was sent again with other words, as after the browser's "back"."""

    code = "saved_already"
    message = _("This was saved already, with other words. Change it in the client's timeline, or open the form anew.")


@dataclass(frozen=True)
class Finished:
    """A finished task, and what was entered with it."""

    task: Task
    activity: Activity | None = None


@transaction.atomic
def enter(*, by: User, at: datetime, kind: str, note: str = "", result: str = "", **words: Any) -> Activity:
    """Log what a form says (`words` as in `activities.log`); sent twice it is entered once.

    Raises SavedAlready when the form comes again with other words, and what `activities.log` raises.
    """
    activity = activities.log(by=by, at=at, kind=kind, note=note, result=result, **words)
    said = cleaned(Activity, {"kind": kind, "note": note, "result": result})
    if any(value and getattr(activity, name) != value for name, value in said.items()):
        raise SavedAlready
    return activity


@transaction.atomic
def finish(
    *,
    task: Task,
    by: User,
    at: datetime,
    kind: str = JUST_DONE,
    note: str = "",
    next_step: NextStepSpec | None = None,
    overridden: bool = False,
    **words: Any,
) -> Finished:
    """Finish a task as what it was: a call, a meeting or a note with its client (`words` as in `activities.log`), or just done.

    Raises what `tasks.done` and `enter` raise.
    """
    if kind == JUST_DONE:
        ended = tasks.done(task=task, by=by, at=at, result=note, next_step=next_step, overridden=overridden)
        if note and ended.result != cleaned(Task, {"result": note})["result"]:
            raise SavedAlready
        return Finished(ended)
    activity = enter(by=by, at=at, kind=kind, note=note, task=task, next_step=next_step, overridden=overridden, **words)
    return Finished(task, activity)


@transaction.atomic
def take_back(
    *, by: User, at: datetime, activity: Activity | None = None, task: Task | None = None, step: Task | None = None
) -> Activity | Task | None:
    """Take back what was just entered: the task that it finished is open again, the next step that it set is gone.

    Either the `activity`, with the task that was finished by it, or a `task` that was just finished.

    All or nothing: raises NextStepMissing where a deal would be left without a next step and the company insists on one.
    """
    closed = task or (closed_by(activity) if activity else None)
    if closed is not None:
        tasks.reopen(task=closed, by=by, at=at)
    if step is not None:
        tasks.delete(task=step, by=by, at=at, overridden=True)
    if activity is not None:
        activities.delete(activity=activity, by=by, at=at)
    return activity or closed


def closed_by(activity: Activity) -> Task | None:
    """The task that was finished with this activity, as long as it still is."""
    task = activity.task
    if task is None or task.status != TaskStatus.DONE or task.done_at is None or task.deleted_at is not None:
        return None
    return task if abs(task.done_at - activity.recorded_at) <= AT_ONCE else None
