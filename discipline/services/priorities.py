"""Priorities of a day: up to three of one's own open tasks, chosen by oneself."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.refusals import NotAllowed, Refused
from crm.models import Task, TaskStatus
from crm.when import local_day
from discipline.models import Priority
from discipline.models.priorities import MOST


class NoPlaceLeft(Refused):
    code = "no_place_left"
    field = "task"
    message = _("Three is the most. Take one away first, then choose this one.")


class NotOpen(Refused):
    code = "not_open"
    field = "task"
    message = _("This task is closed already. Choose one that is still to be done.")


class DayGone(Refused):
    code = "day_gone"
    field = "day"
    message = _("This day is over. Choose priorities for today.")


@transaction.atomic
def put(*, task: Task, day: date, by: User, at: datetime) -> Priority:
    """Make an open task of one's own a priority of a day, in the first free place; one that is there already stays.

    Raises NoPlaceLeft, NotOpen and DayGone.
    """
    ensure(by, Permission.TASK_EDIT)
    if day < local_day(at, by.zone):
        raise DayGone
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    locked = Task.objects.live().select_for_update(no_key=True, of=("self",)).filter(pk=task.pk, owner=by.pk).first()
    if locked is None:
        raise NotAllowed
    there = list(Priority.objects.of(by, day))
    for one in there:
        if one.task_id == task.pk:
            return one
    if locked.status != TaskStatus.OPEN:
        raise NotOpen
    free = sorted(set(range(1, MOST + 1)) - {one.place for one in there})
    if not free:
        raise NoPlaceLeft
    return Priority.objects.create(user=by, day=day, place=free[0], task=task)


@transaction.atomic
def drop(*, priority: Priority, by: User, at: datetime) -> Priority:
    """Take a priority of one's own away; that it was there is kept. One that is gone stays so."""
    ensure(by, Permission.TASK_EDIT)
    locked = Priority.objects.visible_to(by).select_for_update(no_key=True).filter(pk=priority.pk).first()
    if locked is None:
        raise NotAllowed
    if not locked.dropped:
        locked.dropped = True
        locked.save(update_fields=["dropped"])
    return locked
