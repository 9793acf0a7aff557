"""The records that a task or an activity hangs on: which follow from which, and that nobody names one he may not see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.refusals import NotAllowed, Refused
from crm.models import Contact, Task
from crm.services.base import allow

AHEAD = timedelta(minutes=5)
"""So far may the clock of a person's machine go ahead of the server's; the database holds the same limit."""
VIEWS = {"company": Permission.COMPANY_VIEW, "contact": Permission.CONTACT_VIEW, "deal": Permission.DEAL_VIEW}


class InTheFuture(Refused):
    """What has not ended yet cannot be entered."""

    code = "in_the_future"
    field = "occurred_at"
    message = _("This ended in the future. Enter when it really ended, or plan it as a task.")


def check_time(occurred_at: datetime, at: datetime) -> None:
    if occurred_at > at + AHEAD:
        raise InTheFuture


def with_defaults(links: dict[str, Any]) -> dict[str, Any]:
    """Contact, deal and company of the task, the company of the contact or the deal, where they are not given."""
    links = dict(links)
    task = links.get("task")
    if task is not None:
        for name in VIEWS:
            links[name] = links.get(name) or getattr(task, name)
    if links.get("company") is None:
        links["company"] = next((links[of].company for of in ("contact", "deal") if links.get(of) is not None), None)
    return links


def check_subject(by: User, subject: dict[str, Any]) -> None:
    """Raise NotAllowed when `by` may not see one of the records, given by noun."""
    for name, record in subject.items():
        if record is not None:
            allow(by, VIEWS[name], record)


def check_contacts(by: User, people: Sequence[Contact]) -> None:
    """Raise NotAllowed when `by` may not see one of the contacts: one statement for all of them."""
    asked = {person.pk for person in people}
    if asked and len(asked) != Contact.objects.visible_to(by).filter(pk__in=asked).count():
        raise NotAllowed


def check_reach(by: User, *, task: Task | None, others: Sequence[Contact], **subject: Any) -> None:
    """The same for an activity. What his own task hangs on he may name, whoever it belongs to."""
    if task is not None:
        allow(by, Permission.TASK_VIEW, task)
        subject = {name: record for name, record in subject.items() if record != getattr(task, name)}
    check_subject(by, subject)
    check_contacts(by, others)
