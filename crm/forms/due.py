"""A time that an address proposes for something new: an hour of the day's plan, a free place in the calendar."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from crm.forms.next_step import OWN


def proposed(text: str) -> dict[str, Any]:
    """The initial values of a DueForm for "2026-11-22T10:00" or "2026-11-22", wall times of the reader; none for anything else."""
    try:
        if len(text) == len("2026-11-22"):
            return {"due_when": OWN, "due_date": date.fromisoformat(text)}
        moment = datetime.fromisoformat(text[:16])
    except ValueError:
        return {}
    return {"due_when": OWN, "due_date": moment.date(), "due_time": moment.time()}
