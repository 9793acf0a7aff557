"""What the demo company has set up for its work: fields of its own, and segments with tasks given by one."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from accounts.models import User
from crm.models import Activity, ActivityKind, CustomKind, EntryForm, EntryTime, Noun, Source
from crm.services import fields, mass_assignments, segments
from crm.when import local_day

FIELDS: tuple[tuple[Noun, CustomKind, str, list[str]], ...] = (
    (Noun.COMPANY, CustomKind.CHOICE, "Category", ["A", "B", "C"]),
    (Noun.COMPANY, CustomKind.NUMBER, "Size of the fleet", []),
    (Noun.CONTACT, CustomKind.CHOICES, "Languages", ["English", "Polish", "Spanish", "Russian"]),
    (Noun.DEAL, CustomKind.DATE, "Delivery wanted by", []),
)
SEGMENTS = (
    ("Purchases fell by 30 %", [{"key": "fell", "percent": 30, "against": "12_months"}]),
    ("Won this year", [{"key": "won", "period": "this_year"}]),
    ("No contact for 90 days", [{"key": "quiet", "days": 90}]),
    ("Contracts to renew", [{"key": "ending", "days": 30}]),
)


SEED = 40_961
WEEKS = timedelta(weeks=8)


def arrange(staff: dict[str, User], *, now: datetime) -> None:
    """Own fields by the coordinator; segments of a head, and a task for each client whose purchases fell."""
    coordinator, head = staff["piotr@daybook.example"], staff["marta@daybook.example"]
    for noun, kind, label, options in FIELDS:
        fields.add(noun=noun, kind=kind, label=label, options=options, in_list=True, by=coordinator, at=now)
    kept = [segments.add(name=name, conditions=given, is_shared=True, by=head, at=now) for name, given in SEGMENTS]
    _time_entries(now)
    due = local_day(now, head.zone) + timedelta(days=5)
    mass_assignments.give(segment=kept[0], title="Ask why they buy less", due=due, by=head, at=now)


def _time_entries(now: datetime) -> None:
    """How long the entries of the last weeks took: faster from week to week, each person at a pace of his own."""
    rng = Random(SEED)
    rows = Activity.objects.filter(source=Source.MANUAL, recorded_at__gt=now - WEEKS).exclude(kind=ActivityKind.EMAIL)
    entries = [
        _entry(rng, by, saved_at, (now - saved_at) / WEEKS)
        for by, saved_at in rows.order_by("recorded_at", "pk").values_list("performed_by", "recorded_at")
    ]
    EntryTime.objects.bulk_create(entries, batch_size=1000, ignore_conflicts=True)


def _entry(rng: Random, by: int, saved_at: datetime, ago: float) -> EntryTime:
    """`ago` goes from 0, now, to 1, eight weeks ago."""
    seconds = rng.lognormvariate(2.2 + 0.5 * ago + by % 4 * 0.12, 0.5)
    form = rng.choices(list(EntryForm), weights=[5, 2, 2, 4, 0])[0]
    opened_at = saved_at - timedelta(seconds=min(seconds, 600))
    return EntryTime(user_id=by, form=form, opened_at=opened_at, saved_at=saved_at, on_phone=rng.random() < 0.15)
