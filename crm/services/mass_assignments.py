"""A task for every client of a segment, or of a list of records, given to whoever looks after each, in one go; and the reminder to
those who still have some."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, User
from accounts.permissions import Permission
from accounts.refusals import Refused
from crm import segments
from crm.models import Company, Contact, Deal, MassAssignment, MassTask, Segment, Source, Task, TaskKind
from crm.services.base import allow, check_filled
from crm.services.tasks import NAMELESS
from crm.services.text import cleaned
from crm.when import due as due_of
from crm.when import local_day
from notifications.services.many import Telling, tell_many

MOST = 5000
KEEP_CLIENTS = (Role.MANAGER, Role.HEAD)
NOUNS: Mapping[str, type[Company] | type[Contact] | type[Deal]] = {"company": Company, "contact": Contact, "deal": Deal}
Client = Company | Contact | Deal
Notes = Mapping[tuple[str, int], str]
NONE: Notes = {}
REMIND_AGAIN = timedelta(hours=20)


class NobodyThere(Refused):
    code = "nobody_there"
    message = _("No client of this segment has an owner who could do it. Change the conditions first.")


class TooManyClients(Refused):
    code = "too_many_clients"
    message = _("These are more than 5,000 clients. Narrow the segment, and give the tasks in parts.")


class DueInThePast(Refused):
    code = "due_in_the_past"
    field = "due"
    message = _("This day is over. Choose one that is still ahead.")


class JustReminded(Refused):
    code = "just_reminded"
    message = _("They were reminded within the last day. Give them until tomorrow.")


@dataclass(frozen=True)
class Share:
    """How many tasks one owner gets; `gets` is False for who keeps no clients or left."""

    owner: User
    count: int

    @property
    def gets(self) -> bool:
        return self.owner.is_active and self.owner.role in KEEP_CLIENTS


def shares(*, segment: Segment, by: User, at: datetime) -> list[Share]:
    """Who would get how many, the most first: two statements."""
    rows = segments.companies(segment, user=by, at=at).order_by().values_list("owner")
    return shares_of(Counter(dict(rows.annotate(n=Count("pk")))))


def shares_of(counted: Mapping[int, int]) -> list[Share]:
    """The same out of how many clients each owner, by key, has: one statement."""
    people = User.objects.in_bulk(list(counted))
    listed = [Share(people[key], n) for key, n in counted.items()]
    return sorted(listed, key=lambda share: (not share.gets, -share.count, share.owner.full_name))


@transaction.atomic
def give(
    *,
    segment: Segment,
    title: str,
    due: date,
    by: User,
    at: datetime,
    kind: str = TaskKind.CALL,
    note: str = "",
    key: str = "",
) -> MassAssignment:
    """Give each owner his tasks, due at the end of `due` where he is, and tell him once. The same key gives what was given.

    Statements do not grow with the clients. Raises NobodyThere, TooManyClients, DueInThePast.
    """
    allow(by, Permission.TASK_ASSIGN)
    there = MassAssignment.objects.filter(key=key).first() if key else None
    if there is not None:
        return there
    words = _words(title, note, kind)
    clients = _clients(segment, by, at)
    facts = {"segment": segment, "name": segment.name, "conditions": segment.conditions, **words}
    return _give(clients, facts, due, by, at, key or f"{segment.pk}-{by.pk}-{at.timestamp()}")


def able(noun: str, user: User) -> QuerySet[Any]:
    """The records of a noun that somebody sees and whose owner can get a task for them."""
    return NOUNS[noun].objects.visible_to(user).filter(owner__is_active=True, owner__role__in=KEEP_CLIENTS)


@transaction.atomic
def give_for(
    *,
    records: Mapping[str, Sequence[int]],
    name: str,
    title: str,
    due: date,
    by: User,
    at: datetime,
    kind: str = TaskKind.TODO,
    note: str = "",
    notes: Notes = NONE,
    key: str = "",
) -> MassAssignment:
    """The same for records by noun (company, contact, deal) and key, as far as `by` sees them: one task each, for its owner. `name`
    says what they have in common, `notes` what is to be known of each by itself. Raises NobodyThere, TooManyClients, DueInThePast."""
    allow(by, Permission.TASK_ASSIGN)
    there = MassAssignment.objects.filter(key=key).first() if key else None
    if there is not None:
        return there
    words = _words(title, note, kind)
    found: list[Client] = [one for noun, keys in records.items() for one in _records(noun, keys, by)]
    return _give(
        _able(found), {"name": name[:80], **words}, due, by, at, key or f"list-{by.pk}-{at.timestamp()}", notes
    )


@transaction.atomic
def remind(*, mass: MassAssignment, by: User, at: datetime) -> int:
    """Remind everybody who still has open tasks of it; how many people that were. Raises JustReminded within 20 hours."""
    allow(by, Permission.TASK_ASSIGN, mass)
    mass = MassAssignment.objects.select_for_update().get(pk=mass.pk)
    if mass.reminded_at is not None and at - mass.reminded_at < REMIND_AGAIN:
        raise JustReminded
    rows = Task.objects.open().filter(mass__mass=mass).order_by().values_list("owner")
    left = Counter(dict(rows.annotate(n=Count("pk"))))
    mass.reminded_at = at
    mass.save(update_fields=["reminded_at"])
    _tell(mass, left, "mass_reminded", f"mass:{mass.pk}:{at:%Y-%m-%d %H}", at)
    return len(left)


def _words(title: str, note: str, kind: str) -> dict[str, str]:
    words = cleaned(MassAssignment, {"title": title, "note": note, "kind": kind})
    check_filled(words["title"], NAMELESS, field="title")
    return words


def _clients(segment: Segment, by: User, at: datetime) -> list[Client]:
    found = segments.companies(segment, user=by, at=at).select_related("owner")
    return _able(found.order_by("pk")[: MOST + 1])


def _records(noun: str, keys: Sequence[int], by: User) -> Iterable[Client]:
    rows = NOUNS[noun].objects.visible_to(by).filter(pk__in=keys)
    follows = ("owner", "company") if noun in ("contact", "deal") else ("owner",)
    return rows.select_related(*follows).order_by("pk")[: MOST + 1]


def _able(found: Iterable[Client]) -> list[Client]:
    """Those whose owner can get a task for them. Raises NobodyThere, TooManyClients."""
    clients = [one for one in found if Share(one.owner, 1).gets]
    if len(clients) > MOST:
        raise TooManyClients
    if not clients:
        raise NobodyThere
    return clients


def _give(
    clients: Sequence[Client],
    facts: Mapping[str, object],
    due: date,
    by: User,
    at: datetime,
    key: str,
    notes: Notes = NONE,
) -> MassAssignment:
    if any(due_of(due, zone)[0] <= at for zone in {by.zone, *(client.owner.zone for client in clients)}):
        raise DueInThePast  # where one of them lives the day may be over sooner
    given = {**facts, "due_at": due_of(due, by.zone)[0], "given_by": by, "given_at": at}
    mass, fresh = MassAssignment.objects.get_or_create(key=key, defaults=given)
    if not fresh:  # sent twice at the same moment
        return mass
    _hand_out(mass, clients, due, by, notes)
    _tell(mass, Counter(client.owner_id for client in clients), "mass_assigned", f"mass:{mass.pk}", at)
    return mass


def _hand_out(mass: MassAssignment, clients: Sequence[Client], due: date, by: User, notes: Notes) -> None:
    """The tasks and what ties them to the assignment, two statements per thousand."""
    tasks = [_task(mass, client, due, by, notes) for client in clients]
    Task.objects.bulk_create(tasks, batch_size=1000)
    MassTask.objects.bulk_create(
        [
            MassTask(mass=mass, task=task, company=client if isinstance(client, Company) else None)
            for task, client in zip(tasks, clients, strict=True)
        ],
        batch_size=1000,
    )


def _task(mass: MassAssignment, client: Client, due: date, by: User, notes: Notes) -> Task:
    due_at, has_time = due_of(due, client.owner.zone)
    noun = client._meta.model_name or ""
    note = "\n".join(filter(None, (notes.get((noun, client.pk), ""), mass.note)))
    place = client.pk if noun == "company" else f"{noun}-{client.pk}"
    return Task(
        kind=mass.kind, title=mass.title, note=note, owner=client.owner, due_at=due_at, due_has_time=has_time,
        source=Source.MANUAL, external_id=f"mass-{mass.pk}-{place}", created_by=by, changed_by=by, **_subject(client),
    )  # fmt: skip


def _subject(client: Client) -> dict[str, Client | None]:
    """What a task about a record hangs on: a contact's or deal's on its company too."""
    if isinstance(client, Company):
        return {"company": client}
    return {"company": client.company, "contact" if isinstance(client, Contact) else "deal": client}


def _tell(mass: MassAssignment, counted: Counter[int], kind: str, key: str, at: datetime) -> None:
    """Each owner with the number of his tasks; nobody is told what he gave himself."""
    facts = {"title": mass.title, "name": mass.name, "by": mass.given_by.full_name, "due": _day(mass)}
    tellings = [
        Telling(recipient_id=owner, key=key, context={**facts, "count": n}, url=reverse("crm:task-list"))
        for owner, n in counted.items()
        if owner != mass.given_by_id
    ]
    tell_many(kind=kind, tellings=tellings, at=at)


def _day(mass: MassAssignment) -> date:
    """The last day for it, as whoever gave it sees it."""
    return local_day(mass.due_at - timedelta(microseconds=1), mass.given_by.zone)
