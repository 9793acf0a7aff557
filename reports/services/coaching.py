"""A coaching note about a weak link: a task for the head or for the person himself, seen by nobody else of the team."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.reach import people_of
from accounts.refusals import NotAllowed
from crm.models import Task
from crm.services import tasks

MINE, THEIRS = "mine", "theirs"


@transaction.atomic
def write(
    *,
    person: User,
    whose: str,
    title: str,
    note: str,
    due: datetime | date,
    by: User,
    at: datetime,
    external_id: str = "",
) -> Task:
    """Turn a note about `person` into a task of his ("theirs") or of who writes it ("mine").

    It hangs on no client, so that only its owner and who leads him see it. Raises NotAllowed for somebody else's people, and what
    `tasks.add` does.
    """
    ensure(by, Permission.WEAK_LINK_VIEW)
    if person.pk == by.pk or not people_of(by).filter(pk=person.pk).exists():
        raise NotAllowed
    owner = person if whose == THEIRS else by
    return tasks.add(by=by, at=at, title=title, due=due, owner=owner, note=note, external_id=external_id)
