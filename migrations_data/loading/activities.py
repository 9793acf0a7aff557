"""Rows of activities: the history of the old system. What lies ahead is no history and belongs into a table of tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crm.models import Activity, Source
from crm.services import many
from crm.services.subjects import AHEAD
from crm.when import local_day
from migrations_data.loading import naming
from migrations_data.loading.context import Context, Loader, Rejected
from migrations_data.loading.kinds import Kinds
from migrations_data.loading.moments import instant
from migrations_data.loading.references import People, of
from migrations_data.loading.rows import Row
from migrations_data.meanings.statuses import result_of

COLUMNS = {"company": "company_id", "contact": "contact_id", "deal": "deal_id"}
FIXED = {"owner", "day", "kind"}
"""Who, when and what kind cannot be changed once recorded."""


def identify(context: Context, row: Row) -> tuple[str, bool]:
    said = row.values
    if "day" not in said:
        raise Rejected("nothing", "day")
    today = local_day(context.at, context.by.zone).isoformat()
    if said["day"][:10] > today or instant(context, said["day"]) > context.at + AHEAD:
        raise Rejected("in_the_future", "day", said["day"].replace("T", " "))
    if "key" in said:
        return context.key(f"activity:{said['key']}"), True
    told = "|".join(str(said.get(name, "")) for name in ("day", "kind", "company", "contact", "deal", "owner", "note"))
    return context.nth(context.key(f"activity:{told}")), False


def prepare(context: Context, rows: Sequence[Row]) -> None:
    naming.prepare(context, rows)
    naming.prepare_deals(context, rows)


def find(context: Context, rows: Sequence[Row]) -> Mapping[int, Activity]:
    locked = Activity._base_manager.select_for_update(of=("self",)).filter(source=Source.IMPORT)
    by_key = {one.external_id: one for one in locked.filter(external_id__in=[row.key for row in rows]).order_by("pk")}
    return {row.pk: by_key[row.key] for row in rows if row.key in by_key}


def draft(context: Context, row: Row) -> Activity:
    said = row.values
    people = of(context, People)
    return many.activity(
        by=context.by,
        at=context.at,
        performed_by=people.owner(context, said.get("owner", "")),
        external_id=row.key,
        occurred_at=instant(context, said["day"]),
        kind=of(context, Kinds).of_activity(said.get("kind", "")),
        former=people.former,
        **_words(context, row),
        **naming.links(context, row),
    )


def _words(context: Context, row: Row) -> dict[str, Any]:
    """Result and note; a result in other words than ours is kept in the note."""
    said = row.values
    result = result_of(said["result"]) if "result" in said else ""
    kept = f"{context.reader.column_of('result')}: {said['result']}" if "result" in said and not result else ""
    if kept:
        context.note("result_noted", "result", was=said["result"])
    return {"result": result, "note": "\n".join(filter(None, (said.get("note", ""), kept)))}


def add(context: Context, drafts: Sequence[Activity]) -> list[int]:
    many.add_activities(by=context.by, at=context.at, drafts=drafts)
    return [one.pk for one in drafts]


def is_blank(activity: Activity, field: str) -> bool:
    return field not in FIXED and getattr(activity, COLUMNS.get(field, field), "") in ("", None)


def amend(context: Context, activity: Activity, row: Row, fields: set[str]) -> set[str]:
    """A newer table may add to what was said. Raises Rejected for another person, day or kind."""
    for name in sorted(FIXED & fields):
        raise Rejected("activity_fixed", name, str(row.values[name]))
    changes = {name: value for name, value in _words(context, row).items() if {"note", "result"} & fields}
    if {"company", "contact", "deal"} & fields:
        changes |= {name: one for name, one in naming.links(context, row).items() if one is not None}
    return many.amend(activity, by=context.by, home=context.home, changes=changes)


def save(context: Context, activities: Sequence[Activity], changed: set[str]) -> None:
    many.save(by=context.by, at=context.at, records=activities, names=changed)


LOADER = Loader(
    kind="activities",
    record_type="activity",
    model=Activity,
    identify=identify,
    find=find,
    draft=draft,
    add=add,
    is_blank=is_blank,
    amend=amend,
    save=save,
    prepare=prepare,
)
