"""A task that a contract or a complaint keeps for its owner: set with the record, moved with it, closed with it.

Whoever may change the record changes its task along, whoever set that; so the permission is asked of the record, by the caller.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext, override

from accounts.models import User
from crm.models import Task, TaskStatus
from crm.services import tasks
from crm.services.base import StaleRecord, store
from crm.services.next_steps import guard, lock_deals
from crm.services.text import cleaned
from crm.when import due as due_of

TITLE_LENGTH = 200


def keep(
    task: Task | None, *, by: User, at: datetime, owner: User, due: datetime | date, why: str, moves: bool = True, **words: Any
) -> Task | None:  # fmt: skip
    """The open task as it has to be now; a new one where there is none, or somebody closed it.

    `words` are its title, kind and what it is about. A later date counts as a push, with `why` as its reason. Unless it `moves`, an
    open task stays due when it is and a closed one stays closed: another word in the record takes no lapsed date away.
    """
    facts = {**words, "title": titled(words["title"])}
    found = _locked(task)
    if found is None and not moves:
        return task
    if found is None:
        plain = {name: facts.pop(name) for name in ("title", "kind")}
        return tasks.make(by=by, owner=owner, due=due, words=plain, **facts)
    if found.owner_id != owner.pk:
        tasks.hand_over(found, to=owner, by=by)
    moved = _moved(found, due, owner, why, at) if moves else {}
    store(found, by=by, changes={**facts, **moved})
    return found


def close(task: Task | None, *, by: User, result: str = "", status: str = TaskStatus.DONE) -> None:
    """Close the task if it is still open; on an open deal it is guarded like any other."""
    found = _locked(task)
    if found is None:
        return
    guard(found.deal, leaving=found, overridden=True)
    store(found, by=by, changes={"status": status, **cleaned(Task, {"result": titled(result)})})


def drop(task: Task | None, *, by: User) -> None:
    """Give the task up: what it was for is gone."""
    close(task, by=by, status=TaskStatus.DROPPED)


def titled(text: str) -> str:
    """A text cut to what the line of a task can hold."""
    whole = " ".join(text.split())
    return whole if len(whole) <= TITLE_LENGTH else f"{whole[: TITLE_LENGTH - 1]}…"


def in_words_of(owner: User, text: str, **names: str) -> str:
    """A text in the language of who has to do it; tasks are kept as they were written."""
    with override(owner.language):
        return gettext(text) % names


def _locked(task: Task | None) -> Task | None:
    """The task, locked after the deal that it may hang on; None when it is not open any more."""
    if task is None:
        return None
    now_on = Task._base_manager.filter(pk=task.pk).values_list("deal", flat=True).first()
    deals = lock_deals(now_on)
    found = Task.objects.open().select_for_update(no_key=True).filter(pk=task.pk).first()
    if found is not None and found.deal_id != now_on:
        raise StaleRecord
    if found is not None and now_on is not None:
        found.deal = deals[now_on]
    return found


def _moved(task: Task, due: datetime | date, owner: User, why: str, at: datetime) -> dict[str, Any]:
    due_at, has_time = due_of(due, owner.zone)
    if (due_at, has_time) == (task.due_at, task.due_has_time):
        return {}
    changes: dict[str, Any] = {"due_at": due_at, "due_has_time": has_time}
    if due_at > task.due_at or task.due_at < at:
        changes |= {"pushes": task.pushes + 1, "push_reason": titled(why)}
    return changes
