"""Who may already be in the CRM, told at entry. Of what the person may not see he learns only that it is there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, Q, Value, When
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.refusals import Warned
from crm import names, tax
from crm.folding import fold, reversed_digits, tax_key
from crm.keys import own_domain
from crm.models import Company, Contact, ContactEmail, ContactPhone

SAME_PHONE = 9
"""So many last digits are the same phone, with or without the country's prefix."""
SHORTEST_PHONE = 7
CANDIDATES = 400
TOLD = 5

WHY: dict[str, tuple[Any, Any]] = {
    "company.tax": (
        _("the same tax number"),
        _("A company with this tax number is already in the CRM. Ask your head about it."),
    ),
    "company.domain": (
        _("the same site"),
        _("A company with this site is already in the CRM. Ask your head about it."),
    ),
    "company.phone": (
        _("the same phone"),
        _("A company with this phone is already in the CRM. Ask your head about it."),
    ),
    "company.name": (
        _("a similar name"),
        _("A company with a similar name is already in the CRM. Ask your head about it."),
    ),
    "contact.email": (
        _("the same e-mail"),
        _("A contact with this e-mail is already in the CRM. Ask your head about it."),
    ),
    "contact.phone": (
        _("the same phone"),
        _("A contact with this phone is already in the CRM. Ask your head about it."),
    ),
    "contact.name": (
        _("the same name at the same company"),
        _("A contact with this name at this company is already in the CRM. Ask your head about it."),
    ),
}
FIELDS = {"tax": "tax_number", "domain": "domain", "phone": "phone", "name": "name", "email": "emails"}


@dataclass(frozen=True)
class Alike:
    """A record that may be the same. `record` is None when the person may not see it; then `why` is all that is told."""

    record: Company | Contact | None
    why: Any
    field: str

    @property
    def company(self) -> Company | None:
        return self.record if isinstance(self.record, Company) else None

    @property
    def contact(self) -> Contact | None:
        return self.record if isinstance(self.record, Contact) else None


class Duplicate(Warned):
    """What is being entered may be there already; `alike` are the records, as far as the person may see them."""

    code = "duplicate"

    def __init__(self, alike: Sequence[Alike]) -> None:
        self.alike = list(alike)
        first = self.alike[0]
        told = first.why
        if first.record is not None:
            told = _("%(name)s has %(why)s. Open it, or save this one all the same.") % {
                "name": first.record.name,
                "why": first.why,
            }
        super().__init__(told, field=first.field)


def companies(
    *, by: User, name: str, tax_number: str, domain: str, phone: str, leave_out: Company | None
) -> list[Alike]:
    """Live companies with the same tax number, own domain or phone, then those with a similar name."""
    rows = _others(Company.objects.live(), leave_out)
    found = _same_company(rows, tax_number, domain, phone) + _similar_names(rows, name)
    return _told("company", by, found)


def _same_company(rows: Any, tax_number: str, domain: str, phone: str) -> list[tuple[int, str]]:
    """Keys and reasons of the companies that share a number or a site: one statement over three indexes."""
    numbers, site, end = {tax.key(tax_number), tax_key(tax_number)[:30]}, own_domain(domain), _phone_end(phone)
    asked = {}
    if all(numbers):
        asked["tax"] = Q(tax_key__in=numbers)
    if site:
        asked["domain"] = Q(domain_key=site)
    if end:
        asked["phone"] = ~Q(phone_reversed="") & Q(phone_reversed__startswith=end)
    if not asked:
        return []
    any_of = Q()
    for condition in asked.values():
        any_of |= condition
    listed = rows.filter(any_of).order_by("pk").values_list("pk", "tax_key", "domain_key", "phone_reversed")
    return [
        (pk, "tax" if its_tax and its_tax in numbers else "domain" if site and its_site == site else "phone")
        for pk, its_tax, its_site, _phone in listed[:CANDIDATES]
    ]


def _similar_names(rows: Any, name: str) -> list[tuple[int, str]]:
    """Companies whose name begins like this one and is alike: an index finds a few hundred at most, they are compared here."""
    asked = names.core(name)
    if len(asked) < 2:
        return []
    first = asked.split()[0]
    nearest = Case(
        When(name_key__startswith=first, then=Value(True)), default=Value(False), output_field=BooleanField()
    )
    near = rows.filter(name_key__startswith=asked[:3]).annotate(nearest=nearest).order_by("-nearest", "name_key")
    listed = near.values_list("pk", "name_key")[:CANDIDATES]
    return [(pk, "name") for pk, key in listed if names.are_alike(asked, names.core(key))]


def contacts(
    *, by: User, name: str, phones: Sequence[str], emails: Sequence[str], company: Company | None, leave_out: Any
) -> list[Alike]:
    """Live contacts with one of these e-mails or phones, then those of the same name at the same company."""
    rows = _others(Contact.objects.live(), leave_out)
    found: list[tuple[int, str]] = []
    mailed = ContactEmail.objects.filter(address__in=[address.strip().lower() for address in emails])
    called = Q()
    for end in filter(None, map(_phone_end, phones)):
        called |= Q(reversed__startswith=end)
    for why, listed in (("email", mailed), ("phone", ContactPhone.objects.filter(called) if called else None)):
        if listed is not None:
            keys = listed.filter(contact__in=rows).values_list("contact", flat=True)[:CANDIDATES]
            found += [(pk, why) for pk in keys]
    if company is not None and fold(name):
        named = rows.filter(name_key=fold(name), company=company).values_list("pk", flat=True)[:CANDIDATES]
        found += [(pk, "name") for pk in named]
    return _told("contact", by, found)


def _others(rows: Any, leave_out: Company | Contact | None) -> Any:
    return rows.exclude(pk=leave_out.pk) if leave_out is not None else rows


def _phone_end(text: str) -> str:
    """The end of a phone number, reversed, by which the same number is known again; empty when too short to tell."""
    end = reversed_digits(text)[:SAME_PHONE]
    return end if len(end) >= SHORTEST_PHONE else ""


def _told(noun: str, by: User, found: Iterable[tuple[int, str]]) -> list[Alike]:
    """The first few, the strongest reason each; records out of reach only as one sentence a reason."""
    reasons: dict[int, str] = {}
    for pk, why in found:
        reasons.setdefault(pk, why)
    if not reasons:
        return []
    model: Any = Company if noun == "company" else Contact
    seen = {record.pk: record for record in model.objects.visible_to(by).filter(pk__in=reasons)}
    told: dict[Any, Alike] = {}
    for pk, why in reasons.items():
        short, hidden = WHY[f"{noun}.{why}"]
        record = seen.get(pk)
        told.setdefault(pk if record else why, Alike(record, short if record else hidden, _field(noun, why)))
    return sorted(told.values(), key=lambda alike: alike.record is None)[:TOLD]


def _field(noun: str, why: str) -> str:
    return "phones" if (noun, why) == ("contact", "phone") else FIELDS[why]
