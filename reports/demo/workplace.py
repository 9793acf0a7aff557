"""What the demo company has set up for its work: fields of its own, and segments with tasks given by one."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import User
from crm.models import CustomKind, Noun
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


def arrange(staff: dict[str, User], *, now: datetime) -> None:
    """Own fields by the coordinator; segments of a head, and a task for each client whose purchases fell."""
    coordinator, head = staff["piotr@daybook.example"], staff["marta@daybook.example"]
    for noun, kind, label, options in FIELDS:
        fields.add(noun=noun, kind=kind, label=label, options=options, in_list=True, by=coordinator, at=now)
    kept = [segments.add(name=name, conditions=given, is_shared=True, by=head, at=now) for name, given in SEGMENTS]
    due = local_day(now, head.zone) + timedelta(days=5)
    mass_assignments.give(segment=kept[0], title="Ask why they buy less", due=due, by=head, at=now)
