"""Tasks by the thousand, open or done."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.permissions import Permission
from crm.models import Task, TaskStatus
from crm.services import tasks
from crm.services.base import allow, check_filled
from crm.services.many.base import NOBODY, check_keeper, insert, origin
from crm.services.next_steps import lock_deals
from crm.services.subjects import with_defaults
from crm.services.text import cleaned
from crm.when import due as instant_of
from crm.when import local_day, next_workday

PLAIN = ("title", "kind", "note", "result")


def task(
    *,
    by: User,
    owner: User,
    external_id: str,
    due: tuple[datetime, bool],
    status: str = TaskStatus.OPEN,
    done_at: datetime | None = None,
    former: Collection[int] = NOBODY,
    company: Any = None,
    contact: Any = None,
    deal: Any = None,
    **facts: Any,
) -> Task:
    """A task to be added; `due` is what `due_of` gives, `done_at` when it was closed in its source. Raises Refused with the field."""
    words = cleaned(Task, {name: facts[name] for name in PLAIN if name in facts})
    check_filled(words["title"], tasks.NAMELESS, field="title")
    check_keeper(owner, former)
    links = with_defaults({"company": company, "contact": contact, "deal": deal})
    due_at, has_time = due
    return Task(
        owner=owner,
        due_at=due_at,
        due_has_time=has_time,
        status=status,
        done_at=done_at if status != TaskStatus.OPEN else None,
        **origin(by, external_id),
        **words,
        **links,
    )


def due_of(said: date | datetime | None, *, status: str, owner: User, at: datetime) -> tuple[datetime, bool]:
    """When an imported task falls due, and whether that has a time.

    An open one that was due before it came here, or at no time at all, falls due at the end of its owner's next working day: nobody
    is late at once for what an import brought, and nobody is let off.
    """
    if said is not None:
        due_at, has_time = instant_of(said, owner.zone)
        if status != TaskStatus.OPEN or due_at > at:
            return due_at, has_time
    elif status != TaskStatus.OPEN:
        return at, True
    return instant_of(next_workday(local_day(at, owner.zone)), owner.zone)


@transaction.atomic
def add_tasks(*, by: User, at: datetime, drafts: Sequence[Task]) -> None:
    """Add tasks; the deals that they hang on are locked first, in order, as everybody does who touches their tasks."""
    allow(by, Permission.IMPORT_RUN)
    lock_deals(*(draft.deal_id for draft in drafts))
    insert(drafts)
