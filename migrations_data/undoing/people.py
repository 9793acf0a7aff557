"""People and teams that an import added. Nobody is ever deleted, because history names them: whoever nothing needs is switched off."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Team, User
from accounts.refusals import Refused
from accounts.services import people
from crm.touched import MODELS, Ours
from migrations_data.models import ImportRow, Outcome

NEEDED, SIGNED_IN, NAMED = "needed", "signed_in", "named"


def stay(keys: Collection[int], *, ours: Ours | None = None) -> dict[int, str]:
    """The people who stay as they are: who has signed in, or still has clients or work."""
    told = {}
    needs = {noun: Exists(_of(noun, ours)) for noun in MODELS if noun != "purchase"}
    rows = User.objects.filter(pk__in=keys).annotate(**{f"has_{noun}": need for noun, need in needs.items()})
    for row in rows.values("pk", "last_login", *(f"has_{noun}" for noun in needs)):
        if row["last_login"] is not None:
            told[row["pk"]] = SIGNED_IN
        elif any(row[f"has_{noun}"] for noun in needs):
            told[row["pk"]] = NEEDED
    return told


def _of(noun: str, ours: Ours | None) -> QuerySet[Any]:
    owner = "performed_by" if noun == "activity" else "owner"
    rows: QuerySet[Any] = MODELS[noun]._base_manager.filter(deleted_at__isnull=True, **{owner: OuterRef("pk")})
    return rows.exclude(ours(noun, "pk")) if ours is not None else rows


def take_out(*, keys: Collection[int], by: User, at: datetime) -> dict[int, str]:
    """Switch people off whom nothing needs any more; the reasons of those who stay."""
    told = stay(keys)
    for person in User.objects.filter(pk__in=keys, is_active=True).exclude(pk__in=told).order_by("pk"):
        try:
            with transaction.atomic():
                people.deactivate(person=person, by=by, at=at, overridden=True)
        except Refused:  # he looks after Daybook by now
            told[person.pk] = NEEDED
    return told


def teams_stay(keys: Collection[int]) -> dict[int, str]:
    """Teams are kept, as people are: with the same table they are found again."""
    there = Team.objects.filter(pk__in=keys).values_list("pk", flat=True)
    return dict.fromkeys(there, NAMED)


def bring_back(found: Mapping[str, User], *, by: User, at: datetime) -> list[int]:
    """Switch on again whom an undone import had added and a table names anew, by the keys of its rows; the keys of the people."""
    off = {key: person for key, person in found.items() if not person.is_active}
    if not off:
        return []
    undone = ImportRow.objects.filter(
        sheet__kind="people", sheet__file__of_import__undone_at__isnull=False, outcome=Outcome.CREATED, key__in=off
    )
    back = [off[key] for key in sorted(set(undone.filter(record_id__isnull=True).values_list("key", flat=True)))]
    for person in back:
        people.activate(person=person, by=by, at=at)
        person.is_active = True
    return [person.pk for person in back]
