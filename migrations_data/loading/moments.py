"""Days and times of tables as instants."""

from __future__ import annotations

from datetime import date, datetime

from crm.when import wall
from migrations_data.loading.context import Context


def moment(context: Context, said: str) -> date | datetime:
    """A day as it is; a time by the clock of whoever imports."""
    if "T" not in said:
        return date.fromisoformat(said)
    told = datetime.fromisoformat(said)
    return wall(told.date(), told.time(), context.by.zone)


def instant(context: Context, said: str) -> datetime:
    """The instant that is meant; noon of a day without a time, or now where noon of today is still to come."""
    found = moment(context, said)
    return found if isinstance(found, datetime) else context.instant(said)
