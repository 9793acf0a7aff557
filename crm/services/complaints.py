"""Complaints and returns: taken down, answered in time. An open one keeps a task for its owner, and whom it concerns is told at once."""

from __future__ import annotations

from copy import copy
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import User
from accounts.permissions import Permission
from accounts.refusals import Refused
from crm.models import (
    Company,
    CompanySettings,
    Complaint,
    ComplaintKind,
    ComplaintStatus,
    Contact,
    Deal,
    Source,
    TaskKind,
)
from crm.services import complaint_news, kept_tasks
from crm.services.base import (
    Missing,
    allow,
    check_filled,
    check_fresh,
    check_names,
    check_owner,
    check_receiver,
    exact_money,
    known,
    lock,
    store,
)
from crm.services.contracts import owner_for
from crm.services.subjects import check_subject, with_defaults
from crm.services.text import cleaned
from crm.when import day_or_moment, end_of_day, local_day, next_workday
from crm.when import due as due_of

FACTS = (
    "kind", "company", "contact", "deal", "product", "subject", "note", "owner", "amount_minor", "currency", "due_at",
)  # fmt: skip
LINKS = ("company", "contact", "deal")
FOLLOWED = ("kind", "subject", "company", "contact", "owner", "due_at")
"""Facts that the task to answer follows."""
NAMELESS = _("Say in a few words what is wrong.")
UNANSWERED = _("Say how it ended: what the client was told or given.")
TITLES = {
    ComplaintKind.COMPLAINT: gettext_noop("Answer the complaint: %(subject)s"),
    ComplaintKind.RETURN: gettext_noop("Settle the return: %(subject)s"),
}
MOVED = gettext_noop("The complaint is to be answered by another day")


class DuePassed(Refused):
    """What is to be answered falls due after now."""

    code = "due_passed"
    field = "due_at"
    message = _("This time has passed. Choose one that is still ahead.")


class AlreadyAnswered(Refused):
    """A complaint is answered once."""

    code = "already_answered"
    message = _("This one was answered already. Reopen it first.")


@transaction.atomic
@exact_money
def add(
    *,
    by: User,
    at: datetime,
    subject: str,
    company: Company | None = None,
    contact: Contact | None = None,
    deal: Deal | None = None,
    owner: User | None = None,
    due_at: datetime | date | None = None,
    source: str = Source.MANUAL,
    external_id: str = "",
    **facts: Any,
) -> Complaint:
    """Take down a complaint or a return. Its client is that of the contact or the deal where none is given, its owner the client's.

    A date falls due when that day ends where the owner is, none at the end of his next working day. The owner and his head are
    told at once. The same key of the same source brings back the one that is there. Raises Missing, DuePassed.
    """
    allow(by, Permission.COMPLAINT_EDIT)
    there = known(Complaint, by=by, view=Permission.COMPLAINT_VIEW, source=source, external_id=external_id)
    if there is not None:
        return there
    check_names(by, Complaint, facts, FACTS)
    links = {"company": company, "contact": contact, "deal": deal}
    check_subject(by, links)
    links = with_defaults(links)
    client = _client(links["company"])
    words = {"currency": CompanySettings.current().currency, **cleaned(Complaint, {"subject": subject, **facts})}
    check_filled(words["subject"], NAMELESS, field="subject")
    keeper = owner or owner_for(client, by)
    check_owner(keeper)
    complaint = Complaint(
        **links, owner=keeper, due_at=_due(due_at, keeper, at), source=source, external_id=external_id,
        created_by=by, changed_by=by, **words,
    )  # fmt: skip
    complaint.task = _task(complaint, by=by, at=at)
    complaint.save(force_insert=True)
    complaint_news.tell(complaint, by=by, at=at)
    return complaint


@transaction.atomic
@exact_money
def edit(*, complaint: Complaint, by: User, at: datetime, seen_at: datetime | None = None, **changes: Any) -> Complaint:
    """Change facts of a complaint; while it is open its task moves along, and a new owner is told. Raises StaleRecord, DuePassed."""
    lock(complaint, by=by, action=Permission.COMPLAINT_EDIT)
    check_fresh(complaint, seen_at)
    check_names(by, Complaint, changes, FACTS)
    check_subject(by, {name: changes[name] for name in LINKS if name in changes})
    _client(changes.get("company", complaint.company))
    given = "owner" in changes and changes["owner"] != complaint.owner
    if given:
        check_receiver(changes["owner"])
    words = cleaned(Complaint, changes)
    check_filled(words.get("subject", complaint.subject), NAMELESS, field="subject")
    edited = copy(complaint)
    for name, value in words.items():
        setattr(edited, name, value)
    if "due_at" in words and words["due_at"] != complaint.due_at:
        edited.due_at = words["due_at"] = _due(words["due_at"], edited.owner, at)
    other = {name for name in FOLLOWED if getattr(complaint, name) != getattr(edited, name)}
    if _is_open(edited) and other:
        words["task"] = _task(edited, by=by, at=at, moves="due_at" in other)
    store(complaint, by=by, changes=words)
    if given and _is_open(complaint):
        complaint_news.tell(complaint, by=by, at=at)
    return complaint


@transaction.atomic
def settle(*, complaint: Complaint, answer: str, by: User, at: datetime, seen_at: datetime | None = None) -> Complaint:
    """Say how it was put right; its task is done. Raises AlreadyAnswered, Missing without an answer."""
    return _answered(complaint, ComplaintStatus.SETTLED, answer, by=by, at=at, seen_at=seen_at)


@transaction.atomic
def refuse(*, complaint: Complaint, answer: str, by: User, at: datetime, seen_at: datetime | None = None) -> Complaint:
    """Say why the client was told no; its task is done. Raises AlreadyAnswered, Missing without an answer."""
    return _answered(complaint, ComplaintStatus.REFUSED, answer, by=by, at=at, seen_at=seen_at)


@transaction.atomic
def reopen(
    *,
    complaint: Complaint,
    by: User,
    at: datetime,
    due_at: datetime | date | None = None,
    seen_at: datetime | None = None,
) -> Complaint:
    """Open it again with a new task; an open one stays as it is. What was answered stays to be read."""
    lock(complaint, by=by, action=Permission.COMPLAINT_EDIT)
    if _is_open(complaint):
        return complaint
    check_fresh(complaint, seen_at)
    owner = complaint.owner if complaint.owner.is_active else owner_for(complaint.company, by)
    edited = copy(complaint)
    edited.owner, edited.due_at = owner, _due(due_at, owner, at)
    words = {"owner": owner, "due_at": edited.due_at, "task": _task(edited, by=by, at=at)}
    store(complaint, by=by, changes={**words, "status": ComplaintStatus.OPEN, "closed_at": None})
    return complaint


@transaction.atomic
def delete(*, complaint: Complaint, by: User, at: datetime) -> Complaint:
    """Take a complaint out of the lists when it was entered by mistake; its task is dropped."""
    lock(complaint, by=by, action=Permission.COMPLAINT_EDIT)
    kept_tasks.drop(complaint.task, by=by)
    store(complaint, by=by, changes={"deleted_at": at})
    return complaint


def _answered(
    complaint: Complaint, status: str, answer: str, *, by: User, at: datetime, seen_at: datetime | None
) -> Complaint:
    """Close it; the same answer a second time changes nothing."""
    lock(complaint, by=by, action=Permission.COMPLAINT_EDIT)
    words = cleaned(Complaint, {"answer": answer})
    check_filled(words["answer"], UNANSWERED, field="answer")
    if (complaint.status, complaint.answer) == (status, words["answer"]):
        return complaint
    check_fresh(complaint, seen_at)
    if not _is_open(complaint):
        raise AlreadyAnswered
    kept_tasks.close(complaint.task, by=by, result=words["answer"])
    store(complaint, by=by, changes={"status": status, "closed_at": at, **words})
    return complaint


def _client(company: Any) -> Company:
    if company is None:
        raise Missing(_("Choose the client."), field="company")
    client: Company = company
    return client


def _is_open(complaint: Complaint) -> bool:
    return complaint.status == ComplaintStatus.OPEN


def _due(asked: datetime | date | None, owner: User, at: datetime) -> datetime:
    """When it is to be answered, as an instant."""
    if asked is None:
        return end_of_day(next_workday(local_day(at, owner.zone)), owner.zone)
    due_at = due_of(asked, owner.zone)[0]
    if due_at <= at:
        raise DuePassed
    return due_at


def _task(complaint: Complaint, *, by: User, at: datetime, moves: bool = True) -> Any:
    """The task to answer it, as it has to be. Due at midnight is due on the day before, whenever that ends for its owner."""
    owner = complaint.owner
    return kept_tasks.keep(
        complaint.task, by=by, at=at, owner=owner, due=day_or_moment(complaint.due_at, owner.zone), kind=TaskKind.TODO,
        company=complaint.company, contact=complaint.contact, why=kept_tasks.in_words_of(owner, MOVED),
        title=kept_tasks.in_words_of(owner, TITLES[ComplaintKind(complaint.kind)], subject=complaint.subject), moves=moves,
    )  # fmt: skip
