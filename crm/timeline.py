"""What happened with a client, newest first, a page at a time, ready to draw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import formats
from accounts.permissions import Permission
from accounts.policy import holds, scope
from crm import mentions, timeline_names
from crm.lists.keyset import Cursor, Order
from crm.may import may
from crm.models import NOT_TALKED, Activity, ActivityKind, ActivityResult

PAGE = 20
ORDER = Order("occurred_at", descending=True)
NOUNS = ("company", "contact", "deal")
ICONS = {
    ActivityKind.CALL: "phone",
    ActivityKind.MEETING: "users",
    ActivityKind.EMAIL: "mail",
    ActivityKind.MESSAGE: "message",
    ActivityKind.NOTE: "note",
}
MISSED_ICONS = {ActivityKind.CALL: "phone-off", ActivityKind.MEETING: "calendar-off"}
KINDS = (
    ("", gettext_lazy("All")),
    (ActivityKind.CALL, gettext_lazy("Calls")),
    (ActivityKind.MEETING, gettext_lazy("Meetings")),
    (ActivityKind.EMAIL, gettext_lazy("E-mails")),
    (ActivityKind.MESSAGE, gettext_lazy("Messages")),
    (ActivityKind.NOTE, gettext_lazy("Notes")),
)
PERIODS: Mapping[str, tuple[Any, int]] = {
    "week": (gettext_lazy("Last 7 days"), 7),
    "month": (gettext_lazy("Last 30 days"), 30),
    "quarter": (gettext_lazy("Last 90 days"), 90),
    "year": (gettext_lazy("Last 12 months"), 365),
    "older": (gettext_lazy("Before that"), 365),
}


@dataclass(frozen=True)
class Narrowed:
    """What of a timeline is asked for, by the names that it has in addresses: `what` kind, done `by` whom, in which `period`."""

    what: str = ""
    by: int | None = None
    period: str = ""

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Narrowed:
        """From an address or a form; anything unknown narrows nothing."""
        what, by, period = (str(data.get(name, "")) for name in ("what", "by", "period"))
        return cls(
            what=what if what in ActivityKind.values else "",
            by=int(by) if by.isascii() and by.isdigit() and len(by) < 19 else None,
            period=period if period in PERIODS else "",
        )

    def __bool__(self) -> bool:
        return bool(self.what or self.by or self.period)

    @property
    def query(self) -> str:
        """As it stands in an address."""
        asked = {"what": self.what, "by": self.by, "period": self.period}
        return urlencode({name: value for name, value in asked.items() if value})

    def of(self, rows: QuerySet[Activity], at: datetime) -> QuerySet[Activity]:
        if self.what:
            rows = rows.filter(kind=self.what)
        if self.by:
            rows = rows.filter(performed_by=self.by)
        if self.period:
            first = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
            first -= timedelta(days=PERIODS[self.period][1] - 1)
            rows = rows.filter(**{"occurred_at__lt" if self.period == "older" else "occurred_at__gte": first})
        return rows


EVERYTHING = Narrowed()


@dataclass(frozen=True)
class Day:
    """The entries of one local day; `label` is empty when the day began on the page before."""

    label: str
    entries: list[dict[str, Any]]


@dataclass(frozen=True)
class Timeline:
    """One page: its days, and the address of the next page ("" at the beginning of the history)."""

    noun: str
    pk: int
    narrowed: Narrowed
    days: list[Day]
    more: str

    @property
    def url(self) -> str:
        return reverse("crm:timeline", args=[self.noun, self.pk])

    @property
    def home(self) -> str:
        """The page that the timeline stands on."""
        return reverse(f"crm:{self.noun}", args=[self.pk])

    @property
    def kinds(self) -> list[tuple[str, Any]]:
        return [(str(kind), label) for kind, label in KINDS]

    @property
    def periods(self) -> list[tuple[str, Any]]:
        return [(key, label) for key, (label, _days) in PERIODS.items()]


def read(
    *,
    noun: str,
    pk: int,
    user: Any,
    at: datetime,
    narrowed: Narrowed = EVERYTHING,
    after: str = "",
    begun: date | None = None,
    new: int = 0,
) -> Timeline:
    """Two statements. `after` is the cursor of the page before and `begun` the day it ended in; the entry `new` is marked."""
    rows = on_seen(user)
    cursor = Cursor.read(after, ORDER, rows, backwards=False) if after else None
    rows = narrowed.of(rows, at)
    if cursor:
        rows = rows.filter(ORDER.beyond(cursor.value, cursor.pk))
    found = list(_page_of(rows, noun, pk, user))
    last = found[PAGE - 1] if len(found) > PAGE else None
    shown = found[:PAGE]
    names = timeline_names.read(shown, noun=noun, user=user)
    days = list(_days(shown, names, begun, at, new))
    more = ""
    if last:
        day = timezone.localtime(last["occurred_at"]).date()
        place = {"after": Cursor(last["occurred_at"], last["pk"]), "begun": day.isoformat()}
        asked = "&".join(filter(None, [narrowed.query, urlencode(place)]))
        more = f"{reverse('crm:timeline', args=[noun, pk])}?{asked}"
    return Timeline(noun, pk, narrowed, days, more)


def on_seen(user: Any) -> QuerySet[Activity]:
    """Activities for whoever sees the record they hang on, which the caller makes sure of by naming that record.

    Exactly what `visible_to` gives there, since the policy reaches activities through their records; but without looking
    through all the records that somebody has.
    """
    return Activity.objects.live() if holds(user, Permission.ACTIVITY_VIEW) else Activity.objects.none()


def _page_of(rows: QuerySet[Activity], noun: str, pk: int, user: Any) -> Iterable[dict[str, Any]]:
    """One row more than a page. A contact was there as the one called or among the others: two index scans, put together."""
    own = ORDER.of(_told(rows.filter(**{noun: pk}), user))[: PAGE + 1]
    if noun != "contact":
        return own
    beside = rows.filter(
        scope(user, Permission.ACTIVITY_VIEW),
        pk__in=Activity.others.through.objects.filter(contact=pk).values("activity"),
    )
    return own.union(ORDER.of(_told(beside, user))[: PAGE + 1]).order_by("-occurred_at", "-pk")[: PAGE + 1]


def _told(rows: QuerySet[Activity], user: Any) -> QuerySet[Any, Any]:
    return rows.annotate(may_edit=may(user, Permission.ACTIVITY_EDIT)).values(
        "pk", "kind", "direction", "occurred_at", "seconds", "result", "note", "performed_by_id", "contact_id", "deal_id", "may_edit",
    )  # fmt: skip


def _days(
    found: Sequence[dict[str, Any]], names: timeline_names.Names, begun: date | None, at: datetime, new: int
) -> Iterable[Day]:
    today = timezone.localtime(at).date()
    for day, rows in groupby(found, key=lambda row: timezone.localtime(row["occurred_at"]).date()):
        label = "" if day == begun else formats.day(day, today)
        yield Day(label, [entry(row, names, is_new=row["pk"] == new) for row in rows])


def entry(row: Mapping[str, Any], names: timeline_names.Names, *, is_new: bool = False) -> dict[str, Any]:
    """An activity as crm/timeline/_entry.html draws it."""
    return {
        **looks(row),
        "id": f"activity-{row['pk']}",
        "pk": row["pk"],
        "text": mentions.marked(row["note"], names.mentioned(row["pk"])),
        "who": names.person(row["performed_by_id"]),
        "contact": names.contact(row["contact_id"]),
        "contact_id": row["contact_id"],
        "deal": names.deal(row["deal_id"]),
        "deal_id": row["deal_id"],
        "may_edit": row["may_edit"],
        "is_new": is_new,
    }


def looks(row: Mapping[str, Any]) -> dict[str, Any]:
    """How an activity looks wherever it is told: icon, tone, title, time."""
    missed = MISSED_ICONS.get(row["kind"]) if row["result"] in NOT_TALKED else None
    return {
        "icon": missed or ICONS[row["kind"]],
        "tone": _tone(row["kind"], row["result"]),
        "title": _title(row),
        "at": row["occurred_at"],
    }


def _tone(kind: str, result: str) -> str:
    if result == ActivityResult.WRONG_NUMBER or result == ActivityResult.REFUSED:
        return "bad"
    if result in NOT_TALKED:
        return "watch"
    return "good" if kind in (ActivityKind.CALL, ActivityKind.MEETING) else "none"


def _title(row: Mapping[str, Any]) -> str:
    """ "Call · no answer", "Incoming call · 10 min"."""
    incoming = row["direction"] == "in" and row["kind"] != ActivityKind.NOTE and row["kind"] != ActivityKind.MEETING
    kind = str(ActivityKind(row["kind"]).label)
    parts = [_("Incoming %(kind)s") % {"kind": kind.lower()} if incoming else kind]
    if row["result"] and row["result"] != ActivityResult.REACHED:
        parts.append(str(ActivityResult(row["result"]).label).lower())
    if row["seconds"]:
        parts.append(formats.duration(max(1, round(row["seconds"] / 60))))
    return " · ".join(parts)
