"""Colleagues named in a note are told, once, if they may see the client; whose name is taken out again is told no more."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.text import Truncator

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import can
from crm import mentions
from crm.models import Activity, Mention
from notifications.services import many, messages

RECORDS = (
    ("contact", Permission.CONTACT_VIEW),
    ("company", Permission.COMPANY_VIEW),
    ("deal", Permission.DEAL_VIEW),
)
LONGEST = 300


def keep(*, activity: Activity, by: User, at: datetime, before: str = "") -> None:
    """Let the mentions of an activity be the colleagues whom its note names; `before` is what the note said until now."""
    if "@" in activity.note or "@" in before:
        _keep(activity, by, at)


@transaction.atomic
def _keep(activity: Activity, by: User, at: datetime) -> None:
    named = {person.pk: person for person in mentions.named_in(activity.note) if person.pk != by.pk}
    there = set(Mention.objects.filter(activity=activity).values_list("user", flat=True))
    _forget(activity, there - named.keys(), at)
    for person in (named[pk] for pk in named.keys() - there):
        home = home_for(person, activity)
        if home:
            Mention.objects.create(activity=activity, user=person, by=by, at=at)
            _tell(person, activity, home, by, at)


@transaction.atomic
def forget(*, activity: Activity, at: datetime) -> None:
    """The activity is gone: nobody is led to it any more."""
    _forget(activity, set(Mention.objects.filter(activity=activity).values_list("user", flat=True)), at)


def not_told(activity: Activity) -> list[User]:
    """Who stands in the note of an activity by name and was not told, because he may not see the client."""
    if "@" not in activity.note:
        return []
    told = {*Mention.objects.filter(activity=activity).values_list("user", flat=True), activity.performed_by_id}
    return [person for person in mentions.named_in(activity.note) if person.pk not in told]


def home_for(person: User, activity: Activity) -> str:
    """The page of the client or the deal on which somebody finds an activity; empty for who may see none of them."""
    for noun, permission in RECORDS:
        record: Any = getattr(activity, noun)
        if record is not None and record.deleted_at is None and can(person, permission, record):
            return f"{reverse(f'crm:{noun}', args=[record.pk])}#activity-{activity.pk}"
    return ""


def _tell(person: User, activity: Activity, home: str, by: User, at: datetime) -> None:
    about = activity.contact or activity.company or activity.deal
    note = Truncator(activity.note).chars(LONGEST)
    messages.tell(
        recipient=person, kind="mentioned", key=f"mention:{activity.pk}", at=at, url=home,
        context={"by": by.full_name, "client": str(about), "note": note},
    )  # fmt: skip


def _forget(activity: Activity, people: set[int], at: datetime) -> None:
    if people:
        Mention.objects.filter(activity=activity, user__in=people).delete()
        many.withdraw_many(told={(pk, f"mention:{activity.pk}") for pk in people}, at=at)
