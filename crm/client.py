"""The card of a client, a company or a person: four statements, however much hangs on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from django.http import Http404
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import formats
from accounts.permissions import Permission
from accounts.policy import Use, fields, holds
from crm import client_rows, timeline
from crm.client_rows import MODELS
from crm.folding import digits, domain_of


@dataclass(frozen=True)
class Client:
    """One client as one person sees him. `record` carries what the first statement brought beside its columns:
    tags, phones, e-mails, people, files, shares, calls, talks, and may_edit / may_delete."""

    noun: str
    record: Any
    user: Any
    at: datetime
    timeline: timeline.Timeline
    deals: list[dict[str, Any]]
    tasks: list[dict[str, Any]]

    @property
    def pk(self) -> int:
        return int(self.record.pk)

    @property
    def shows(self) -> dict[str, bool]:
        """The fields that the person may read."""
        return dict.fromkeys(fields(self.user, MODELS[self.noun], Use.READ), True)

    def _shows(self, name: str) -> bool:
        return name in self.shows

    @property
    def phones(self) -> list[dict[str, str]]:
        """Numbers with their labels and tel: addresses."""
        listed = self.record.listed_phones if self.noun == "contact" else [{"number": self.record.phone, "label": ""}]
        readable = self._shows("phones" if self.noun == "contact" else "phone")
        return [{**phone, "href": tel(phone["number"])} for phone in listed if phone["number"] and readable]

    @property
    def emails(self) -> list[dict[str, str]]:
        listed = self.record.listed_emails if self.noun == "contact" else [self.record.email]
        readable = self._shows("emails" if self.noun == "contact" else "email")
        return [{"address": one, "href": f"mailto:{quote(one, safe='@')}"} for one in listed if one and readable]

    @property
    def site(self) -> str:
        """The address of the company's site, when what was entered is one."""
        domain = domain_of(self.record.domain) if self.noun == "company" and self._shows("domain") else ""
        return f"https://{domain}/" if domain else ""

    @property
    def sum_open(self) -> str:
        """The open deals' sum, in each of their currencies."""
        return " + ".join(dict.fromkeys(deal["sum"] for deal in self.deals if deal["open"] and deal["sum"]))

    @property
    def reached(self) -> str:
        """How many calls became talks."""
        calls = self.record.calls
        return formats.percent(self.record.talks / calls) if calls else formats.DASH

    @property
    def last_touch(self) -> str:
        return formats.ago(self.timeline.latest, now=self.at) if self.timeline.latest else _("never")

    @property
    def may_log(self) -> bool:
        return holds(self.user, Permission.ACTIVITY_ADD)

    @property
    def may_share(self) -> bool:
        return self.record.may_delete and holds(self.user, Permission.RECORD_SHARE)

    @property
    def files(self) -> list[dict[str, Any]]:
        """The files, with their sizes in words and whether the person may remove each: his own, or all of his own client."""
        mine = self.record.may_delete
        return [
            {
                **file,
                "size": size(file["size"]),
                "may_delete": self.may_attach and (mine or file["by_id"] == self.user.pk),
            }
            for file in self.record.listed_files
        ]

    @property
    def shares(self) -> list[dict[str, Any]]:
        """Whom the client is shared with, and which of these the person may end."""
        return [
            {**share, "may_end": self.record.may_delete or share["who"] == self.user.pk}
            for share in self.record.listed_shares
        ]

    @property
    def people(self) -> list[dict[str, Any]]:
        """Who works at the company, then who did."""
        return [
            {
                **person,
                "href": reverse("crm:contact", args=[person["pk"]]),
                "here": person["company"] == self.pk,
                "sub": _there(person, here=person["company"] == self.pk),
            }
            for person in self.record.people
        ]

    @property
    def open_deals(self) -> list[dict[str, Any]]:
        return [deal for deal in self.deals if deal["open"]]

    @property
    def present(self) -> list[dict[str, Any]]:
        """The people of a company with whom one may have talked."""
        return [person for person in self.people if person["here"]] if self.noun == "company" else []

    @property
    def may_attach(self) -> bool:
        return holds(self.user, Permission.FILE_ADD)

    @property
    def may_add(self) -> dict[str, bool]:
        """What else may be added to the client."""
        wanted = {"deal": Permission.DEAL_ADD, "task": Permission.TASK_ADD, "contact": Permission.CONTACT_ADD}
        return {noun: holds(self.user, permission) for noun, permission in wanted.items()}

    @property
    def url(self) -> str:
        return reverse(f"crm:{self.noun}", args=[self.pk])

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        """The way here; a contact leads through its company when the person may see that."""
        if self.noun == "company":
            return [(_("Companies"), reverse("crm:company-list"))]
        way = [(_("Contacts"), reverse("crm:contact-list"))]
        if self.record.company_seen:
            way.append((self.record.company.name, reverse("crm:company", args=[self.record.company_id])))
        return way

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The plain facts that are filled in and that the person may read, each with its name."""
        record, names = self.record, self.shows
        money = (
            formats.money(record.revenue_minor, record.currency)
            if self.noun == "company" and record.revenue_minor
            else ""
        )
        columns = ("tax_number", "address", "city", "country", "industry", "employees", "founded", "revenue_minor")
        listed = []
        for name in columns if self.noun == "company" else ("title", "city"):
            value: Any = money if name == "revenue_minor" else getattr(record, name)
            shown = formats.number(value) if name == "employees" and value else value
            if shown and names.get(name):
                listed.append((capfirst(record._meta.get_field(name).verbose_name), str(shown)))
        return listed

    @property
    def past(self) -> list[dict[str, str]]:
        """Where a contact worked before, as far as the person may see those companies."""
        return [
            {"name": job["name"], "href": reverse("crm:company", args=[job["company"]]), "words": _worked(job)}
            for job in self.record.past
            if job["name"]
        ]

    @property
    def actions(self) -> list[dict[str, Any]]:
        """What the menu offers, for components/menu.html."""
        verbs: list[tuple[str, str, str, bool]] = [
            ("edit", _("Edit"), "pencil", self.record.may_edit),
            ("move", _("Works somewhere else"), "building", self.record.may_edit and self.noun == "contact"),
            ("give", _("Give to a colleague"), "arrows-exchange", self.record.may_delete),
            ("delete", _("Delete"), "trash", self.record.may_delete),
        ]
        return [
            {
                "label": label,
                "icon": icon,
                "get": reverse(f"crm:{self.noun}-{verb}", args=[self.pk]),
                "danger": verb == "delete",
            }
            for verb, label, icon, allowed in verbs
            if allowed
        ]


def read(*, noun: str, pk: int, user: Any, at: datetime, new: int = 0) -> Client:
    """The card; 404 for who may not see the client. `new` is the activity just logged."""
    record = client_rows.records(noun, user).filter(pk=pk).first()
    if record is None:
        raise Http404
    return Client(
        noun=noun,
        record=record,
        user=user,
        at=at,
        timeline=timeline.read(noun=noun, pk=pk, user=user, at=at, new=new),
        deals=list(client_rows.deals(noun, pk, user)),
        tasks=list(client_rows.tasks(noun, pk, user, at)),
    )


def tel(number: str) -> str:
    """A number as a tel: address: its digits, with the plus if it begins with one."""
    return f"tel:{'+' if number.strip().startswith('+') else ''}{digits(number)}"


def _there(person: dict[str, Any], *, here: bool) -> str:
    """What somebody is or was at the company: "Buyer", "Buyer until 3 May 2025"."""
    if here:
        return str(person["title"])
    until = date_format(date.fromisoformat(person["left"]), "j M Y") if person["left"] else ""
    was = person["then"] or _("Worked here")
    return _("%(title)s until %(day)s") % {"title": was, "day": until} if until else was


def _worked(job: dict[str, Any]) -> str:
    """ "Buyer, 3 May 2023 – 1 Feb 2025"."""
    days = [date_format(date.fromisoformat(job[end]), "j M Y") if job[end] else "" for end in ("since", "until")]
    stretch = f"{days[0]} – {days[1]}" if days[0] else _("until %(day)s") % {"day": days[1]}
    return f"{job['title']}, {stretch}" if job["title"] else stretch


def size(in_bytes: int) -> str:
    """ "640 B", "12 kB", "3.4 MB"."""
    if in_bytes < 1000:
        return ngettext("%(n)s byte", "%(n)s bytes", in_bytes) % {"n": in_bytes}
    if in_bytes < 1_000_000:
        return _("%(n)s kB") % {"n": formats.number(in_bytes / 1000)}
    return _("%(n)s MB") % {"n": formats.number(in_bytes / 1_000_000, 1)}
