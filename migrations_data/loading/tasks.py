"""Rows of tasks: what was to be done, and what was done of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from crm.models import Source, Task, TaskStatus
from crm.services import many
from crm.when import due as due_of
from migrations_data.loading import naming
from migrations_data.loading.context import Context, Loader, Rejected
from migrations_data.loading.kinds import Kinds
from migrations_data.loading.moments import instant, moment
from migrations_data.loading.references import People, of
from migrations_data.loading.rows import Row
from migrations_data.meanings.statuses import status_of

LONGEST_TITLE = 200
COLUMNS = {"company": "company_id", "contact": "contact_id", "deal": "deal_id"}


def identify(context: Context, row: Row) -> tuple[str, bool]:
    said = row.values
    if "key" in said:
        return context.key(f"task:{said['key']}"), True
    if not (said.get("title") or said.get("note")):
        raise Rejected("nameless", "title")
    told = "|".join(str(said.get(name, "")) for name in ("title", "company", "contact", "deal", "due", "note"))
    return context.nth(context.key(f"task:{told}")), False


def prepare(context: Context, rows: Sequence[Row]) -> None:
    naming.prepare(context, rows)
    naming.prepare_deals(context, rows)


def find(context: Context, rows: Sequence[Row]) -> Mapping[int, Task]:
    locked = Task._base_manager.select_for_update(of=("self",)).filter(source=Source.IMPORT)
    by_key = {one.external_id: one for one in locked.filter(external_id__in=[row.key for row in rows]).order_by("pk")}
    return {row.pk: by_key[row.key] for row in rows if row.key in by_key}


def draft(context: Context, row: Row) -> Task:
    links = naming.links(context, row)
    owner, status = _owner(context, row, links), _status(context, row)
    due = _due(context, row, owner, status)
    return many.task(
        by=context.by,
        owner=owner,
        external_id=row.key,
        due=due,
        status=status,
        done_at=_done_at(context, row, due[0]),
        former=of(context, People).former,
        **_words(context, row, set(row.values), status),
        **links,
    )


def _words(context: Context, row: Row, fields: set[str], status: str) -> dict[str, Any]:
    """Title, note and kind. A task that is only a note is called by its beginning; a date that has passed is kept in the note."""
    said = row.values
    found: dict[str, Any] = {}
    if {"title", "note"} & fields:
        found["title"] = str(said.get("title") or said.get("note", "").partition("\n")[0])[:LONGEST_TITLE]
    if {"note", "due"} & fields:
        lapsed = status == TaskStatus.OPEN and said.get("due", "9") < context.at.date().isoformat()
        before = _("Due in the old table: %(day)s") % {"day": said["due"].replace("T", " ")} if lapsed else ""
        found["note"] = "\n".join(filter(None, (said.get("note", ""), before)))
    if "kind" in fields:
        found["kind"] = of(context, Kinds).of_task(said["kind"])
    return found


def _owner(context: Context, row: Row, links: Mapping[str, Any]) -> User:
    """Who has to do it: whom the row names, else who keeps the deal or the client."""
    people = of(context, People)
    if "owner" in row.values:
        return people.owner(context, row.values["owner"])
    keepers = (people.keeper(one.owner_id) for one in links.values() if one is not None)
    return next((one for one in keepers if one is not None), None) or people.owner(context, "")


def _status(context: Context, row: Row) -> str:
    """Open, done or dropped; a task with a day on which it was done is done."""
    said = row.values.get("status", "")
    if not said:
        return TaskStatus.DONE if "done" in row.values else TaskStatus.OPEN
    found = status_of(said)
    if found is None:
        context.note("status_open", "status", was=said)
    return found or TaskStatus.OPEN


def _due(context: Context, row: Row, owner: User, status: str) -> tuple[datetime, bool]:
    """When it falls due: a day ends where its owner is, a time is that of whoever imports. See `many.due_of` for what was late."""
    said = row.values.get("due", "")
    told = moment(context, said) if said else None
    due = many.due_of(told, status=status, owner=owner, at=context.at)
    if status == TaskStatus.OPEN and (told is None or due != due_of(told, owner.zone)):
        context.note("due_moved" if said else "due_missing", "due")
    return due


def _done_at(context: Context, row: Row, due_at: datetime) -> datetime:
    """When it was done, as far as the table tells: else when it was due, for nothing is done later than it is entered."""
    said = row.values.get("done", "")
    return min(instant(context, said) if said else due_at, context.at)


def add(context: Context, drafts: Sequence[Task]) -> list[int]:
    many.add_tasks(by=context.by, at=context.at, drafts=drafts)
    return [one.pk for one in drafts]


def is_blank(task: Task, field: str) -> bool:
    """Who has it, when it is due and whether it is done change only when the old table's do."""
    return field in ("company", "contact", "deal", "note") and getattr(task, COLUMNS.get(field, field)) in ("", None)


def amend(context: Context, task: Task, row: Row, fields: set[str]) -> set[str]:
    """A newer table may name another owner or date, or say that it is done: it is done as of the import then."""
    people = of(context, People)
    owner = people.owner(context, row.values["owner"]) if "owner" in fields else people.of_pk(task.owner_id)
    status = _status(context, row) if {"status", "done"} & fields else task.status
    due = (task.due_at, task.due_has_time)
    if "due" in fields:
        due = _due(context, row, owner, status)
    changes = _words(context, row, fields, status)
    changes |= {"owner": owner, "status": status, "due_at": due[0], "due_has_time": due[1]}
    if {"company", "contact", "deal"} & fields:
        changes |= {name: one for name, one in naming.links(context, row).items() if one is not None}
    return many.amend(task, by=context.by, home=context.home, changes=changes, former=people.former | {task.owner_id})


def save(context: Context, tasks: Sequence[Task], changed: set[str]) -> None:
    many.save(by=context.by, at=context.at, records=tasks, names=changed)


LOADER = Loader(
    kind="tasks",
    record_type="task",
    model=Task,
    identify=identify,
    find=find,
    draft=draft,
    add=add,
    is_blank=is_blank,
    amend=amend,
    save=save,
    prepare=prepare,
)
