"""Companies, contacts and deals by the thousand, as an import brings them: the rules of one, the statements of a few.

Who imports needs `IMPORT_RUN` and reaches records by the key of their source, not by his own clients: he is told nothing about
them. A draft is checked by itself, so that one wrong row refuses itself and not its thousand neighbours; a list of drafts is then
saved in a fixed number of statements. Rows that change are locked by the caller.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models.expressions import DatabaseDefault

from accounts.models import User
from accounts.permissions import Permission
from crm import keys, phones
from crm.folding import fold
from crm.history.fields import StampField
from crm.models import (
    Company,
    CompanySettings,
    Contact,
    ContactEmail,
    ContactPhone,
    Deal,
    DealProduct,
    DealStatus,
    Employment,
    Product,
    Source,
)
from crm.services import companies, contacts, deals, stages
from crm.services.base import allow, check_filled, check_owner
from crm.services.channels import LONGEST_NUMBER, NotAnEmail, NotAPhone
from crm.services.companies import fold_again
from crm.services.own_values import own_values
from crm.services.text import cleaned

BATCH = 1000
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
PLAIN_DEAL = ("title", "amount_minor", "currency", "competitor", "note")


@dataclass
class ContactDraft:
    """A contact with the phones and e-mails that it will have."""

    contact: Contact
    phones: list[ContactPhone]
    emails: list[ContactEmail]


@dataclass
class DealDraft:
    """A deal with the products that it will have, one piece of each at the list price."""

    deal: Deal
    products: Sequence[Product]


def company(
    *,
    by: User,
    home: CompanySettings,
    owner: User,
    external_id: str,
    name: str,
    custom: Mapping[str, Any] | None = None,
    **facts: Any,
) -> Company:
    """A company to be added. Raises Refused with the field that it belongs to."""
    words = cleaned(Company, {"currency": home.currency, "name": name, **facts})
    check_filled(words["name"], companies.NAMELESS, field="name")
    check_owner(owner)
    draft = Company(owner=owner, **_origin(by, external_id), **words, **own_values(Company(), custom, by=by))
    _set(draft, keys.company_keys(draft, home.country))
    return draft


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
    custom: Mapping[str, Any] | None = None,
    **facts: Any,
) -> ContactDraft:
    """A contact to be added, with phones and e-mails. Raises Refused with the field that it belongs to."""
    words = cleaned(Contact, {"name": name, **facts})
    check_filled(words["name"], contacts.NAMELESS, field="name")
    check_owner(owner)
    own = own_values(Contact(), custom, by=by)
    draft = Contact(owner=owner, company=at_company, **_origin(by, external_id), **words, **own)
    _set(draft, keys.contact_keys(draft, addresses, at_company.name if at_company else ""))
    return ContactDraft(draft, _phones(draft, numbers, home.country), _emails(draft, addresses))


def deal(
    *,
    by: User,
    home: CompanySettings,
    owner: User,
    external_id: str,
    products: Sequence[Product] = (),
    custom: Mapping[str, Any] | None = None,
    **facts: Any,
) -> DealDraft:
    """A deal to be added, open or closed; `opened_at` and `closed_at` are those of its source. Raises Refused with the field.

    A lost one has a reason; an open one has what its stage asks for.
    """
    texts = {name: facts.pop(name) for name in PLAIN_DEAL if name in facts}
    words = cleaned(Deal, {"currency": home.currency, **texts})
    check_filled(words["title"], deals.NAMELESS, field="title")
    check_owner(owner)
    own = own_values(Deal(), custom, by=by)
    draft = Deal(owner=owner, **_origin(by, external_id), **words, **facts, **own)
    _check_outcome(draft, products)
    _set(draft, keys.deal_keys(draft, draft.company.name if draft.company else ""))
    return DealDraft(draft, products)


@transaction.atomic
def add_companies(*, by: User, at: datetime, drafts: Sequence[Company]) -> None:
    allow(by, Permission.IMPORT_RUN)
    insert(drafts)


@transaction.atomic
def add_contacts(*, by: User, at: datetime, drafts: Sequence[ContactDraft]) -> None:
    """Add contacts with their phones and e-mails; whoever has a company works there since an unknown day."""
    allow(by, Permission.IMPORT_RUN)
    insert([draft.contact for draft in drafts])
    ContactPhone.objects.bulk_create([row for draft in drafts for row in draft.phones], batch_size=BATCH)
    ContactEmail.objects.bulk_create([row for draft in drafts for row in draft.emails], batch_size=BATCH)
    employed = [draft.contact for draft in drafts]
    Employment.objects.bulk_create(
        [Employment(contact=one, company=one.company, title=one.title) for one in employed if one.company],
        batch_size=BATCH,
    )


@transaction.atomic
def add_deals(*, by: User, at: datetime, drafts: Sequence[DealDraft]) -> None:
    allow(by, Permission.IMPORT_RUN)
    insert([draft.deal for draft in drafts])
    lines = [(draft.deal, one) for draft in drafts for one in draft.products]
    DealProduct.objects.bulk_create([_line(one, of) for one, of in lines], batch_size=BATCH)


def amend(record: Any, *, by: User, home: CompanySettings, changes: Mapping[str, Any]) -> set[str]:
    """Set the values that differ on a locked record, with what is derived from them; the names of all that is to be saved.

    Raises Refused and leaves the record alone when a value does not fit.
    """
    own = {f.name for f in record._meta.concrete_fields}
    plain = {name: value for name, value in changes.items() if name in own and name != "custom"}
    plain |= own_values(record, changes.get("custom"), by=by)
    fitted = {**plain, **cleaned(type(record), {n: v for n, v in plain.items() if _is_plain(v)})}
    changed = {name for name, value in fitted.items() if getattr(record, name) != value}
    if "owner" in changed:
        check_owner(fitted["owner"])
    if not changed:
        return set()
    _set(record, {name: fitted[name] for name in changed})
    derived = _derived(record, home)
    _set(record, derived)
    if hasattr(record, "changed_by_id"):
        record.changed_by = by
        changed.add("changed_by")
    return changed | set(derived)


@transaction.atomic
def save(*, by: User, at: datetime, records: Sequence[Any], names: set[str], renamed: Sequence[Company] = ()) -> None:
    """Store what `amend` set on records of one kind; contacts and deals of `renamed` companies are found by the new name."""
    allow(by, Permission.IMPORT_RUN)
    if records and names:
        type(records[0])._base_manager.bulk_update(records, sorted(names), batch_size=BATCH)
    for one in renamed:
        fold_again(one)


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
def put_products(*, by: User, at: datetime, wanted: Sequence[tuple[Deal, Product]]) -> None:
    """Let deals have another product, where they have one or none; a list that somebody made by hand stays. Three statements."""
    allow(by, Permission.IMPORT_RUN)
    there = Counter(DealProduct.objects.filter(deal__in=[of.pk for of, _one in wanted]).values_list("deal", flat=True))
    single = [(of, one) for of, one in wanted if there[of.pk] <= 1]
    DealProduct.objects.filter(deal__in=[of.pk for of, _one in single]).delete()
    DealProduct.objects.bulk_create([_line(of, one) for of, one in single], batch_size=BATCH)


def insert(records: Sequence[Any]) -> None:
    """Insert records. Stamps are sent as plain values, which the database overwrites: its default as an expression in every row
    would cost as much as the insert."""
    if not records:
        return
    model = type(records[0])
    stamps = [f.attname for f in model._meta.concrete_fields if isinstance(f, StampField)]
    for record in records:
        for name in stamps:
            if isinstance(getattr(record, name), DatabaseDefault):
                setattr(record, name, None if name == "opened_at" else NEVER)
    model._base_manager.bulk_create(records, batch_size=BATCH)


def _origin(by: User, external_id: str) -> dict[str, Any]:
    return {"source": Source.IMPORT, "external_id": external_id, "created_by": by, "changed_by": by}


def _set(record: Any, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(record, name, value)


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, str | int)


def _derived(record: Any, home: CompanySettings) -> dict[str, Any]:
    if isinstance(record, Company):
        return keys.company_keys(record, home.country)
    at_company = record.company.name if getattr(record, "company", None) else ""
    if isinstance(record, Contact):
        return dict(keys.contact_keys(record, [mail.address for mail in record.emails.all()], at_company))
    if isinstance(record, Deal):
        return dict(keys.deal_keys(record, at_company))
    return {"name_key": fold(record.name)}


def _check_outcome(draft: Deal, products: Sequence[Product]) -> None:
    if draft.status == DealStatus.LOST and draft.loss_reason_id is None:
        raise deals.LossReasonMissing
    if draft.status == DealStatus.OPEN:
        stages.check_required(draft, draft.stage, {"lines"} if products else set())


def _line(of: Deal, one: Product) -> DealProduct:
    return DealProduct(deal=of, product=one, price_minor=one.price_minor if one.currency == of.currency else None)


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
