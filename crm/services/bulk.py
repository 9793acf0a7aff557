"""Many activities at once: the rules of one, asked of the whole list in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model

from accounts.models import User
from accounts.permissions import Permission
from accounts.refusals import NotAllowed
from crm.models import Activity, Company, Contact, Deal, Direction, Source, Task
from crm.services.base import KeyTaken, allow, keep_keys
from crm.services.subjects import check_time, with_defaults
from crm.services.text import cleaned

WORDS = ("kind", "result", "note", "direction", "seconds")
LINKS: dict[str, type[Model]] = {"company": Company, "contact": Contact, "deal": Deal, "task": Task}
OTHER = ("occurred_at", "others", "source", "external_id")

Key = tuple[str, str]


def log_many(*, by: User, at: datetime, entries: Sequence[dict[str, Any]]) -> list[Activity]:
    """See `activities.log_many`."""
    allow(by, Permission.ACTIVITY_ADD)
    for entry in entries:
        unknown = sorted(set(entry) - {*WORDS, *LINKS, *OTHER})
        if unknown:
            raise TypeError(f"An entry takes no {', '.join(unknown)}")
        check_time(entry["occurred_at"], at)
    there = _known(by, entries)
    fresh: dict[Any, tuple[Activity, list[Contact]]] = {}
    for place, entry in enumerate(entries):
        key = _key(entry)
        if key not in there:
            fresh.setdefault(key or place, (_activity(entry, by), list(entry.get("others", ()))))
    _check_reach(by, [one for one, _others in fresh.values()], [people for _one, people in fresh.values()])
    Activity.objects.bulk_create([one for one, _others in fresh.values()])
    with_others = Activity.others.through
    with_others.objects.bulk_create(
        with_others(activity_id=one.pk, contact_id=person.pk) for one, people in fresh.values() for person in people
    )
    return [there.get(_key(entry)) or fresh[_key(entry) or place][0] for place, entry in enumerate(entries)]


def _activity(entry: dict[str, Any], by: User) -> Activity:
    words = cleaned(Activity, {"direction": Direction.OUT, **{name: entry[name] for name in WORDS if name in entry}})
    return Activity(
        occurred_at=entry["occurred_at"],
        performed_by=by,
        source=entry.get("source", Source.MANUAL),
        external_id=entry.get("external_id", ""),
        created_by=by,
        changed_by=by,
        **words,
        **with_defaults({name: entry.get(name) for name in LINKS}),
    )


def _key(entry: dict[str, Any]) -> Key | None:
    external_id = entry.get("external_id", "")
    return (entry.get("source", Source.MANUAL), external_id) if external_id else None


def _known(by: User, entries: Sequence[dict[str, Any]]) -> dict[Key | None, Activity]:
    """What is there already under the entries' keys; one bulk at a time, so that two cannot enter the same event."""
    keys = {key for key in map(_key, entries) if key}
    if not keys:
        return {}
    keep_keys(Activity)
    rows = Activity.objects.filter(external_id__in={external_id for _source, external_id in keys})
    found: dict[Key | None, Activity] = {(row.source, row.external_id): row for row in rows}
    found = {key: row for key, row in found.items() if key in keys}
    seen = set(
        Activity.objects.visible_to(by).filter(pk__in=[row.pk for row in found.values()]).values_list("pk", flat=True)
    )
    if len(seen) != len(found):
        raise KeyTaken
    return found


def _check_reach(by: User, activities: Sequence[Activity], others: Sequence[Sequence[Contact]]) -> None:
    """Raise NotAllowed when any record named is beyond `by`'s reach: one statement a noun. What comes with his task he may name."""
    asked: dict[str, set[int]] = {name: set() for name in LINKS}
    asked["contact"] |= {person.pk for people in others for person in people}
    for activity in activities:
        through: Any = activity.task
        for name in LINKS:
            pk = getattr(activity, f"{name}_id")
            if pk is not None and not (name != "task" and through is not None and getattr(through, f"{name}_id") == pk):
                asked[name].add(pk)
        if activity.company_id in _implied(activity):
            asked["company"].discard(activity.company_id or 0)
    for name, keys in asked.items():
        model: Any = LINKS[name]
        if keys and model.objects.visible_to(by).filter(pk__in=keys).count() != len(keys):
            raise NotAllowed


def _implied(activity: Activity) -> set[int | None]:
    """Companies that followed from the contact or the deal."""
    return {one.company_id for one in (activity.contact, activity.deal) if one is not None}
