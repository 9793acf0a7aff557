"""Rows of contacts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from crm import custom
from crm.folding import digits, fold
from crm.models import Contact
from crm.services import many
from migrations_data.loading import naming, own
from migrations_data.loading.context import Context, Loader, Rejected
from migrations_data.loading.references import Companies, Contacts, People, of
from migrations_data.loading.rows import Row
from migrations_data.matching import links

PLAIN = ("name", "title", "city", "note")


def identify(context: Context, row: Row) -> tuple[str, bool]:
    """Without a key of the source: the name with the first mail or phone, else with the company. A name alone is no key, a
    shared mailbox neither."""
    said = row.values
    if not said.get("name"):
        raise Rejected("nameless", "name")
    if "key" in said:
        return context.key(said["key"]), True
    beside = (said.get("email") or [""])[0] or digits((said.get("phone") or [""])[0]) or fold(said.get("company", ""))
    return context.key(f"person:{fold(said['name'])}|{beside}"), False


def prepare(context: Context, rows: Sequence[Row]) -> None:
    naming.prepare_companies(context, rows)


def facts(context: Context, row: Row, fields: Iterable[str]) -> dict[str, Any]:
    found = {name: row.values[name] for name in PLAIN if name in fields}
    if "owner" in fields:
        found["owner"] = of(context, People).owner(context, row.values["owner"])
    return found | own.values(context, row, "contact", fields)


def draft(context: Context, row: Row) -> many.ContactDraft:
    found = facts(context, row, set(row.values))
    people = of(context, People)
    owner = found.pop("owner", None)
    at_company = None
    if "company" in row.values:
        at_company = of(context, Companies).find_or_add(
            row.values["company"], owner=owner or context.by, former=people.former
        )
    if owner is None:
        owner = (at_company and people.keeper(at_company.owner_id)) or people.owner(context, "")
    return many.contact(
        by=context.by,
        home=context.home,
        owner=owner,
        external_id=row.key,
        at_company=at_company,
        numbers=row.values.get("phone", ()),
        addresses=row.values.get("email", ()),
        former=people.former,
        **found,
    )


def add(context: Context, drafts: Sequence[many.ContactDraft]) -> list[int]:
    many.add_contacts(by=context.by, at=context.at, drafts=drafts)
    for one in drafts:
        of(context, Contacts).put(one.contact)
    return [one.contact.pk for one in drafts]


def is_blank(contact: Contact, field: str) -> bool:
    """Phones and e-mails are added to what is there, so there is always room; the employer changes only by the old table."""
    if field in ("phone", "email"):
        return True
    if custom.key_of(field):
        return own.is_blank(contact, field)
    return getattr(contact, {"company": "company_id", "owner": "owner_id"}.get(field, field), None) in ("", None)


def amend(context: Context, contact: Contact, row: Row, fields: set[str]) -> set[str]:
    changes = facts(context, row, fields)
    people = of(context, People)
    if "company" in fields:
        keeper = people.keeper(contact.owner_id) or context.by
        changes["company"] = of(context, Companies).find_or_add(
            row.values["company"], owner=keeper, former=people.former
        )
    changed = many.amend(contact, by=context.by, home=context.home, changes=changes, former=people.former)
    channels = [row.values[name] if name in fields else [] for name in ("phone", "email")]
    if any(channels):
        context.known.setdefault("channels", []).append((contact, *channels))
        changed.add("channels")
    return changed


def save(context: Context, contacts: Sequence[Contact], changed: set[str]) -> None:
    many.save(by=context.by, at=context.at, records=contacts, names=changed - {"channels"})
    wanted_ = context.known.pop("channels", [])
    if wanted_:
        many.add_channels(by=context.by, at=context.at, home=context.home, wanted=wanted_)


LOADER = Loader(
    kind="contacts",
    record_type="contact",
    model=Contact,
    identify=identify,
    find=links.find_contacts,
    draft=draft,
    add=add,
    is_blank=is_blank,
    amend=amend,
    save=save,
    prepare=prepare,
)
