"""The clients that rows of deals, tasks, activities and purchases name, found or added by the chunk.

Who is on no list is added by name, so that what hangs on him is not lost. A bare number is nobody's name: where it is the key of
nothing, the row says so.
"""

from __future__ import annotations

from collections.abc import Sequence

from accounts.models import User
from accounts.refusals import Refused
from crm.folding import fold
from crm.models import Company, Contact
from migrations_data.loading.clients import Companies, Contacts
from migrations_data.loading.context import Context, Rejected
from migrations_data.loading.resolvers import of, wanted
from migrations_data.loading.rows import Row
from migrations_data.loading.staff import People


def prepare(context: Context, rows: Sequence[Row]) -> None:
    """Find all clients that these rows name, and add those who are on no list. A fixed number of statements."""
    companies, contacts = of(context, Companies), of(context, Contacts)
    named = wanted(rows, "company")
    companies.look_up(named)
    contacts.look_up(wanted(rows, "contact") | companies.unknown(named))
    _add_companies(context, rows)
    _add_contacts(context, rows)


def _add_companies(context: Context, rows: Sequence[Row]) -> None:
    companies, contacts, people = of(context, Companies), of(context, Contacts), of(context, People)
    missing: dict[str, tuple[str, User]] = {}
    for row in rows:
        text = row.values.get("company", "")
        if text and not text.isdigit() and companies.unknown([text]) and contacts.find(text) is None:
            missing.setdefault(fold(text), (text[:200], people.likely(row.values.get("owner", ""))))
    if missing:
        companies.add(dict(missing.values()), former=people.former)


def _add_contacts(context: Context, rows: Sequence[Row]) -> None:
    contacts, people = of(context, Contacts), of(context, People)
    missing: dict[tuple[str, str], tuple[str, User]] = {}
    employers: dict[str, Company] = {}
    for row in rows:
        text = row.values.get("contact", "")
        if not text or text.isdigit() or len(text) > 200:
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
