"""The card of a client, a company or a person: five statements, however much hangs on it."""

from __future__ import annotations

from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import formats
from accounts.permissions import Permission
from accounts.policy import Use, fields, holds
from crm import business, card_quality, client_rows, due, inline, timeline
from crm.client_rows import MODELS

WANTED = {
    "company": ("phone", "email", "domain", "tax_number", "address", "city", "country", "industry"),
    "contact": ("title", "phones", "emails", "city"),
}
"""Facts that a card asks for while they are empty."""


class Client:
    """One client as one person sees him. `record` carries what the first statement brought beside its columns: tags, people, files,
    shares, tasks, who talked, may_edit / may_delete. Timeline, deals and what came after the sale are read when they are drawn."""

    def __init__(
        self,
        *,
        noun: str,
        record: Any,
        user: Any,
        at: datetime,
        narrowed: timeline.Narrowed = timeline.EVERYTHING,
        new: int = 0,
    ) -> None:
        self.noun, self.record, self.user, self.at, self.narrowed, self.new = noun, record, user, at, narrowed, new

    @property
    def pk(self) -> int:
        return int(self.record.pk)

    @cached_property
    def timeline(self) -> timeline.Timeline:
        return timeline.read(
            noun=self.noun, pk=self.pk, user=self.user, at=self.at, narrowed=self.narrowed, new=self.new
        )

    @cached_property
    def deals(self) -> list[dict[str, Any]]:
        return list(client_rows.deals(self.noun, self.pk, self.user))

    @cached_property
    def business(self) -> business.Business:
        """Contracts, complaints and purchases of the company, or of the one that a contact works for, if the person sees it."""
        company = self.pk if self.noun == "company" else self.record.company_id if self.record.company_seen else None
        return business.of_company(company, self.user, self.at)

    @property
    def tasks(self) -> list[dict[str, Any]]:
        return [_task(task, self.at) for task in self.record.listed_tasks]

    @cached_property
    def talkers(self) -> list[dict[str, Any]]:
        """Who of the colleagues entered something, who talked with them last first."""
        listed = [
            {
                **one,
                "last": datetime.fromisoformat(one["last"]) if one["last"] else None,
                "me": one["pk"] == self.user.pk,
            }
            for one in self.record.listed_talkers
        ]
        return sorted(listed, key=lambda one: (one["last"] is not None, one["last"] or self.at), reverse=True)

    @property
    def talked(self) -> list[dict[str, Any]]:
        return [one for one in self.talkers if one["talks"]]

    @cached_property
    def quality(self) -> card_quality.CardQuality | None:
        """How good the card is; scoring knows it of companies."""
        if self.noun != "company":
            return None
        return card_quality.of(self.record, last_contact=self.last_contact, at=self.at)

    @property
    def last_contact(self) -> datetime | None:
        return next((one["last"] for one in self.talkers if one["last"]), None)

    @property
    def shows(self) -> dict[str, bool]:
        """The fields that the person may read."""
        return dict.fromkeys(fields(self.user, MODELS[self.noun], Use.READ), True)

    @cached_property
    def all_facts(self) -> list[inline.Fact]:
        """Every fact that the person may read, empty ones too, in the order of the edit form, then the company's own fields."""
        may_edit = self.record.may_edit
        named = [name for name in inline.NAMES[self.noun] if name != "name"]
        return [
            *inline.of(self.noun, self.record, self.user, named, may_edit=may_edit),
            *inline.own(self.noun, self.record, self.user, may_edit=may_edit),
        ]

    @property
    def facts(self) -> list[inline.Fact]:
        """What is filled in, and what a card should have."""
        return [fact for fact in self.all_facts if fact.parts or (fact.may_edit and fact.name in WANTED[self.noun])]

    @property
    def more_facts(self) -> list[inline.Fact]:
        """What could be filled in besides."""
        return [
            fact for fact in self.all_facts if fact.may_edit and not fact.parts and fact.name not in WANTED[self.noun]
        ]

    def _parts(self, *names: str) -> list[inline.Part]:
        return [part for fact in self.all_facts if fact.name in names for part in fact.parts]

    @property
    def phones(self) -> list[inline.Part]:
        """Numbers with their labels and tel: addresses."""
        return self._parts("phone", "phones")

    @property
    def emails(self) -> list[inline.Part]:
        return self._parts("email", "emails")

    @property
    def sum_open(self) -> str:
        """The open deals' sum, in each of their currencies."""
        return " + ".join(dict.fromkeys(deal["sum"] for deal in self.deals if deal["open"] and deal["sum"]))

    @property
    def calls(self) -> int:
        return sum(one["calls"] for one in self.talkers)

    @property
    def reached(self) -> str:
        """How many calls became talks."""
        reached = sum(one["reached"] for one in self.talkers)
        return formats.percent(reached / self.calls) if self.calls else formats.DASH

    @property
    def last_touch(self) -> str:
        return formats.ago(self.last_contact, now=self.at) if self.last_contact else _("never")

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
    def merge_url(self) -> str:
        """Where this client is merged with another one; empty for who may not."""
        allowed = self.record.may_delete and holds(self.user, Permission.RECORD_MERGE)
        return reverse("crm:merge-with", args=[self.noun, self.pk]) if allowed else ""

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
            ("merge", _("Merge with another one"), "arrows-join", bool(self.merge_url)),
            ("give", _("Give to a colleague"), "arrows-exchange", self.record.may_delete),
            ("delete", _("Delete"), "trash", self.record.may_delete),
        ]
        return [
            {
                "label": label,
                "icon": icon,
                "get": self.merge_url if verb == "merge" else reverse(f"crm:{self.noun}-{verb}", args=[self.pk]),
                "danger": verb == "delete",
            }
            for verb, label, icon, allowed in verbs
            if allowed
        ]


def read(
    *,
    noun: str,
    pk: int,
    user: Any,
    at: datetime,
    new: int = 0,
    narrowed: timeline.Narrowed = timeline.EVERYTHING,
) -> Client:
    """The card; 404 for who may not see the client. `new` is the activity just logged."""
    record = client_rows.records(noun, user).filter(pk=pk).first()
    if record is None:
        raise Http404
    return Client(noun=noun, record=record, user=user, at=at, new=new, narrowed=narrowed)


def _task(task: dict[str, Any], at: datetime) -> dict[str, Any]:
    due_at = datetime.fromisoformat(task["due_at"])
    return {**task, "late": due_at < at, "when": due.words(due_at, task["due_has_time"], at)}


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
