"""The queue as one walks through it: what is left of today's list, where one is in it, and all that matters about one entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts import formats
from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import Use, fields, holds
from accounts.together import together
from crm import timeline, work_left
from crm.inline import tel
from crm.models import Activity, Company, Complaint, Contact, ContactPhone, Contract, Deal, QueueMark, Task
from crm.next_best import COMPANY, COMPLAINT, CONTACT, CONTRACT, DEAL, TASK, Entry, ranked
from crm.when import local_day
from crm.work_left import WorkLeft

Key = tuple[str, int]
Mark = QueueMark.Mark
MODELS: dict[str, Any] = {
    TASK: Task, CONTACT: Contact, COMPANY: Company, DEAL: Deal, COMPLAINT: Complaint, CONTRACT: Contract,
}  # fmt: skip
LATELY = 3


@dataclass(frozen=True)
class Queue:
    """Somebody's queue on one day. `waiting` is all that waits, ranked; `marks` what he did with entries today."""

    user: User
    now: datetime
    waiting: list[Entry]
    marks: dict[Key, dict[str, Any]]
    at: Key | None = None

    @classmethod
    def read(cls, user: User, now: datetime, at: Key | None = None) -> Queue:
        """One statement. The entry `at`, if it waits, is shown first."""
        marks = QueueMark.objects.filter(user=user, day=local_day(now, user.zone))
        *work, marked = together(*work_left.queries(user, now), marks.values("noun", "record", "mark", "marked_at"))
        return cls(user, now, ranked(WorkLeft(*work), now), {(row["noun"], row["record"]): row for row in marked}, at)

    @cached_property
    def left(self) -> list[Entry]:
        """What is still to be gone through: in its order, then what was put off, the longest ago first."""
        fresh = [entry for entry in self.waiting if entry.key not in self.marks]
        put_off = [entry for entry in self.waiting if self._marked(entry, Mark.LATER)]
        listed = [*fresh, *sorted(put_off, key=lambda entry: self.marks[entry.key]["marked_at"])]
        return sorted(listed, key=lambda entry: entry.key != self.at)

    def _marked(self, entry: Entry, *marks: str) -> bool:
        return entry.key in self.marks and self.marks[entry.key]["mark"] in marks

    @property
    def entry(self) -> Entry | None:
        return self.left[0] if self.left else None

    @property
    def may_work(self) -> bool:
        """Whether the person may log and set tasks, and not only look."""
        return holds(self.user, Permission.ACTIVITY_ADD)

    @property
    def gone_through(self) -> int:
        """How many entries were done or left for another day."""
        return sum(row["mark"] != Mark.LATER for row in self.marks.values())

    @property
    def done(self) -> int:
        return sum(row["mark"] == Mark.DONE for row in self.marks.values())

    @property
    def place(self) -> int:
        return self.gone_through + 1

    @property
    def total(self) -> int:
        return self.gone_through + len(self.left)

    @property
    def put_off(self) -> str:
        """When the entry shown was put off, if it was."""
        if self.entry is None or self.entry.key not in self.marks:
            return ""
        return _("Put off: %(when)s") % {"when": formats.when(self.marks[self.entry.key]["marked_at"], now=self.now)}

    @cached_property
    def before(self) -> Entry | None:
        """The entry that was marked last, if it still waits: what "back" shows."""
        shown = self.entry.key if self.entry else None
        marked = [entry for entry in self.waiting if entry.key in self.marks and entry.key != shown]
        return max(marked, key=lambda entry: self.marks[entry.key]["marked_at"], default=None)

    def find(self, key: Key) -> Entry | None:
        """The entry with this key, if it is still to be gone through."""
        return next((entry for entry in self.left if entry.key == key), None)

    @cached_property
    def facts(self) -> Facts | None:
        """What matters about the entry shown: one more statement, asked when it is drawn."""
        return Facts.read(self.entry, self.user) if self.entry else None


@dataclass(frozen=True)
class Facts:
    """Who it is about, with numbers to call, their company, the deal, and what happened last; each None or empty where unknown."""

    person: dict[str, Any] | None
    phones: list[dict[str, str]]
    company: dict[str, Any] | None
    deal: dict[str, Any] | None
    lately: list[dict[str, Any]]

    @classmethod
    def read(cls, entry: Entry, user: User) -> Facts:
        """One statement; only what the person may see."""
        keys = {noun: key for noun, (key, _name) in entry.about.items()}
        people = _people(keys, user)
        company = Company.objects.visible_to(user).filter(pk=keys.get(COMPANY, 0))
        deal = Deal.objects.visible_to(user).filter(pk=keys.get(DEAL, 0))
        found = together(
            people.values("pk", "name", "title")[:1],
            ContactPhone.objects.filter(contact__in=people.values("pk")[:1]).order_by("position", "pk").values("number", "label"),
            company.values("pk", "name", "city", "phone"),
            deal.values("pk", "title", "amount_minor", "currency", "stage__name", "expected_close"),
            _lately(keys, user),
        )  # fmt: skip
        person, phones, companies, deals, happened = found
        return cls(
            person=person[0] if person else None,
            phones=_phones(phones, companies, user),
            company=companies[0] if companies else None,
            deal=_deal(deals[0]) if deals else None,
            lately=[timeline.looks(row) | {"who": row["performed_by__full_name"], "text": row["note"]} for row in happened],
        )  # fmt: skip


def worked_on(user: User, entry: Entry, since: datetime) -> bool:
    """Whether somebody logged anything about an entry since then."""
    about = Q(task=entry.record) if entry.noun == TASK else Q(pk__in=[])
    for noun, (key, _name) in entry.about.items():
        about |= Q(**{noun: key})
    return Activity.objects.live().filter(about, performed_by=user, recorded_at__gte=since).exists()


def knows(user: User, key: Key) -> bool:
    """Whether somebody may see the record behind a key."""
    noun, pk = key
    return bool(MODELS[noun].objects.visible_to(user).filter(pk=pk).exists())


def _people(keys: dict[str, int], user: User) -> QuerySet[Contact]:
    """The person to talk to: the one named, else the first of the deal, else of the company."""
    seen = Contact.objects.visible_to(user).order_by("pk")
    if CONTACT in keys:
        return seen.filter(pk=keys[CONTACT])
    if DEAL in keys:
        return seen.filter(pk__in=Deal.contacts.through.objects.filter(deal=keys[DEAL]).values("contact"))
    return seen.filter(company=keys[COMPANY]) if COMPANY in keys else seen.none()


def _lately(keys: dict[str, int], user: User) -> QuerySet[Any, Any]:
    noun = next((noun for noun in (CONTACT, DEAL, COMPANY) if noun in keys), None)
    if noun is None:
        return Activity.objects.none().values("pk")
    rows = Activity.objects.visible_to(user).filter(**{noun: keys[noun]}).latest_first()
    return rows.values(
        "pk", "kind", "direction", "occurred_at", "seconds", "result", "note", "performed_by__full_name",
    )[:LATELY]  # fmt: skip


def _phones(listed: list[dict[str, str]], companies: list[dict[str, Any]], user: User) -> list[dict[str, str]]:
    """Numbers with their tel: addresses: the person's, then the company's."""
    own = listed if "phones" in fields(user, Contact, Use.READ) else []
    if companies and companies[0]["phone"] and "phone" in fields(user, Company, Use.READ):
        own = [*own, {"number": companies[0]["phone"], "label": _("company")}]
    return [{**phone, "href": tel(phone["number"])} for phone in own]


def _deal(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "amount": formats.money(row["amount_minor"], row["currency"]) if row["amount_minor"] else ""}
