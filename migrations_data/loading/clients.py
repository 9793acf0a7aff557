"""The clients that rows name: companies and the people at them, by their key in the old system or by name. Looked up by the chunk.

A run knows only what its rows asked for: what was loaded is in the database. A preview takes back what it made, so it keeps that
in mind, as little of each as is needed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q

from accounts.models import User
from crm.folding import fold
from crm.merging import survivors_of
from crm.models import Company, Contact, Deal, Source
from crm.services import many
from migrations_data.loading.context import Context, Rejected
from migrations_data.loading.resolvers import by_name
from migrations_data.understanding.cleaning import is_number

COMPANY = ("id", "source", "external_id", "name", "name_key", "owner_id")
CONTACT = ("id", "source", "external_id", "name", "name_key", "owner_id", "company_id")
EMPLOYER = ("company__name", "company__owner_id")
DEAL = ("id", "source", "external_id", "title", "owner_id", "company_id")
MOST_KEPT = 50_000


def slim(record: Any, names: Sequence[str]) -> Any:
    """As much of a record as is needed to refer to it: a table has many. `from_db` takes values in the order of the fields."""
    ordered = [f.attname for f in type(record)._meta.concrete_fields if f.attname in names or f.name in names]
    return type(record).from_db("default", ordered, [getattr(record, name) for name in ordered])


def name_key(context: Context, name: str) -> str:
    """The key of a company without one in its source."""
    return context.key(f"name:{by_name(name)}")


def person_key(context: Context, name: str, beside: str) -> str:
    """The key of a person without one in its source: the name with what tells him from others of that name."""
    return context.key(f"person:{fold(name)}|{beside}")


class Companies:
    """Companies by their key in the old system, or by name."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.clear()

    def clear(self) -> None:
        self.by_key: dict[str, Company] = {}
        self.by_name: dict[str, list[Company]] = defaultdict(list)
        self.asked: set[str] = set()

    def look_up(self, texts: Iterable[str]) -> None:
        """Find out about all these at once."""
        if self.context.commit and len(self.asked) > MOST_KEPT:
            self.clear()
        new = {text for text in texts if text} - self.asked
        if not new:
            return
        named = {by_name(text) for text in new}
        keys = {key for text in new for key in (self.context.key(text), name_key(self.context, text))}
        meant = Q(source=Source.IMPORT, external_id__in=keys) | Q(name_key__in=named)
        rows = list(Company._base_manager.filter(meant).only(*COMPANY, "deleted_at").order_by("pk"))
        for company in rows:
            if company.deleted_at is None:
                self._put(company)
        self._follow([company for company in rows if company.deleted_at is not None])
        self.asked |= {text for text in new if self._has(text)}

    def _has(self, text: str) -> bool:
        return self.context.key(text) in self.by_key or by_name(text) in self.by_name

    def unknown(self, texts: Iterable[str]) -> set[str]:
        """Those among texts that were looked up which name no company."""
        return {text for text in texts if not self._has(text) and name_key(self.context, text) not in self.by_key}

    def _follow(self, gone: Sequence[Company]) -> None:
        """A merged company is the one that it became part of, by its key, and by its name where nobody else bears it."""
        survivors = survivors_of("company", [one.pk for one in gone])
        here = Company.objects.live().only(*COMPANY).in_bulk(set(survivors.values())) if survivors else {}
        for one in gone:
            now = here.get(survivors.get(one.pk, 0))
            if now is not None:
                if one.source == Source.IMPORT and one.external_id:
                    self.by_key.setdefault(one.external_id, now)
                self.by_name[one.name_key] = self.by_name.get(one.name_key) or [now]

    def put(self, company: Company) -> None:
        """Know a company that was just added. A run finds it in the database when it is asked for."""
        if not self.context.commit or by_name(company.name) in self.by_name:
            self._put(slim(company, COMPANY))

    def _put(self, company: Company) -> None:
        if company.source == Source.IMPORT and company.external_id:
            self.by_key[company.external_id] = company
        if all(company.pk != other.pk for other in self.by_name[company.name_key]):
            self.by_name[company.name_key].append(company)

    def find(self, text: str) -> Company | None:
        """The company that a row means, or None. Raises Rejected when several have that name."""
        context = self.context
        found = self.by_key.get(context.key(text)) or self.by_key.get(name_key(context, text))
        if found is not None:
            return found
        named = self.by_name.get(by_name(text), [])
        if len(named) > 1:
            ours = [one for one in named if one.source == Source.IMPORT and one.external_id.startswith(context.prefix)]
            named = ours or named
        if len(named) > 1:
            raise Rejected("company_ambiguous", "company", text)
        return named[0] if named else None

    def find_or_add(self, text: str, *, owner: User, former: Collection[int] = ()) -> Company:
        """The same; a company that is on no list is added by its name, so that its deals are not lost. A bare number is no name."""
        found = self.find(text)
        if found is not None:
            return found
        if is_number(text):
            raise Rejected("company_unknown", "company", text)
        self.context.note("company_made", "company", was=text)
        return self.add([(text, name_key(self.context, text), owner)], former=former)[0]

    def add(self, wanted: Sequence[tuple[str, str, User]], *, former: Collection[int] = ()) -> list[Company]:
        """Companies that are nothing but a name, a key and an owner. One statement for all of them."""
        context = self.context
        by: dict[str, Any] = {"by": context.by, "home": context.home, "former": former}
        made = [many.company(owner=owner, external_id=key, name=name[:200], **by) for name, key, owner in wanted]
        many.add_companies(by=context.by, at=context.at, drafts=made)
        for one in made:
            context.made("company", one.pk)
            self._put(slim(one, COMPANY))
        return made


class Contacts:
    """People at clients, by their key in the old system or by name."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.by_key: dict[str, Contact] = {}
        self.by_name: dict[str, dict[int, Contact]] = defaultdict(dict)

    def look_up(self, texts: Iterable[str]) -> None:
        """Find out about all these at once; what a run found for an earlier chunk is forgotten."""
        if self.context.commit:
            self.by_key.clear()
            self.by_name.clear()
        new = {text for text in texts if text}
        if not new:
            return
        keys = {self.context.key(text) for text in new}
        meant = Q(source=Source.IMPORT, external_id__in=keys) | Q(name_key__in={fold(text)[:200] for text in new})
        for contact in (
            Contact.objects.live().filter(meant).select_related("company").only(*CONTACT, *EMPLOYER).order_by("pk")
        ):
            self._put(contact)

    def put(self, contact: Contact) -> None:
        """Know a contact that was just added, where the database will not."""
        if not self.context.commit:
            self._keep(contact)

    def _keep(self, contact: Contact) -> None:
        kept = slim(contact, CONTACT)
        if contact.company_id:
            kept.company = contact.company
        self._put(kept)

    def _put(self, contact: Contact) -> None:
        if contact.source == Source.IMPORT and contact.external_id:
            self.by_key.setdefault(contact.external_id, contact)
        self.by_name[contact.name_key].setdefault(contact.pk, contact)

    def add(
        self, named: Mapping[tuple[str, str], User], employers: Mapping[str, Company], former: Collection[int]
    ) -> None:
        """People of these names at companies ("" for none) and nothing more, with their owners. A few statements for all of them."""
        context = self.context
        by: dict[str, Any] = {"by": context.by, "home": context.home, "former": former}
        made = [
            many.contact(
                owner=owner,
                external_id=person_key(context, name, firm),
                name=name,
                at_company=employers.get(firm),
                **by,
            )
            for (name, firm), owner in named.items()
        ]
        many.add_contacts(by=context.by, at=context.at, drafts=made)
        for draft in made:
            context.made("contact", draft.contact.pk)
            context.note("contact_made", "contact", was=draft.contact.name)
            self._keep(draft.contact)

    def find(self, text: str, *, company: int | None = None) -> Contact | None:
        """The person that a row means; None when nobody (at that company) is called so, or several are."""
        found = self.by_key.get(self.context.key(text))
        named = [found] if found is not None else self.named(text, company)
        return named[0] if len(named) == 1 else None

    def named(self, text: str, company: int | None) -> list[Contact]:
        """Those of that name, at that company or at none where one is given."""
        found = list(self.by_name.get(fold(text)[:200], {}).values())
        if company is None:
            return found
        return [one for one in found if one.company_id == company] or [one for one in found if one.company_id is None]


class Deals:
    """Deals by their key in the old system, or by title at their company."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.by_key: dict[str, Deal] = {}
        self.by_title: dict[str, dict[int, Deal]] = defaultdict(dict)

    def look_up(self, texts: Iterable[str], companies: Iterable[int]) -> None:
        """Find out about all these at once; titles only among the deals of these companies."""
        if self.context.commit:
            self.by_key.clear()
            self.by_title.clear()
        new = {text for text in texts if text}
        if not new:
            return
        keys = {self.context.key(text) for text in new}
        meant = Q(source=Source.IMPORT, external_id__in=keys) | Q(company__in=set(companies), title__in=new)
        for deal in Deal.objects.live().filter(meant).only(*DEAL).order_by("pk"):
            self._put(deal)

    def put(self, deal: Deal) -> None:
        """Know a deal that was just added, where the database will not."""
        if not self.context.commit:
            self._put(slim(deal, DEAL))

    def _put(self, deal: Deal) -> None:
        if deal.source == Source.IMPORT and deal.external_id:
            self.by_key[deal.external_id] = deal
        self.by_title[fold(deal.title)][deal.pk] = deal

    def find(self, text: str, *, company: int | None = None) -> Deal | None:
        """The deal that a row means; None when there is none (with that company), or several are called so."""
        found = self.by_key.get(self.context.key(text))
        if found is not None:
            return found
        named = [one for one in self.by_title.get(fold(text), {}).values() if company in (None, one.company_id)]
        return named[0] if len(named) == 1 else None
