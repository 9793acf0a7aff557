"""Tasks: set, moved, done, dropped, given to a colleague."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from accounts.permissions import Permission
from accounts.refusals import Refused
from crm.models import CleanTransfer, Company, Contact, Deal, Source, Task, TaskKind, TaskStatus
from crm.services.base import (
    StaleRecord,
    allow,
    check_filled,
    check_fresh,
    check_names,
    check_owner,
    check_receiver,
    known,
    lock,
    read_stamps,
    store,
)
from crm.services.next_steps import NextStepAsked, NextStepMissing, NextStepSpec, guard, lock_deals
from crm.services.subjects import VIEWS, check_subject, with_defaults
from crm.services.text import cleaned
from crm.when import due as due_of
from crm.when import local_day

FACTS = ("title", "kind", "note", "company", "contact", "deal")
FREE_PUSHES = 2
NAMELESS = _("Say what is to be done.")
__all__ = [
    "AlreadyDue", "NextStepAsked", "NextStepMissing", "NextStepSpec", "NotClean", "PushReasonMissing", "TaskClosed", "add", "delete",
    "done", "drop", "edit", "give", "may_give_clean", "move", "reopen",
]  # fmt: skip


class PushReasonMissing(Refused):
    """The third move of a due date needs a reason."""

    code = "push_reason_missing"
    field = "reason"
    message = _("This task was already moved twice. Say why it is moved again.")


class AlreadyDue(Refused):
    """Nobody makes a colleague late: what he is given to do falls due after now."""

    code = "already_due"
    field = "due"
    message = _("This time has passed. Give your colleague a date that is still ahead.")


class NotClean(Refused):
    """Nobody takes the blame off himself."""

    code = "not_clean"
    field = "clean"
    message = _("Only a head can let a task change hands without blame, and not his own. Give it without that mark.")


class TaskClosed(Refused):
    """A task that is done or dropped does not change any more."""

    code = "task_closed"
    message = _("This task is already closed. Reopen it first, or set a new one.")


@transaction.atomic
def add(
    *,
    by: User,
    at: datetime,
    title: str,
    due: datetime | date,
    kind: str = TaskKind.TODO,
    owner: User | None = None,
    deal: Deal | None = None,
    contact: Contact | None = None,
    company: Company | None = None,
    note: str = "",
    source: str = Source.MANUAL,
    external_id: str = "",
) -> Task:
    """Set a task, for oneself or a colleague; a date falls due at the end of the owner's local day.

    Company defaults to the deal's or contact's. The same key of the same source brings back the task that is there. Raises
    AlreadyDue for a colleague's task that would be late at once.
    """
    allow(by, Permission.TASK_ADD)
    there = known(Task, by=by, view=Permission.TASK_VIEW, source=source, external_id=external_id)
    if there is not None:
        return there
    subject = {"company": company, "contact": contact, "deal": deal}
    check_subject(by, subject)
    check_owner(owner or by)
    _check_ahead(due_of(due, (owner or by).zone)[0], owner=owner or by, by=by, at=at)
    lock_deals(deal.pk if deal else None)
    return make(
        by=by,
        owner=owner or by,
        due=due,
        source=source,
        external_id=external_id,
        words={"title": title, "kind": kind, "note": note},
        **subject,
    )


@transaction.atomic
def edit(
    *,
    task: Task,
    by: User,
    at: datetime,
    seen_at: datetime | None = None,
    reason: str = "",
    next_step: NextStepSpec | None = None,
    overridden: bool = False,
    **changes: Any,
) -> Task:
    """Change fields of an open task, its `due` among them (which then counts as a move, see `move`).

    Taking the last open task off an open deal needs `next_step` or `overridden`, like finishing it.
    """
    due = changes.pop("due", None)
    check_names(by, Task, changes, FACTS)
    was_on = _lock(task, by, Permission.TASK_EDIT, changes.get("deal"))
    check_fresh(task, seen_at)
    _check_open(task)
    check_subject(
        by, {name: changes[name] for name in VIEWS if name in changes and changes[name] != getattr(task, name)}
    )
    words = cleaned(Task, changes)
    check_filled(words.get("title", task.title), NAMELESS, field="title")
    if due is not None:
        words |= _moved(task, due, reason, by, at)
    leaves = was_on is not None and "deal" in changes and changes["deal"] != was_on
    if leaves:
        guard(was_on, leaving=task, next_step=next_step, overridden=overridden)
    if leaves and next_step is not None:
        follow(next_step, by=by, owner=task.owner, **_subject(task))
    store(task, by=by, changes=words)
    return task


@transaction.atomic
def move(*, task: Task, due: datetime | date, reason: str = "", by: User, at: datetime) -> Task:
    """Move the due date of an open task; to where it is, nothing happens.

    A later date, or any date once the old one has lapsed, counts as a push; the third one raises PushReasonMissing. A colleague's
    task moved to a time that has passed raises AlreadyDue.
    """
    _lock(task, by, Permission.TASK_EDIT)
    _check_open(task)
    store(task, by=by, changes=_moved(task, due, reason, by, at))
    return task


@transaction.atomic
def done(
    *,
    task: Task,
    by: User,
    at: datetime,
    result: str = "",
    next_step: NextStepSpec | None = None,
    overridden: bool = False,
) -> Task:
    """Finish a task, with what came out and what follows; a finished one stays as it is.

    Raises NextStepMissing, or NextStepAsked (a warning) where the settings only ask, for the last open task of an open deal.
    """
    return _close(task, TaskStatus.DONE, by=by, result=result, next_step=next_step, overridden=overridden)


@transaction.atomic
def drop(
    *,
    task: Task,
    by: User,
    at: datetime,
    result: str = "",
    next_step: NextStepSpec | None = None,
    overridden: bool = False,
) -> Task:
    """Give up a task without doing it; guarded like `done`."""
    return _close(task, TaskStatus.DROPPED, by=by, result=result, next_step=next_step, overridden=overridden)


@transaction.atomic
def delete(
    *, task: Task, by: User, at: datetime, next_step: NextStepSpec | None = None, overridden: bool = False
) -> Task:
    """Take a task out of the lists, when it was set by mistake; its history stays. Guarded like `done`."""
    deal = _lock(task, by, Permission.TASK_EDIT)
    if task.status == TaskStatus.OPEN:
        guard(deal, leaving=task, next_step=next_step, overridden=overridden)
    store(task, by=by, changes={"deleted_at": at})
    if next_step is not None:
        follow(next_step, by=by, owner=task.owner, **_subject(task))
    return task


@transaction.atomic
def reopen(*, task: Task, by: User, at: datetime) -> Task:
    """Open a closed task again, due when it was; an open one stays as it is."""
    _lock(task, by, Permission.TASK_EDIT)
    store(
        task,
        by=by,
        changes={"status": TaskStatus.OPEN, "result": task.result if task.status == TaskStatus.OPEN else ""},
    )
    return task


@transaction.atomic
def give(*, task: Task, to: User, by: User, at: datetime, clean: bool = False) -> Task:
    """Give an open task to a colleague; due at the end of his day when it had no time.

    With `clean` it is overdue through nobody's fault: that day it is charged to nobody. Raises NotClean for who is no head, or when
    the task is his own.
    """
    _lock(task, by, Permission.TASK_GIVE)
    _check_open(task)
    check_receiver(to)
    if clean and not may_give_clean(by, task):
        raise NotClean
    if clean and to.pk != task.owner_id:
        CleanTransfer(task=task, from_owner=task.owner, to_owner=to, given_by=by).save(force_insert=True)
    hand_over(task, to=to, by=by)
    return task


def may_give_clean(by: User, task: Task) -> bool:
    """Whether somebody may give a task within his reach away through nobody's fault: heads and coordinators, not their own."""
    return by.role in (Role.HEAD, Role.ADMIN) and task.owner_id != by.pk


def hand_over(task: Task, *, to: User, by: User) -> None:
    """Change the owner of a locked task, keeping the day it falls due where he is."""
    changes: dict[str, Any] = {"owner": to}
    if not task.due_has_time and task.owner.zone != to.zone:
        last_day = local_day(task.due_at - timedelta(microseconds=1), task.owner.zone)
        changes["due_at"] = due_of(last_day, to.zone)[0]
    store(task, by=by, changes=changes)


def follow(spec: NextStepSpec, *, by: User, owner: User, **subject: Any) -> Task:
    """Set the task that follows on another, on the same records. A former owner's follow-up falls to who sets it."""
    allow(by, Permission.TASK_ADD)
    return make(
        by=by,
        owner=owner if owner.is_active else by,
        due=spec.due,
        words={"title": spec.title, "kind": spec.kind},
        **subject,
    )


def make(*, by: User, owner: User, due: datetime | date, words: dict[str, Any], **links: Any) -> Task:
    """Write a task whose permissions were checked; the deal, if any, is locked."""
    words = cleaned(Task, words)
    check_filled(words["title"], NAMELESS, field="title")
    links = with_defaults(links)
    due_at, has_time = due_of(due, owner.zone)
    task = Task(owner=owner, due_at=due_at, due_has_time=has_time, created_by=by, changed_by=by, **words, **links)
    task.save(force_insert=True)
    if links.get("deal") is not None:
        read_stamps(links["deal"])
    return task


def _close(task: Task, status: str, *, by: User, result: str, next_step: NextStepSpec | None, overridden: bool) -> Task:
    deal = _lock(task, by, Permission.TASK_EDIT)
    if task.status == status:
        return task
    _check_open(task)
    guard(deal, leaving=task, next_step=next_step, overridden=overridden)
    if next_step is not None:
        follow(next_step, by=by, owner=task.owner, **_subject(task))
    store(task, by=by, changes={"status": status, **cleaned(Task, {"result": result})})
    return task


def _lock(task: Task, by: User, action: Permission, another: Deal | None = None) -> Deal | None:
    """Lock the task's deal (and another one it is to move to), then the task; returns its deal."""
    now_on = Task._base_manager.filter(pk=task.pk).values_list("deal", flat=True).first()
    deals = lock_deals(now_on, another.pk if another else None)
    lock(task, by=by, action=action)
    if task.deal_id is not None and task.deal_id not in deals:
        raise StaleRecord
    if task.deal_id is None:
        return None
    task.deal = deals[task.deal_id]
    return task.deal


def _check_open(task: Task) -> None:
    if task.status != TaskStatus.OPEN:
        raise TaskClosed


def _check_ahead(due_at: datetime, *, owner: User, by: User, at: datetime) -> None:
    if owner.pk != by.pk and due_at <= at:
        raise AlreadyDue


def _subject(task: Task) -> dict[str, Any]:
    return {name: getattr(task, name) for name in VIEWS}


def _moved(task: Task, due: datetime | date, reason: str, by: User, at: datetime) -> dict[str, Any]:
    """The columns of a moved task; nothing when it stays where it is."""
    due_at, has_time = due_of(due, task.owner.zone)
    if (due_at, has_time) == (task.due_at, task.due_has_time):
        return {}
    _check_ahead(due_at, owner=task.owner, by=by, at=at)
    changes: dict[str, Any] = {"due_at": due_at, "due_has_time": has_time}
    if due_at > task.due_at or task.due_at < at:
        words = cleaned(Task, {"push_reason": reason})
        if task.pushes >= FREE_PUSHES and not words["push_reason"]:
            raise PushReasonMissing
        changes |= {"pushes": task.pushes + 1, **words}
    return changes
