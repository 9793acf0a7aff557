"""Many records go to another owner: deals with the open tasks that their owner has on them, as one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from crm.models import BulkChange, Task
from crm.services.base import check_receiver
from crm.services.bulk_verbs.base import GONE, MODELS, SAME, TOUCHED, Hand, Left, Rows, Verb, before_of, locked, written
from crm.when import due, local_day

NEEDS = {"company": Permission.COMPANY_DELETE, "contact": Permission.CONTACT_DELETE, "deal": Permission.DEAL_GIVE}
LEFT_US = _("their former owner no longer works here")


def prepare(hand: Hand) -> None:
    """`facts` hold the key of the new owner, whom the giver must see. Raises NotASeller and OwnerGone as one gift does."""
    to = User.objects.visible_to(hand.by).get(pk=hand.facts["to"])
    check_receiver(to)
    hand.known["to"] = to


def rows(found: Rows, hand: Hand) -> Rows:
    return found


def stays(record: Any, hand: Hand) -> Any:
    return SAME if record.owner_id == hand.known["to"].pk else None


def change(records: Sequence[Any], hand: Hand) -> dict[str, Any]:
    was = {str(record.pk): record.owner_id for record in records}
    tasks = _open_tasks(records, owner=None) if hand.noun == "deal" else []
    kept = {str(task.pk): task.owner_id for task in tasks}
    _hand_over(tasks, {task.pk: hand.known["to"] for task in tasks}, hand)
    for record in records:
        record.owner = hand.known["to"]
    written(records, {"owner"}, hand.by)
    return {"was": was, "tasks": kept}


def _open_tasks(deals: Sequence[Any], owner: User | None) -> list[Task]:
    """The open tasks of these locked deals that belong to the deals' owners, or to `owner`, locked."""
    rows = Task.objects.open().filter(deal__in=[deal.pk for deal in deals]).select_related("owner")
    return locked(rows.filter(owner=owner) if owner else rows.filter(owner=F("deal__owner")))


def _hand_over(tasks: Sequence[Task], to: dict[int, User], hand: Hand) -> None:
    """Change the owners, keeping the day on which each task falls due where its owner is."""
    for task in tasks:
        receiver = to[task.pk]
        if not task.due_has_time and task.owner.zone != receiver.zone:
            last_day = local_day(task.due_at - timedelta(microseconds=1), task.owner.zone)
            task.due_at = due(last_day, receiver.zone)[0]
        task.owner = receiver
    written(tasks, {"owner", "due_at"}, hand.by)


def undo(change: BulkChange, keys: Sequence[int], hand: Hand) -> tuple[int, Left]:
    """Give back what is still with the receiver. The giver has lost sight of it by his own act, so his reach is not asked again."""
    was, left = before_of(change, keys), Left()
    found = locked(MODELS[hand.noun]._base_manager.filter(pk__in=was, deleted_at__isnull=True))
    back = [record for record in found if record.owner_id == change.facts["to"]]
    left[GONE] += len(was) - len(found)
    left[TOUCHED] += len(found) - len(back)
    people = {person.pk: person for person in User.objects.filter(pk__in=set(was.values()), is_active=True)}
    left[LEFT_US] += sum(was[record.pk] not in people for record in back)
    back = [record for record in back if was[record.pk] in people]
    if hand.noun == "deal":
        kept = change.before.get("tasks", {})
        tasks = [task for task in _open_tasks(back, _receiver(change)) if kept.get(str(task.pk)) in people]
        _hand_over(tasks, {task.pk: people[kept[str(task.pk)]] for task in tasks}, hand)
    for record in back:
        record.owner = people[was[record.pk]]
    written(back, {"owner"}, hand.by)
    return len(back), left


def _receiver(change: BulkChange) -> User:
    """To whom it was given."""
    return User.objects.get(pk=change.facts["to"])


GIVE = Verb(key="give", needs=NEEDS, prepare=prepare, rows=rows, stays=stays, change=change, undo=undo)
