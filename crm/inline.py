"""Facts of companies, contacts and deals that can be changed where they stand: which there are and how they read.

A fact is drawn by crm/inline/_value.html wherever it is shown, on a card or in the cell of a list; its editor comes from the form
of `crm.forms.inline`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from django.db.models import Model
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst

from accounts import formats
from accounts.permissions import Permission
from accounts.policy import Use, fields
from crm import custom, stale_words
from crm.folding import digits, domain_of
from crm.models import Company, Contact, Deal

MODELS: Mapping[str, type[Model]] = {"company": Company, "contact": Contact, "deal": Deal}
EDIT = {"company": Permission.COMPANY_EDIT, "contact": Permission.CONTACT_EDIT, "deal": Permission.DEAL_EDIT}
NAMES: Mapping[str, tuple[str, ...]] = {
    "company": (
        "name", "industry", "domain", "phone", "email", "tax_number", "address", "city", "country", "employees", "founded",
        "revenue_minor", "parent", "tags", "note",
    ),
    "contact": ("name", "title", "phones", "emails", "city", "tags", "note"),
    "deal": ("title", "company", "contacts", "amount_minor", "expected_close", "tags", "note"),
}  # fmt: skip
"""What can be changed in place; an amount goes with its currency. Own fields come on top ("custom.fleet")."""
LOOKS = {"note": "note", "tags": "chips"}
MAP = "https://www.openstreetmap.org/search?query="


@dataclass(frozen=True)
class Part:
    """One piece of a value: a number, an address, a tag. `href` leads somewhere, out of the CRM when `away`."""

    text: str
    href: str = ""
    away: bool = False
    more: str = ""


@dataclass(frozen=True)
class Fact:
    """One field of one record as one person sees it."""

    noun: str
    pk: int
    name: str
    label: str
    parts: Sequence[Part] = field(default_factory=tuple)
    may_edit: bool = False
    map: str = ""

    @property
    def id(self) -> str:
        """The id of the element that shows it, or asks for it."""
        return f"value-{self.noun}-{self.pk}-{self.name}"

    @property
    def url(self) -> str:
        return reverse("crm:inline", args=[self.noun, self.pk, self.name])

    @property
    def look(self) -> str:
        """ "note" keeps its lines, "chips" are beside each other."""
        return LOOKS.get(self.name, "")


Read = Callable[[Any], Iterable[Part]]


def of(noun: str, record: Any, user: Any, names: Iterable[str], *, may_edit: bool) -> list[Fact]:
    """The facts among `names` that the person may read, own fields left out."""
    model = MODELS[noun]
    readable, writable = fields(user, model, Use.READ), fields(user, model, Use.WRITE)
    return [
        Fact(
            noun=noun,
            pk=record.pk,
            name=name,
            label=label(noun, name),
            parts=tuple(READ[noun][name](record)),
            may_edit=may_edit and name in writable,
            map=_map(record) if name == "address" or (name == "city" and noun == "contact") else "",
        )
        for name in names
        if name in readable
    ]


def own(noun: str, record: Any, user: Any, *, may_edit: bool) -> list[Fact]:
    """The company's own fields, with their values."""
    writes = may_edit and "custom" in fields(user, MODELS[noun], Use.WRITE)
    return [
        Fact(noun, record.pk, one["name"], one["label"], _plain(one["words"]), writes)
        for one in custom.facts(noun, record.custom, user)
    ]


def cell(noun: str, pk: int, name: str, text: str, *, may_edit: bool, href: str = "") -> Fact:
    """A value that a list has read already, as it stands in its cell."""
    return Fact(noun, pk, name, label(noun, name), (Part(text, href),) if text else (), may_edit)


def is_fact(noun: str, name: str) -> bool:
    """Whether records of the noun may have such a fact at all."""
    return name in NAMES[noun] or bool(custom.key_of(name))


def one(noun: str, record: Any, user: Any, name: str, *, may_edit: bool) -> Fact | None:
    """A single fact by its name; None when there is no such fact for this person."""
    if custom.key_of(name):
        return next((fact for fact in own(noun, record, user, may_edit=may_edit) if fact.name == name), None)
    return next(iter(of(noun, record, user, [name], may_edit=may_edit)), None) if is_fact(noun, name) else None


def label(noun: str, name: str) -> str:
    """What people call the field."""
    if custom.key_of(name):
        return next((str(field.label) for field in custom.fields_of(noun) if custom.name_of(field) == name), name)
    if name in stale_words.LABELS:
        return str(stale_words.LABELS[name])
    column: Any = MODELS[noun]._meta.get_field(name)
    return str(capfirst(column.verbose_name))


def tel(number: str) -> str:
    """A number as a tel: address: its digits, with the plus if it begins with one."""
    return f"tel:{'+' if number.strip().startswith('+') else ''}{digits(number)}"


def mailto(address: str) -> str:
    return f"mailto:{quote(address, safe='@')}"


def site(text: str) -> str:
    """The address of a site, when what was entered is one."""
    domain = domain_of(text)
    return f"https://{domain}/" if domain else ""


def _map(record: Any) -> str:
    """Where it is, on a map; nothing is asked of the map before somebody clicks."""
    known = [getattr(record, name, "") for name in ("address", "city", "country")]
    return MAP + quote(", ".join(filter(None, known)), safe="") if any(known) else ""


def _plain(text: Any) -> tuple[Part, ...]:
    return (Part(str(text)),) if text not in (None, "") else ()


def _column(name: str) -> Read:
    return lambda record: _plain(getattr(record, name))


def _phone(record: Any) -> Iterable[Part]:
    return [Part(record.phone, tel(record.phone))] if record.phone else []


def _phones(record: Any) -> Iterable[Part]:
    return [Part(row["number"], tel(row["number"]), more=row["label"]) for row in record.listed_phones]


def _mails(addresses: Iterable[str]) -> list[Part]:
    return [Part(address, mailto(address)) for address in addresses if address]


def _domain(record: Any) -> Iterable[Part]:
    return [Part(record.domain, site(record.domain), away=True)] if record.domain else []


def _number(name: str) -> Read:
    return lambda record: _plain("" if getattr(record, name) is None else formats.number(getattr(record, name)))


def _year(record: Any) -> Iterable[Part]:
    return _plain(record.founded or "")


def _money(name: str) -> Read:
    def read(record: Any) -> Iterable[Part]:
        amount = getattr(record, name)
        return _plain("" if amount is None else formats.money(amount, record.currency))

    return read


def _parent(record: Any) -> Iterable[Part]:
    """The company above, if the person sees it."""
    name = record.parent_name
    return [Part(name, reverse("crm:company", args=[record.parent_id]))] if name else []


def _tags(record: Any) -> Iterable[Part]:
    return [Part(tag) for tag in record.listed_tags]


def _day(record: Any) -> Iterable[Part]:
    return _plain(date_format(record.expected_close, "j M Y") if record.expected_close else "")


def _deal_company(record: Any) -> Iterable[Part]:
    """A company that the person does not reach is named without a way to it."""
    if record.company is None:
        return []
    href = reverse("crm:company", args=[record.company_id]) if getattr(record, "company_seen", True) else ""
    return [Part(record.company.name, href)]


def _deal_contacts(record: Any) -> Iterable[Part]:
    return [
        Part(person["name"], reverse("crm:contact", args=[person["pk"]]) if person["seen"] else "")
        for person in record.listed_contacts
    ]


READ: Mapping[str, Mapping[str, Read]] = {
    "company": {
        **{name: _column(name) for name in ("name", "industry", "tax_number", "address", "city", "country", "note")},
        "domain": _domain,
        "phone": _phone,
        "email": lambda record: _mails([record.email]),
        "employees": _number("employees"),
        "founded": _year,
        "revenue_minor": _money("revenue_minor"),
        "parent": _parent,
        "tags": _tags,
    },
    "contact": {
        **{name: _column(name) for name in ("name", "title", "city", "note")},
        "phones": _phones,
        "emails": lambda record: _mails(record.listed_emails),
        "tags": _tags,
    },
    "deal": {
        **{name: _column(name) for name in ("title", "note")},
        "company": _deal_company,
        "contacts": _deal_contacts,
        "amount_minor": _money("amount_minor"),
        "expected_close": _day,
        "tags": _tags,
    },
}
