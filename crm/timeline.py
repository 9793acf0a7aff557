"""What happened with a client, newest first, a page at a time, ready to draw."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import formats
from accounts.permissions import Permission
from accounts.policy import holds, scope
from crm.lists.keyset import Cursor, Order
from crm.may import may
from crm.models import NOT_TALKED, Activity, ActivityKind, ActivityResult, Contact, Deal

PAGE = 30
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
    kind: str
    days: list[Day]
    more: str
    latest: datetime | None

    @property
    def url(self) -> str:
        return reverse("crm:timeline", args=[self.noun, self.pk])

    @property
    def filters(self) -> list[dict[str, Any]]:
        """The kinds that the timeline can be narrowed to, for components like segments."""
        words = {
            "": _("All"), ActivityKind.CALL: _("Calls"), ActivityKind.MEETING: _("Meetings"), ActivityKind.EMAIL: _("E-mails"),
            ActivityKind.MESSAGE: _("Messages"), ActivityKind.NOTE: _("Notes"),
        }  # fmt: skip
        return [
            {"label": label, "href": f"{self.url}?kind={kind}" if kind else self.url, "current": kind == self.kind}
            for kind, label in words.items()
        ]


def read(
    *,
    noun: str,
    pk: int,
    user: Any,
    at: datetime,
    kind: str = "",
    after: str = "",
    begun: date | None = None,
    new: int = 0,
) -> Timeline:
    """One statement. `after` is the cursor of the page before and `begun` the day it ended in; the entry `new` is marked."""
    kind = kind if kind in ActivityKind.values else ""
    rows = on_seen(user)
    cursor = Cursor.read(after, ORDER, rows, backwards=False) if after else None
    if kind:
        rows = rows.filter(kind=kind)
    if cursor:
        rows = rows.filter(ORDER.beyond(cursor.value, cursor.pk))
    found = list(_page_of(rows, noun, pk, user))
    last = found[PAGE - 1] if len(found) > PAGE else None
    days = list(_days(found[:PAGE], begun, at, new))
    more = ""
    if last:
        place = Cursor(last["occurred_at"], last["pk"])
        day = timezone.localtime(last["occurred_at"]).date()
        more = f"{reverse('crm:timeline', args=[noun, pk])}?kind={kind}&after={place}&begun={day.isoformat()}"
    latest = found[0]["occurred_at"] if found and not kind and not cursor else None
    return Timeline(noun, pk, kind, days, more, latest)


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
    contact = Contact.objects.visible_to(user).filter(pk=OuterRef("contact")).values("name")[:1]
    deal = Deal.objects.visible_to(user).filter(pk=OuterRef("deal")).values("title")[:1]
    return rows.annotate(
        contact_name=Subquery(contact), deal_title=Subquery(deal), may_edit=may(user, Permission.ACTIVITY_EDIT)
    ).values(
        "pk", "kind", "direction", "occurred_at", "seconds", "result", "note", "performed_by__full_name", "contact_id",
        "contact_name", "deal_id", "deal_title", "may_edit",
    )  # fmt: skip


def _days(found: list[dict[str, Any]], begun: date | None, at: datetime, new: int) -> Iterable[Day]:
    today = timezone.localtime(at).date()
    for day, rows in groupby(found, key=lambda row: timezone.localtime(row["occurred_at"]).date()):
        label = "" if day == begun else formats.day(day, today)
        yield Day(label, [entry(row, is_new=row["pk"] == new) for row in rows])


def entry(row: dict[str, Any], *, is_new: bool = False) -> dict[str, Any]:
    """An activity as components/timeline_entry.html draws it."""
    missed = row["result"] in NOT_TALKED
    icon = MISSED_ICONS.get(row["kind"]) if missed else None
    return {
        "id": f"activity-{row['pk']}",
        "pk": row["pk"],
        "icon": icon or ICONS[row["kind"]],
        "tone": _tone(row["kind"], row["result"]),
        "title": _title(row),
        "text": row["note"],
        "at": row["occurred_at"],
        "who": row["performed_by__full_name"],
        "contact": row["contact_name"] or "",
        "contact_id": row["contact_id"],
        "deal": row["deal_title"] or "",
        "deal_id": row["deal_id"],
        "may_edit": row["may_edit"],
        "is_new": is_new,
    }


def _tone(kind: str, result: str) -> str:
    if result == ActivityResult.WRONG_NUMBER or result == ActivityResult.REFUSED:
        return "bad"
    if result in NOT_TALKED:
        return "watch"
    return "good" if kind in (ActivityKind.CALL, ActivityKind.MEETING) else "none"


def _title(row: dict[str, Any]) -> str:
    """ "Call · no answer", "Incoming call · 10 min"."""
    incoming = row["direction"] == "in" and row["kind"] != ActivityKind.NOTE and row["kind"] != ActivityKind.MEETING
    kind = str(ActivityKind(row["kind"]).label)
    parts = [_("Incoming %(kind)s") % {"kind": kind.lower()} if incoming else kind]
    if row["result"] and row["result"] != ActivityResult.REACHED:
        parts.append(str(ActivityResult(row["result"]).label).lower())
    if row["seconds"]:
        parts.append(formats.duration(max(1, round(row["seconds"] / 60))))
    return " · ".join(parts)
