"""Companies: added, edited, given to a colleague, deleted."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.refusals import Refused
from crm import attached, keys
from crm.models import Company, CompanySettings, Contact, Deal, Source
from crm.services import duplicates
from crm.services.base import (
    allow,
    check_filled,
    check_fresh,
    check_names,
    check_owner,
    check_receiver,
    exact_money,
    known,
    lock,
    read_stamps,
    store,
)
from crm.services.duplicates import Alike, Duplicate
from crm.services.own_values import own_values
from crm.services.text import cleaned

FACTS = (
    "tax_number", "domain", "phone", "email", "address", "city", "country", "industry", "employees", "founded", "revenue_minor",
    "currency", "parent", "note",
)  # fmt: skip
NAMELESS = _("Give the company a name.")
__all__ = ["Alike", "CompanyInUse", "Duplicate", "add", "alike", "delete", "edit", "give"]


class CompanyInUse(Refused):
    """A company with contacts, open deals or open tasks may not vanish under them."""

    code = "company_in_use"
    message = _(
        "This company still has contacts, open deals or open tasks. Move, close or delete them first, then delete the company."
    )


class PartOfItself(Refused):
    """A company cannot be a part of itself, directly or through others."""

    code = "part_of_itself"
    field = "parent"
    message = _("A company cannot be a part of itself. Choose another one, or leave this empty.")


@transaction.atomic
@exact_money
def add(
    *,
    by: User,
    at: datetime,
    name: str,
    owner: User | None = None,
    source: str = Source.MANUAL,
    external_id: str = "",
    overridden: bool = False,
    tags: Any = (),
    custom: Mapping[str, Any] | None = None,
    **facts: Any,
) -> Company:
    """Enter a company; the same key of the same source brings back the one that is there.

    `facts` are fields of FACTS, `custom` has values of own fields by their keys. Raises Duplicate (a warning) with the records
    alike, unless `overridden`.
    """
    allow(by, Permission.COMPANY_ADD)
    there = known(Company, by=by, view=Permission.COMPANY_VIEW, source=source, external_id=external_id)
    if there is not None:
        return there
    check_names(by, Company, facts, FACTS)
    home = CompanySettings.current()
    words = cleaned(Company, {"name": name, "currency": home.currency, **facts})
    check_filled(words["name"], NAMELESS, field="name")
    company = Company(
        owner=owner or by,
        source=source,
        external_id=external_id,
        created_by=by,
        changed_by=by,
        **words,
        **own_values(Company(), custom, by=by),
    )
    check_owner(company.owner)
    _check_parent(company, company.parent, by)
    if not overridden:
        _check_new(company, by)
    for column, value in keys.company_keys(company, home.country).items():
        setattr(company, column, value)
    company.save(force_insert=True)
    company.tags.add(*tags)
    return company


@transaction.atomic
@exact_money
def edit(
    *,
    company: Company,
    by: User,
    at: datetime,
    seen_at: datetime | None = None,
    custom: Mapping[str, Any] | None = None,
    **changes: Any,
) -> Company:
    """Change fields of a company, of its own fields those that `custom` names; a new name also changes how its contacts and deals
    are found.

    `seen_at` is `changed_at` as the form was opened with. Raises StaleRecord when the company moved on since.
    """
    lock(company, by=by, action=Permission.COMPANY_EDIT)
    check_fresh(company, seen_at)
    tags = changes.pop("tags", None)
    check_names(by, Company, changes, ("name", *FACTS))
    words = cleaned(Company, changes)
    check_filled(words.get("name", company.name), NAMELESS, field="name")
    _check_parent(company, words.get("parent"), by)
    renamed = words.get("name", company.name) != company.name
    edited = copy(company)
    for name, value in words.items():
        setattr(edited, name, value)
    words |= own_values(company, custom, by=by)
    if tags is not None:
        before = attached.read_all(company, ["tags"])
        company.tags.set(tags)
        words |= attached.revised(company, before)
    store(company, by=by, changes={**words, **keys.company_keys(edited, CompanySettings.current().country)})
    if renamed:
        fold_again(company)
    return company


@transaction.atomic
def give(*, company: Company, to: User, by: User, at: datetime) -> Company:
    """Give a company to another owner; to whom it has already, nothing happens. What is open at it stays with its owners."""
    lock(company, by=by, action=Permission.COMPANY_DELETE)
    check_receiver(to)
    store(company, by=by, changes={"owner": to})
    return company


@transaction.atomic
def delete(*, company: Company, by: User, at: datetime) -> Company:
    """Take a company out of the lists; its history stays. Raises CompanyInUse while something stands on it."""
    lock(company, by=by, action=Permission.COMPANY_DELETE)
    in_use = (
        company.contacts.filter(deleted_at__isnull=True).exists()
        or Deal.objects.open().filter(company=company).exists()
        or company.tasks.filter(status="open", deleted_at__isnull=True).exists()
    )
    if in_use:
        raise CompanyInUse
    store(company, by=by, changes={"deleted_at": at})
    return company


def alike(
    *,
    by: User,
    name: str = "",
    tax_number: str = "",
    domain: str = "",
    phone: str = "",
    leave_out: Company | None = None,
) -> list[Alike]:
    """Companies that may be the same one, the visible first. See `duplicates`."""
    return duplicates.companies(
        by=by, name=name, tax_number=tax_number, domain=domain, phone=phone, leave_out=leave_out
    )


def _check_new(company: Company, by: User) -> None:
    found = alike(
        by=by,
        name=company.name,
        tax_number=company.tax_number,
        domain=keys.own_domain(company.domain, company.email),
        phone=company.phone,
    )
    if found:
        raise Duplicate(found)


def _check_parent(company: Company, parent: Company | None, by: User) -> None:
    """Let nobody hang a company under one he may not see, or under itself."""
    if parent is None or (company.pk and parent.pk == company.parent_id):
        return
    allow(by, Permission.COMPANY_VIEW, parent)
    seen: set[int] = set()
    above: Company | None = parent
    while above is not None and above.pk not in seen:
        if above.pk == company.pk:
            raise PartOfItself
        seen.add(above.pk)
        above = above.parent


def fold_again(company: Company) -> None:
    """Let contacts and deals of a renamed company be found by its new name."""
    people = list(Contact.objects.select_for_update().filter(company=company).order_by("pk").prefetch_related("emails"))
    for contact in people:
        contact.folded = keys.contact_keys(contact, [mail.address for mail in contact.emails.all()], company.name)[
            "folded"
        ]
    Contact.objects.bulk_update(people, ["folded"], batch_size=1000)
    deals = list(Deal.objects.select_for_update().filter(company=company).order_by("pk"))
    for deal in deals:
        deal.folded = keys.deal_keys(deal, company.name)["folded"]
    Deal.objects.bulk_update(deals, ["folded"], batch_size=1000)
    read_stamps(company)
