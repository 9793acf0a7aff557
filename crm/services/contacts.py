"""Contacts: people at clients, with their phones, e-mails and employers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.refusals import Refused
from crm import attached, keys
from crm.models import Company, Contact, Source
from crm.services import duplicates, employments
from crm.services.base import (
    allow,
    check_filled,
    check_fresh,
    check_names,
    check_owner,
    check_receiver,
    known,
    lock,
    store,
)
from crm.services.channels import Phone, put_emails, put_phones
from crm.services.duplicates import Alike, Duplicate
from crm.services.employments import NotYet
from crm.services.own_values import own_values
from crm.services.text import cleaned
from crm.when import local_day

FACTS = ("city", "note")
NAMELESS = _("Give the contact a name.")
__all__ = ["Alike", "ContactInUse", "Duplicate", "NotYet", "add", "alike", "delete", "edit", "give", "move"]


class ContactInUse(Refused):
    """A contact with open tasks may not vanish under them."""

    code = "contact_in_use"
    message = _("This contact still has open tasks. Finish or drop them first, then delete the contact.")


@transaction.atomic
def add(
    *,
    by: User,
    at: datetime,
    name: str,
    company: Company | None = None,
    title: str = "",
    phones: Sequence[Phone] = (),
    emails: Sequence[str] = (),
    owner: User | None = None,
    source: str = Source.MANUAL,
    external_id: str = "",
    overridden: bool = False,
    tags: Any = (),
    custom: Mapping[str, Any] | None = None,
    **facts: Any,
) -> Contact:
    """Enter a person; the same key of the same source brings back the one that is there.

    A phone is a number or a pair (number, label), `custom` has values of own fields by their keys. Raises Duplicate (a warning) with the records alike, unless `overridden`.
    """
    allow(by, Permission.CONTACT_ADD)
    there = known(Contact, by=by, view=Permission.CONTACT_VIEW, source=source, external_id=external_id)
    if there is not None:
        return there
    check_names(by, Contact, facts, FACTS)
    words = cleaned(Contact, {"name": name, "title": title, **facts})
    check_filled(words["name"], NAMELESS, field="name")
    if company is not None:
        allow(by, Permission.COMPANY_VIEW, company)
    contact = Contact(
        company=company,
        owner=owner or by,
        source=source,
        external_id=external_id,
        created_by=by,
        changed_by=by,
        **words,
        **own_values(Contact(), custom, by=by),
    )
    check_owner(contact.owner)
    if not overridden:
        _check_new(contact, phones, emails, by)
    for column, value in _derived(contact, emails).items():
        setattr(contact, column, value)
    contact.save(force_insert=True)
    if phones:
        put_phones(contact, phones)
    if emails:
        put_emails(contact, emails)
    employments.begin(contact, company, on=None)
    contact.tags.add(*tags)
    return contact


@transaction.atomic
def edit(
    *,
    contact: Contact,
    by: User,
    at: datetime,
    seen_at: datetime | None = None,
    phones: Sequence[Phone] | None = None,
    emails: Sequence[str] | None = None,
    custom: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Contact:
    """Change fields of a contact, of its own fields those that `custom` names; phones and e-mails, when given, become exactly these.

    Another `company` is a move as of today in the editor's zone. Raises StaleRecord when the contact moved on since `seen_at`.
    """
    lock(contact, by=by, action=Permission.CONTACT_EDIT)
    check_fresh(contact, seen_at)
    tags = changes.pop("tags", None)
    check_names(by, Contact, changes, ("name", "title", "company", *FACTS))
    company = changes.pop("company", contact.company)
    words = cleaned(Contact, changes)
    check_filled(words.get("name", contact.name), NAMELESS, field="name")
    words |= own_values(contact, custom, by=by)
    words |= _listed(contact, {"phones": phones, "emails": emails, "tags": tags})
    if company != contact.company:
        _employ(contact, company, on=local_day(at, by.zone), by=by, changes=words)
    else:
        _store(contact, by, words)
        employments.rename(contact, contact.title)
    return contact


def _listed(contact: Contact, lists: Mapping[str, Any]) -> dict[str, int]:
    """Let the contact have exactly these phones, e-mails and tags (None: as they are); the column that tells of a change."""
    given = {name: list(values) for name, values in lists.items() if values is not None}
    before = attached.read_all(contact, given)
    if "phones" in given:
        put_phones(contact, given["phones"])
    if "emails" in given:
        put_emails(contact, given["emails"])
    if "tags" in given:
        contact.tags.set(given["tags"])
    return attached.revised(contact, before)


@transaction.atomic
def move(*, contact: Contact, to: Company | None, title: str, on: date, by: User, at: datetime) -> Contact:
    """Let a contact work for another company (or none) from a day on; where he is already with that title, nothing happens.

    Raises NotYet for a day after today in the editor's zone or before the present employment began.
    """
    lock(contact, by=by, action=Permission.CONTACT_EDIT)
    words = cleaned(Contact, {"title": title})
    if contact.company == to and contact.title == words["title"]:
        return contact
    if on > local_day(at, by.zone):
        raise NotYet
    _employ(contact, to, on=on, by=by, changes=words)
    return contact


@transaction.atomic
def give(*, contact: Contact, to: User, by: User, at: datetime) -> Contact:
    """Give a contact to another owner; to whom it has already, nothing happens."""
    lock(contact, by=by, action=Permission.CONTACT_DELETE)
    check_receiver(to)
    store(contact, by=by, changes={"owner": to})
    return contact


@transaction.atomic
def delete(*, contact: Contact, by: User, at: datetime) -> Contact:
    """Take a contact out of the lists; its history stays. Raises ContactInUse while it has open tasks."""
    lock(contact, by=by, action=Permission.CONTACT_DELETE)
    if contact.tasks.filter(status="open", deleted_at__isnull=True).exists():
        raise ContactInUse
    store(contact, by=by, changes={"deleted_at": at})
    return contact


def alike(
    *,
    by: User,
    name: str = "",
    phones: Sequence[Phone] = (),
    emails: Sequence[str] = (),
    company: Company | None = None,
    leave_out: Contact | None = None,
) -> list[Alike]:
    """Contacts that may be the same person, the visible first: by e-mail, phone, or name at the same company."""
    numbers = [phone if isinstance(phone, str) else phone[0] for phone in phones]
    return duplicates.contacts(by=by, name=name, phones=numbers, emails=emails, company=company, leave_out=leave_out)


def _check_new(contact: Contact, phones: Sequence[Phone], emails: Sequence[str], by: User) -> None:
    found = alike(by=by, name=contact.name, phones=phones, emails=emails, company=contact.company)
    if found:
        raise Duplicate(found)


def _employ(contact: Contact, to: Company | None, *, on: date, by: User, changes: dict[str, Any]) -> None:
    if to is not None:
        allow(by, Permission.COMPANY_VIEW, to)
    employments.end(contact, on=on)
    _store(contact, by, {**changes, "company": to})
    employments.begin(contact, to, on=on)


def _store(contact: Contact, by: User, changes: dict[str, Any]) -> None:
    edited = copy(contact)
    for name, value in changes.items():
        setattr(edited, name, value)
    emails = contact.emails.values_list("address", flat=True)
    store(contact, by=by, changes={**changes, **_derived(edited, emails)})


def _derived(contact: Contact, emails: Iterable[str]) -> dict[str, str]:
    return keys.contact_keys(contact, emails, contact.company.name if contact.company else "")
