"""When each job of the timetable last ran. Silence of one is told by the web process, since the timetable itself cannot."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from discipline.models import Heartbeat

ALLOWED = {
    "days to close": timedelta(minutes=30),
    "alerts": timedelta(minutes=10),
    "verification": timedelta(hours=30),
    "figures": timedelta(hours=1),
    "reports by mail": timedelta(minutes=10),
}
"""By job: how long it may be silent."""
LABELS = {
    "days to close": _("looking for days to close"),
    "alerts": _("reminders and digests"),
    "verification": _("the nightly look back"),
    "figures": _("the figures of the screens"),
    "reports by mail": _("reports by mail"),
}


def beat(name: str, *, at: datetime) -> None:
    """Note that a job has run."""
    Heartbeat.objects.update_or_create(name=name, defaults={"beaten_at": at})


def silent(*, now: datetime) -> dict[str, datetime]:
    """Jobs that ran once and have been silent for too long, with the moment of their last run."""
    last = dict(Heartbeat.objects.filter(name__in=ALLOWED).values_list("name", "beaten_at"))
    return {name: at for name, at in last.items() if now - at > ALLOWED[name]}
