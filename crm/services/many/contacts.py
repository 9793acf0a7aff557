"""Contacts by the thousand, with their phones and e-mails."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from accounts.models import User
from accounts.permissions import Permission
from crm import keys, phones
from crm.models import Company, CompanySettings, Contact, ContactEmail, ContactPhone, Employment
from crm.services import contacts
from crm.services.base import allow, check_filled
from crm.services.channels import LONGEST_NUMBER, NotAnEmail, NotAPhone
from crm.services.many.base import BATCH, NOBODY, check_keeper, insert, origin, own_of, put
from crm.services.text import cleaned


@dataclass
class ContactDraft:
    """A contact with the phones and e-mails that it will have."""

    contact: Contact
    phones: list[ContactPhone]
    emails: list[ContactEmail]


def contact(
    *,
    by: User,
    home: CompanySettings,
    owner: User,
    external_id: str,
    name: str,
    at_company: Company | None = None,
    numbers: Sequence[str] = (),
    addresses: Sequence[str] = (),
    former: Collection[int] = NOBODY,
    custom: Mapping[str, Any] | None = None,
    **facts: Any,
) -> ContactDraft:
    """A contact to be added, with phones and e-mails. Raises Refused with the field that it belongs to."""
    words = cleaned(Contact, {"name": name, **facts})
    check_filled(words["name"], contacts.NAMELESS, field="name")
    check_keeper(owner, former)
    own = own_of(Contact, custom, by)
    draft = Contact(owner=owner, company=at_company, **origin(by, external_id), **words, **own)
    put(draft, keys.contact_keys(draft, addresses, at_company.name if at_company else ""))
    return ContactDraft(draft, _phones(draft, numbers, home.country), _emails(draft, addresses))


@transaction.atomic
def add_contacts(*, by: User, at: datetime, drafts: Sequence[ContactDraft]) -> None:
    """Add contacts with their phones and e-mails; whoever has a company works there since an unknown day."""
    allow(by, Permission.IMPORT_RUN)
    insert([draft.contact for draft in drafts])
    for draft in drafts:
        for phone in draft.phones:
            phone.contact_id = draft.contact.pk
        for mail in draft.emails:
            mail.contact_id = draft.contact.pk
    insert([row for draft in drafts for row in draft.phones])
    insert([row for draft in drafts for row in draft.emails])
    employed = [draft.contact for draft in drafts if draft.contact.company]
    insert([Employment(contact=one, company=one.company, title=one.title) for one in employed])


@transaction.atomic
def add_channels(
    *, by: User, at: datetime, home: CompanySettings, wanted: Sequence[tuple[Contact, Sequence[str], Sequence[str]]]
) -> None:
    """Give contacts phones and e-mails that they do not have yet; none is taken away. Three statements for all of them."""
    allow(by, Permission.IMPORT_RUN)
    numbers = [row for one, phones_, _mails in wanted for row in _phones(one, phones_, home.country)]
    addresses = [row for one, _phones_, mails in wanted for row in _emails(one, mails)]
    ContactPhone.objects.bulk_create(numbers, batch_size=BATCH, ignore_conflicts=True)
    ContactEmail.objects.bulk_create(addresses, batch_size=BATCH, ignore_conflicts=True)


@transaction.atomic
def employ(*, by: User, at: datetime, wanted: Mapping[int, Company]) -> None:
    """Let contacts without a company work for one, since an unknown day. A few statements for all of them."""
    allow(by, Permission.IMPORT_RUN)
    rows = Contact.objects.select_for_update(of=("self",)).filter(pk__in=wanted, company__isnull=True)
    people = list(rows.prefetch_related("emails").order_by("pk"))
    for one in people:
        one.company, one.changed_by = wanted[one.pk], by
        put(one, keys.contact_keys(one, [mail.address for mail in one.emails.all()], wanted[one.pk].name))
    Contact._base_manager.bulk_update(people, ["company", "changed_by", "name_key", "folded"], batch_size=BATCH)
    Employment.objects.bulk_create(
        [Employment(contact=one, company=one.company, title=one.title) for one in people], batch_size=BATCH
    )


def _phones(of: Contact, numbers: Sequence[str], country: str) -> list[ContactPhone]:
    rows: dict[str, ContactPhone] = {}
    for number in numbers:
        key = phones.key(number, country)
        if not key or len(number) > LONGEST_NUMBER:
            raise NotAPhone
        rows.setdefault(key, ContactPhone(contact=of, number=number, reversed=key, position=len(rows)))
    return list(rows.values())


def _emails(of: Contact, addresses: Sequence[str]) -> list[ContactEmail]:
    rows = []
    for position, address in enumerate(dict.fromkeys(address.lower() for address in addresses)):
        try:
            validate_email(address)
        except ValidationError:
            raise NotAnEmail from None
        rows.append(ContactEmail(contact=of, address=address, position=position))
    return rows
