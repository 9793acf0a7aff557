"""Activities: calls, meetings, e-mails, messages and notes, entered by whoever performed them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.refusals import Refused
from crm.models import Activity, ActivityKind, Company, Contact, Deal, Direction, Source, Task, TaskStatus
from crm.services import bulk, mentions, tasks
from crm.services.base import allow, check_fresh, check_names, known, lock, store
from crm.services.next_steps import NextStepSpec, lock_deals
from crm.services.subjects import InTheFuture, check_reach, check_time, with_defaults
from crm.services.text import cleaned

FACTS = ("note", "result", "direction", "seconds", "company", "contact", "deal", "task")
SUBJECT = ("company", "contact", "deal")
__all__ = ["CallEmptied", "InTheFuture", "NextStepSpec", "delete", "edit", "log", "log_many"]


class CallEmptied(Refused):
    """A call that said something may not be made to say nothing."""

    code = "call_emptied"
    field = "note"
    message = _("Keep a note or a result: a call without either says nothing. Delete the call if it was a mistake.")


@transaction.atomic
def log(
    *,
    by: User,
    at: datetime,
    kind: str,
    occurred_at: datetime,
    contact: Contact | None = None,
    company: Company | None = None,
    deal: Deal | None = None,
    task: Task | None = None,
    result: str = "",
    note: str = "",
    direction: str = Direction.OUT,
    seconds: int | None = None,
    others: Iterable[Contact] = (),
    source: str = Source.MANUAL,
    external_id: str = "",
    next_step: NextStepSpec | None = None,
    overridden: bool = False,
    device_at: datetime | None = None,
) -> Activity:
    """Enter what `by` performed; `occurred_at` is when it ended, `seconds` how long it took, `device_at` when a device says that
    it was typed while there was no network.

    Contact and deal default to the task's, the company to the contact's or deal's. With `task` that task is finished, with
    `next_step` the following one is set, all in one transaction. The same key of the same source brings back what is there.
    Raises InTheFuture, and what `tasks.done` raises.
    """
    allow(by, Permission.ACTIVITY_ADD)
    there = known(Activity, by=by, view=Permission.ACTIVITY_VIEW, source=source, external_id=external_id)
    if there is not None:
        return there
    check_time(occurred_at, at)
    people = list(others)
    check_reach(by, company=company, contact=contact, deal=deal, task=task, others=people)
    links = with_defaults({"company": company, "contact": contact, "deal": deal, "task": task})
    lock_deals(links["deal"].pk if links["deal"] else None)
    words = {"kind": kind, "result": result, "note": note, "direction": direction, "seconds": seconds}
    activity = Activity(
        occurred_at=occurred_at,
        performed_by=by,
        source=source,
        external_id=external_id,
        created_by=by,
        changed_by=by,
        device_at=device_at,
        **cleaned(Activity, words),
        **links,
    )
    activity.save(force_insert=True)
    activity.others.add(*people)
    mentions.keep(activity=activity, by=by, at=at)
    _go_on(activity, task, next_step, overridden, by, at)
    return activity


@transaction.atomic
def log_many(*, by: User, at: datetime, entries: Sequence[dict[str, Any]]) -> list[Activity]:
    """Enter many at once under the rules of `log`, with a number of statements that does not grow with the entries.

    An entry has the words of `log` except `next_step` and `overridden`; its `task` is named, not finished. Entries whose key is
    known bring back what is there. All or none: the first refused one refuses the whole.
    """
    return bulk.log_many(by=by, at=at, entries=entries)


@transaction.atomic
def edit(
    *,
    activity: Activity,
    by: User,
    at: datetime,
    seen_at: datetime | None = None,
    others: Iterable[Contact] | None = None,
    **changes: Any,
) -> Activity:
    """Change what may change: FACTS and `others`. Who, what kind, when and from where stay as they were recorded.

    Raises CallEmptied when a call would lose both note and result.
    """
    lock(activity, by=by, action=Permission.ACTIVITY_EDIT)
    check_fresh(activity, seen_at)
    check_names(by, Activity, changes, FACTS)
    words = cleaned(Activity, changes)
    linked = {
        name: words[name] for name in (*SUBJECT, "task") if name in words and words[name] != getattr(activity, name)
    }
    people = None if others is None else list(others)
    check_reach(by, task=linked.pop("task", None), others=people or [], **linked)
    said = activity.note or activity.result
    if (
        activity.kind == ActivityKind.CALL
        and said
        and not (words.get("note", activity.note) or words.get("result", activity.result))
    ):
        raise CallEmptied
    before = activity.note
    store(activity, by=by, changes=words)
    if people is not None:
        activity.others.set(people)
    mentions.keep(activity=activity, by=by, at=at, before=before)
    return activity


@transaction.atomic
def delete(*, activity: Activity, by: User, at: datetime) -> Activity:
    """Take an activity off the timelines; its history stays."""
    lock(activity, by=by, action=Permission.ACTIVITY_EDIT)
    store(activity, by=by, changes={"deleted_at": at})
    mentions.forget(activity=activity, at=at)
    return activity


def _go_on(
    activity: Activity, task: Task | None, next_step: NextStepSpec | None, overridden: bool, by: User, at: datetime
) -> None:
    """Finish the task that this was, and set the one that follows."""
    if task is not None and task.status == TaskStatus.OPEN:
        result = activity.get_result_display() if activity.result else ""
        tasks.done(task=task, by=by, at=at, result=result, next_step=next_step, overridden=overridden)
    elif next_step is not None:
        tasks.follow(next_step, by=by, owner=by, **{name: getattr(activity, name) for name in SUBJECT})
