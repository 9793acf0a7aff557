"""How a contract or a complaint stands today: a tone, an icon and a word, the same wherever it is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import formats
from crm import due
from crm.models import ComplaintKind, ComplaintStatus, ContractStatus

SOON = 30
"""So many days before its end a contract asks for attention."""
ICONS: dict[str, str] = {ComplaintKind.COMPLAINT: "mood-sad", ComplaintKind.RETURN: "receipt-refund"}

State = dict[str, str]


def on(day: date) -> str:
    """A day of a contract, always with its year: they run over several."""
    return date_format(day, "j M Y")


def state(row: Mapping[str, Any], today: date) -> State:
    """How a contract stands: tone, icon and word; `row` has status, starts_on and ends_on."""
    if row["status"] == ContractStatus.ENDED:
        return {"tone": "none", "icon": "circle-minus", "word": _("Ended")}
    if row["status"] == ContractStatus.RENEWED:
        return {"tone": "good", "icon": "circle-check", "word": _("Renewed")}
    if row["starts_on"] > today:
        return {
            "tone": "info",
            "icon": "clock",
            "word": _("Starts %(day)s") % {"day": on(row["starts_on"])},
        }
    if row["ends_on"] is None:
        return {"tone": "good", "icon": "circle-check", "word": _("Running")}
    left = (row["ends_on"] - today).days
    if left < 0:
        said = ngettext("Lapsed %(n)s day ago", "Lapsed %(n)s days ago", -left) % {"n": formats.number(-left)}
        return {"tone": "bad", "icon": "hourglass", "word": said}
    said = (
        ngettext("%(n)s day left", "%(n)s days left", left) % {"n": formats.number(left)} if left else _("Ends today")
    )
    return (
        {"tone": "watch", "icon": "alert-triangle", "word": said}
        if left <= SOON
        else {"tone": "none", "icon": "clock", "word": said}
    )


def standing(row: Mapping[str, Any], at: datetime) -> State:
    """How a complaint stands: tone, icon and word; `row` has status, due_at and closed_at."""
    if row["status"] == ComplaintStatus.SETTLED:
        return {"tone": "good", "icon": "circle-check", "word": _("Settled")}
    if row["status"] == ComplaintStatus.REFUSED:
        return {"tone": "none", "icon": "circle-x", "word": _("Refused")}
    has_time = timezone.localtime(row["due_at"]).time() != datetime.min.time()
    words = due.words(row["due_at"], has_time, at)
    if row["due_at"] < at:
        return {"tone": "bad", "icon": "hourglass", "word": words}
    soon = due.group(row["due_at"], has_time, at) == due.TODAY
    return {"tone": "watch" if soon else "none", "icon": "clock", "word": words}
