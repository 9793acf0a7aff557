"""People who are clients themselves: what they bought hangs on a company of their name, for purchases belong to companies."""

from __future__ import annotations

from collections.abc import Sequence

from crm.models import Contact
from crm.services import many
from migrations_data.loading.clients import Companies, Contacts
from migrations_data.loading.context import Context
from migrations_data.loading.resolvers import of
from migrations_data.loading.rows import Row
from migrations_data.loading.staff import People


def make_clients(context: Context, rows: Sequence[Row]) -> None:
    """Give a company of his name to each person without one whom these rows name as a client. A fixed number of statements."""
    companies, contacts = of(context, Companies), of(context, Contacts)
    found: dict[int, Contact] = {}
    for row in rows:
        text = row.values.get("company") or row.values.get("contact", "")
        person = contacts.find(text) if text and companies.unknown([text]) else None
        if person is not None and person.company_id is None:
            found[person.pk] = person
    if found:
        _employ(context, list(found.values()))


def _employ(context: Context, clients: Sequence[Contact]) -> None:
    companies, people = of(context, Companies), of(context, People)
    wanted = [(one.name, context.key(f"person:{one.pk}"), people.keeper(one.owner_id) or context.by) for one in clients]
    for one, company in zip(clients, companies.add(wanted, former=people.former), strict=True):
        one.company = company
        context.note("client_made", "company", was=one.name)
    many.employ(by=context.by, at=context.at, wanted={one.pk: one.company for one in clients if one.company})
