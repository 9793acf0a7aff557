"""Which letters go out now: decided as they go, from what people chose, their quiet hours, and three letters a day.

What may not go is put off and `held`. The next letter of a person that is a digest, or was held itself, takes along all that he
has waiting, and counts as one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from notifications import kinds
from notifications.models import AlertSetting, Delivery, DeliveryStatus
from notifications.quiet import Quiet

MOST_A_DAY = 3
A_DAY = timedelta(hours=26)
"""The longest local day, with some room."""
LOCK = 7_214_810
"""With a person's key: while his letters of a day are counted."""


@dataclass
class Parcel:
    """A letter and what travels with it."""

    letter: Delivery
    along: list[Delivery] = field(default_factory=list)


def sort(found: Sequence[Delivery], at: datetime) -> list[Parcel]:
    """The letters among these claimed rows that go out now. The others are marked as put off or withdrawn, for the caller to save.

    Called in the transaction that claims them. Takes a lock per person, so that two relays never count past each other.
    """
    always = kinds.important()
    ordinary = [one for one in found if one.message.kind not in always]
    parcels = [Parcel(one) for one in found if one.message.kind in always]
    if not ordinary:
        return parcels
    people = {one.message.recipient_id: one.message.recipient for one in ordinary}
    _lock(people)
    quiet = Quiet(people.values(), at)
    wanted = _without_unwanted(ordinary, at)
    awake = [one for one in wanted if not _put_off(one, quiet, quiet.holds(one.message.recipient_id))]
    timed = kinds.timed()
    parcels += [Parcel(one) for one in awake if one.message.kind in timed]
    used = _used_up(people, quiet)
    for parcel in _bundled([one for one in awake if one.message.kind not in timed]):
        person_id = parcel.letter.message.recipient_id
        used[person_id] += 1
        if used[person_id] > MOST_A_DAY:
            for one in (parcel.letter, *parcel.along):
                _put_off(one, quiet, True, after_today=True)
        else:
            parcels.append(parcel)
    _take_along(parcels, at)
    return parcels


def _lock(people: Iterable[int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, p) FROM unnest(%s::int[]) AS p", [LOCK, sorted(people)])


def _without_unwanted(found: Sequence[Delivery], at: datetime) -> list[Delivery]:
    """What is still of use and wanted; the rest is withdrawn."""
    people = {one.message.recipient_id for one in found}
    refused = set(AlertSetting.objects.filter(user__in=people, email=False).values_list("user_id", "kind"))
    left = []
    for one in found:
        too_late = one.expires_at is not None and one.expires_at <= at
        if too_late or (one.message.recipient_id, one.message.kind) in refused:
            one.status = DeliveryStatus.WITHDRAWN
        else:
            left.append(one)
    return left


def _put_off(one: Delivery, quiet: Quiet, really: bool, *, after_today: bool = False) -> bool:
    """Let a letter wait for the person's next morning, if `really`."""
    if really:
        one.held = True
        one.due_at = quiet.next_morning(one.message.recipient_id, after_today=after_today)
    return really


def _used_up(people: Iterable[int], quiet: Quiet) -> Counter[int]:
    """How many letters people got since their midnight, with those that another relay is about to send."""
    gone_out = Q(status=DeliveryStatus.SENT, sent_at__gte=quiet.at - A_DAY)
    going_out = Q(status=DeliveryStatus.WAITING, claimed_until__gt=quiet.at)
    rows = Delivery.objects.filter(gone_out | going_out, message__recipient__in=list(people), carried_by__isnull=True)
    counted = rows.exclude(message__kind__in=kinds.important() | kinds.timed()).values_list(
        "message__recipient_id", "sent_at"
    )
    return Counter(person for person, sent_at in counted if sent_at is None or sent_at >= quiet.midnight(person))


def _bundled(found: Sequence[Delivery]) -> list[Parcel]:
    """A parcel for each letter; of one person those held before go along with his digest, else with the first of them."""
    carriers: dict[int, Parcel] = {}
    for one in sorted(found, key=lambda one: not kinds.is_digest(one.message.kind)):
        if one.held or kinds.is_digest(one.message.kind):
            carriers.setdefault(one.message.recipient_id, Parcel(one))
    parcels = list(carriers.values())
    for one in found:
        carrier = carriers.get(one.message.recipient_id)
        if carrier is None or (one is not carrier.letter and not one.held):
            parcels.append(Parcel(one))
        elif one is not carrier.letter:
            carrier.along.append(one)
    return parcels


def _takes_along(letter: Delivery) -> bool:
    """Whether what is held travels with this letter."""
    kind = letter.message.kind
    return kinds.is_digest(kind) or (letter.held and kind not in kinds.timed())


def _take_along(parcels: Sequence[Parcel], at: datetime) -> None:
    """Add what else is held for these people, and what went with a letter that is tried again."""
    if not parcels:
        return
    carriers = {parcel.letter.message.recipient_id: parcel for parcel in parcels if _takes_along(parcel.letter)}
    letters = {parcel.letter.pk: parcel for parcel in parcels}
    there = [one.pk for parcel in parcels for one in (parcel.letter, *parcel.along)]
    unwanted = AlertSetting.objects.filter(
        user=OuterRef("message__recipient"), kind=OuterRef("message__kind"), email=False
    )
    more = (
        Delivery.objects.free(at)
        .filter(Q(held=True, carried_by__isnull=True, message__recipient__in=carriers) | Q(carried_by__in=letters))
        .exclude(Q(pk__in=there) | Q(expires_at__lte=at) | Q(message__kind__in=kinds.timed()) | Exists(unwanted))
        .select_related("message__recipient")
        .order_by("pk")
        .select_for_update(skip_locked=True, of=("self",))
    )
    for one in more:
        parcel = letters.get(one.carried_by_id or 0) or carriers[one.message.recipient_id]
        parcel.along.append(one)
    for parcel in parcels:
        for one in parcel.along:
            one.carried_by = parcel.letter
