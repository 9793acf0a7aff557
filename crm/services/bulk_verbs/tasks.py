"""A task for each of many records, for its owner or for oneself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.reach import people_of
from accounts.refusals import Refused
from crm.models import BulkChange, Deal, DealStatus, Task
from crm.services import many
from crm.services.base import allow, check_filled
from crm.services.bulk_verbs.base import TOUCHED, Hand, Left, Rows, Verb, locked, written
from crm.services.subjects import VIEWS, with_defaults
from crm.services.tasks import NAMELESS
from crm.services.text import cleaned
from crm.when import due as due_of

OWNER, ME = "owner", "me"
OUT_OF_TEAM = _("with a colleague whom you cannot give tasks")
ONLY_STEP = _("now the only next step of its deal")


class Passed(Refused):
    """Nobody makes anybody late in one go."""

    code = "already_due"
    field = "due"
    message = _("This time has passed. Choose one that is still ahead.")


def prepare(hand: Hand) -> None:
    """`facts`: title, kind, note, `due` (an instant or a date in ISO form) and `whose` ("owner" or "me")."""
    allow(hand.by, Permission.TASK_ADD)
    facts = hand.facts
    words = cleaned(Task, {name: facts.get(name, "") for name in ("title", "kind", "note")})
    check_filled(words["title"], NAMELESS, field="title")
    due: date | datetime = (datetime if "T" in facts["due"] else date).fromisoformat(facts["due"])
    if due_of(due, hand.by.zone)[0] <= hand.at:
        raise Passed
    people = {hand.by.pk: hand.by}
    if facts["whose"] == OWNER:
        people = {person.pk: person for person in people_of(hand.by).active()}
    hand.known.update({"words": words, "due": due, "people": people})


def rows(found: Rows, hand: Hand) -> Rows:
    return found if hand.noun == "company" else found.select_related("company")


def _whose(record: Any, hand: Hand) -> User | None:
    return hand.by if hand.facts["whose"] == ME else hand.known["people"].get(record.owner_id)


def stays(record: Any, hand: Hand) -> Any:
    owner = _whose(record, hand)
    if owner is None:
        return OUT_OF_TEAM
    return Passed.message if due_of(hand.known["due"], owner.zone)[0] <= hand.at else None


def change(records: Sequence[Any], hand: Hand) -> dict[str, Any]:
    bare = _bare(records) if hand.noun == "deal" else []
    made = [_task(record, hand) for record in records]
    many.insert(made)
    return {"was": {str(record.pk): task.pk for record, task in zip(records, made, strict=True)}, "bare": bare}


def _task(record: Any, hand: Hand) -> Task:
    owner: Any = _whose(record, hand)
    due_at, has_time = due_of(hand.known["due"], owner.zone)
    links = with_defaults({hand.noun: record, **{name: None for name in VIEWS if name != hand.noun}})
    return Task(
        owner=owner, due_at=due_at, due_has_time=has_time, created_by=hand.by, changed_by=hand.by, **hand.known["words"], **links
    )  # fmt: skip


def _bare(deals: Sequence[Any]) -> list[int]:
    """Which of the deals had no next step before."""
    keys = [deal.pk for deal in deals]
    stepped = Task.objects.open().filter(deal__in=keys).values_list("deal", flat=True).distinct()
    return sorted(set(keys) - set(stepped))


def undo(change: BulkChange, keys: Sequence[int], hand: Hand) -> tuple[int, Left]:
    """Take the tasks out of the lists that nobody touched, but none that a deal would be left bare by which was not so before."""
    left = Left()
    if hand.noun == "deal":
        locked(Deal._base_manager.filter(pk__in=keys))
    wanted = [change.before["was"][str(key)] for key in keys]
    others = Task.objects.open().filter(deal=OuterRef("deal")).exclude(pk=OuterRef("pk"))
    found = locked(Task.objects.open().filter(pk__in=wanted).select_related("deal").annotate(more=Exists(others)))
    back = [task for task in found if task.changed_at == task.recorded_at]
    left[TOUCHED] += len(wanted) - len(back)
    bare = set(change.before["bare"])
    needed = [task for task in back if not task.more and _is_open(task.deal) and task.deal_id not in bare]
    left[ONLY_STEP] += len(needed)
    kept = {task.pk for task in needed}
    back = [task for task in back if task.pk not in kept]
    for task in back:
        task.deleted_at = hand.at
    written(back, {"deleted_at"}, hand.by)
    return len(back), left


def _is_open(deal: Deal | None) -> bool:
    return deal is not None and deal.status == DealStatus.OPEN and deal.deleted_at is None


NEEDS = {"company": Permission.COMPANY_VIEW, "contact": Permission.CONTACT_VIEW, "deal": Permission.DEAL_VIEW}
TASK = Verb(key="task", needs=NEEDS, prepare=prepare, rows=rows, stays=stays, change=change, undo=undo)
