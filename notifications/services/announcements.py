"""Changes of who may do what, read from the trace that accounts keeps, and told to those whom they concern.

Owners hear of every new role and address: with one of them a coordinator could open what he may not see. Whoever was invited
gets the mail with which he chooses his password.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from accounts.models import AccessEvent, EventKind, Role, User
from notifications.models import Message
from notifications.services.messages import tell

LOOK_BACK = timedelta(days=3)  # as long as the timetable may have stood still
OWNERS_HEAR = Q(kind=EventKind.ROLE) | Q(kind=EventKind.EDITED, detail__has_key="email") | (
    Q(kind=EventKind.ADDED) & ~Q(detail__role__1=Role.MANAGER)
)  # fmt: skip


@transaction.atomic
def announce(*, at: datetime) -> int:
    """Tell what has not been told yet; how many messages that made. May run twice or late."""
    made = 0
    for owner in User.objects.active().filter(role=Role.OWNER):
        for event in _untold(at, OWNERS_HEAR, Value(owner.pk)).exclude(by=owner):
            made += _tell_owner(owner, event, at)
    for event in _untold(at, Q(kind=EventKind.INVITED), OuterRef("person")):
        made += _invite(event, at)
    return made


def _untold(at: datetime, which: Q, recipient: Value | OuterRef) -> QuerySet[AccessEvent]:
    key = Concat(Value("access:"), Cast(OuterRef("pk"), CharField()))
    told = Message.objects.filter(recipient=recipient, key=key)
    events = AccessEvent.objects.filter(which, ~Exists(told), at__gte=at - LOOK_BACK, person__isnull=False)
    return events.select_related("person", "by").order_by("pk")


def _tell_owner(owner: User, event: AccessEvent, at: datetime) -> bool:
    facts = {"by": event.by.full_name, "who": str(event.person), **event.detail}
    told = tell(
        recipient=owner,
        kind="access_changed",
        key=f"access:{event.pk}",
        at=at,
        context=facts,
        url=reverse("accounts:people"),
    )
    return told is not None


def _invite(event: AccessEvent, at: datetime) -> bool:
    person = event.person
    if person is None:
        return False
    told = tell(recipient=person, kind="invited", key=f"access:{event.pk}", at=at, context={"by": event.by.full_name})
    return told is not None
