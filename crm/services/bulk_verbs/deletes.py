"""Many records taken out of the lists, under the same conditions as one by one; their history stays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from crm.models import BulkChange, Contact, Deal, Task
from crm.services.bulk_verbs.base import MODELS, TOUCHED, Hand, Left, Rows, Verb, before_of, locked, written

NEEDS = {"company": Permission.COMPANY_DELETE, "contact": Permission.CONTACT_DELETE, "deal": Permission.DEAL_DELETE}
IN_USE = {
    "company": _("still with contacts, open deals or open tasks"),
    "contact": _("still with open tasks"),
}


def prepare(hand: Hand) -> None:
    """Nothing is asked beside the records."""


def rows(found: Rows, hand: Hand) -> Rows:
    """What still stands on each record: the same as the services of one ask."""
    here = {hand.noun: OuterRef("pk")}
    if hand.noun == "deal":
        return found
    tasks = Exists(Task.objects.open().filter(**here))
    if hand.noun == "contact":
        return found.annotate(in_use=tasks)
    return found.annotate(
        in_use=tasks | Exists(Contact.objects.live().filter(**here)) | Exists(Deal.objects.open().filter(**here))
    )


def stays(record: Any, hand: Hand) -> Any:
    return IN_USE[hand.noun] if getattr(record, "in_use", False) else None


def change(records: Sequence[Any], hand: Hand) -> dict[str, Any]:
    tasks: list[Task] = []
    if hand.noun == "deal":
        tasks = locked(Task.objects.open().filter(deal__in=[record.pk for record in records]))
    for one in (*tasks, *records):
        one.deleted_at = hand.at
    written(tasks, {"deleted_at"}, hand.by)
    written(records, {"deleted_at"}, hand.by)
    return {"was": {str(record.pk): None for record in records}, "tasks": [task.pk for task in tasks]}


def undo(change: BulkChange, keys: Sequence[int], hand: Hand) -> tuple[int, Left]:
    """Bring back what is still deleted by this very change, with the tasks that went with it."""
    was, left = before_of(change, keys), Left()
    found = locked(MODELS[hand.noun]._base_manager.filter(pk__in=was, deleted_at=change.at))
    left[TOUCHED] += len(was) - len(found)
    gone = change.before.get("tasks", [])
    tasks = locked(Task._base_manager.filter(pk__in=gone, deal__in=[one.pk for one in found], deleted_at=change.at))
    for one in (*tasks, *found):
        one.deleted_at = None
    written(found, {"deleted_at"}, hand.by)
    written(tasks, {"deleted_at"}, hand.by)
    return len(found), left


DELETE = Verb(key="delete", needs=NEEDS, prepare=prepare, rows=rows, stays=stays, change=change, undo=undo)
