"""Activities by the thousand: the history of an old system, under the names of those who made it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.permissions import Permission
from crm.models import Activity
from crm.services.base import allow
from crm.services.many.base import NOBODY, check_keeper, insert, origin
from crm.services.subjects import check_time, with_defaults
from crm.services.text import cleaned

PLAIN = ("kind", "result", "note")


def activity(
    *,
    by: User,
    at: datetime,
    performed_by: User,
    external_id: str,
    occurred_at: datetime,
    former: Collection[int] = NOBODY,
    company: Any = None,
    contact: Any = None,
    deal: Any = None,
    **facts: Any,
) -> Activity:
    """An activity to be added, as `performed_by` made it. Raises InTheFuture, and Refused with the field.

    It carries the source of an import, which no metric counts: what happened before the import scores for nobody.
    """
    check_time(occurred_at, at)
    check_keeper(performed_by, former)
    words = cleaned(Activity, {name: facts[name] for name in PLAIN if name in facts})
    links = with_defaults({"company": company, "contact": contact, "deal": deal})
    return Activity(performed_by=performed_by, occurred_at=occurred_at, **origin(by, external_id), **words, **links)


@transaction.atomic
def add_activities(*, by: User, at: datetime, drafts: Sequence[Activity]) -> None:
    """Add activities. Nobody is told of those who are named in old notes."""
    allow(by, Permission.IMPORT_RUN)
    insert(drafts)
