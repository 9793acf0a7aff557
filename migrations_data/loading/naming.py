"""The clients that rows of deals, tasks, activities and purchases name, found or added by the chunk.

Who is on no list is added by name, so that what hangs on him is not lost. A bare number is nobody's name: where it is the key of
nothing, the row says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from accounts.models import User
from accounts.refusals import Refused
from crm.folding import fold
from crm.models import Company, Contact
from migrations_data.loading.clients import Companies, Contacts, Deals, name_key
from migrations_data.loading.context import Context, Rejected
from migrations_data.loading.resolvers import of, wanted
from migrations_data.loading.rows import Row
from migrations_data.loading.staff import People
from migrations_data.understanding.cleaning import is_number


def prepare(context: Context, rows: Sequence[Row]) -> None:
    """Find all clients that these rows name, and add those who are on no list. A fixed number of statements."""
    companies, contacts = of(context, Companies), of(context, Contacts)
    named = wanted(rows, "company")
    companies.look_up(named)
    contacts.look_up(wanted(rows, "contact") | companies.unknown(named))
    _add_companies(context, rows)
    _add_contacts(context, rows)


def waits(context: Context, text: str) -> bool:
    """Whether a person is still asked about the company that a row names."""
    return bool({context.key(text), name_key(context, text)} & context.waiting)


def key_of_contact(context: Context, text: str) -> str:
    """How a contact about whom a person is asked is remembered, by his key or his name."""
    return f"contact {context.key(fold(text))}"


def names_waiting(context: Context, field: str, text: str) -> bool:
    """Whether a text names a contact about whom a person is asked; where the company should stand, only if there is none."""
    if field == "parent" or key_of_contact(context, text) not in context.waiting:
        return False
    return field == "contact" or bool(of(context, Companies).unknown([text]))


def prepare_companies(context: Context, rows: Sequence[Row], field: str = "company") -> None:
    """Find the companies that rows name, and add those who are on no list. A fixed number of statements."""
    of(context, Companies).look_up(wanted(rows, field))
    _add_companies(context, rows, field)


def _add_companies(context: Context, rows: Sequence[Row], field: str = "company") -> None:
    companies, contacts, people = of(context, Companies), of(context, Contacts), of(context, People)
    missing: dict[str, tuple[str, str, User]] = {}
    for row in rows:
        text = row.values.get(field, "")
        if not text or is_number(text) or not companies.unknown([text]) or waits(context, text):
            continue
        if names_waiting(context, field, text):
            continue
        if contacts.find(text) is None:
            key = name_key(context, text)
            if key not in missing:
                context.note("company_made", field, was=text)
                missing[key] = text, key, people.likely(row.values.get("owner", ""))
    if missing:
        companies.add(list(missing.values()), former=people.former)


def _add_contacts(context: Context, rows: Sequence[Row]) -> None:
    contacts, people = of(context, Contacts), of(context, People)
    missing: dict[tuple[str, str], tuple[str, User]] = {}
    employers: dict[str, Company] = {}
    for row in rows:
        text = row.values.get("contact", "")
        if not text or is_number(text) or len(text) > 200 or names_waiting(context, "contact", text):
            continue
        company = _company(context, row.values.get("company", ""))
        at = company.pk if company else None
        if contacts.find(text, company=at) is None and not contacts.named(text, at):
            firm = fold(company.name) if company else ""
            missing.setdefault((fold(text), firm), (text, people.likely(row.values.get("owner", ""))))
            if company is not None:
                employers[firm] = company
    if missing:
        named = {(text, firm): owner for (_folded, firm), (text, owner) in missing.items()}
        contacts.add(named, employers, people.former)


def prepare_deals(context: Context, rows: Sequence[Row]) -> None:
    """Find the deals that rows name, by key or by title at the company of the row."""
    companies = (_company(context, text) for text in wanted(rows, "company"))
    of(context, Deals).look_up(wanted(rows, "deal"), [one.pk for one in companies if one is not None])


def links(context: Context, row: Row) -> dict[str, Any]:
    """What a task or an activity of this row hangs on: company, contact, deal. Raises Rejected for one that is nowhere."""
    company, contact = clients(context, row)
    deal = None
    if "deal" in row.values:
        deal = of(context, Deals).find(row.values["deal"], company=company.pk if company else None)
        if deal is None:
            raise Rejected("deal_unknown", "deal", row.values["deal"])
    return {"company": company, "contact": contact, "deal": deal}


def _company(context: Context, text: str) -> Company | None:
    try:
        return of(context, Companies).find(text) if text else None
    except Refused:
        return None


def clients(context: Context, row: Row) -> tuple[Company | None, Contact | None]:
    """The company and the person that a row names; a person may stand where the company should. Raises Rejected."""
    said = row.values
    company = contact = None
    if "company" in said:
        company = of(context, Companies).find(said["company"])
        contact = of(context, Contacts).find(said["company"]) if company is None else None
        if company is None and contact is None:
            raise Rejected("company_unknown", "company", said["company"])
    if "contact" in said:
        at = company.pk if company else None
        contact = of(context, Contacts).find(said["contact"], company=at)
        if contact is None:
            several = of(context, Contacts).named(said["contact"], at)
            raise Rejected("contact_ambiguous" if several else "contact_unknown", "contact", said["contact"])
    if company is None and contact is not None:
        company = contact.company
    return company, contact
