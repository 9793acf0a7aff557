"""A deal as the board draws it: its card, and the one chip that says what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import formats
from crm import due
from crm.links import url
from crm.models import Deal, DealStatus, Task

WON, LOST = "won", "lost"
COLUMNS = (
    "pk", "title", "stage_id", "owner_id", "amount_minor", "currency", "status", "stage_since", "closed_at", "next_task_due",
    "company__name", "contact_name", "step",
)  # fmt: skip
KNOWN_TO_A_BOARD = ("owner__full_name", "stage__cold_after_days")
"""A board has them once for all its cards; looked up with each card they cost it a fifth more."""


def with_step(deals: QuerySet[Deal], *also: str) -> QuerySet[Deal, dict[str, Any]]:
    """What a card needs of each deal: its columns, the first contact and the next task, as plain values."""
    first_contact = Deal.contacts.through.objects.filter(deal=OuterRef("pk"), contact__deleted_at__isnull=True)
    next_task = Task.objects.open().filter(deal=OuterRef("pk")).order_by("due_at", "pk")
    return deals.annotate(
        contact_name=Subquery(first_contact.order_by("pk").values("contact__name")[:1]),
        step=Subquery(next_task.values(facts=JSONObject(title="title", timed="due_has_time"))[:1]),
    ).values(*COLUMNS, *also)


def card_of(row: Mapping[str, Any], now: datetime, *, moves: bool) -> dict[str, Any]:
    """A row of `with_step` with the columns KNOWN_TO_A_BOARD as components/deal_card.html draws it; `moves` where the person may move deals."""
    since = row["closed_at"] or row["stage_since"]
    days = (now - since).days
    is_open = row["status"] == DealStatus.OPEN
    return {
        "id": row["pk"],
        "lane": str(row["stage_id"]) if is_open else row["status"],
        "title": row["title"],
        "href": url("crm:deal", row["pk"]),
        "who": " · ".join(name for name in (row["company__name"], row["contact_name"]) if name),
        "amount": formats.money(row["amount_minor"], row["currency"]),
        "days": max(days, 0),
        "cold": is_open and days > row["stage__cold_after_days"],
        "owner": row["owner__full_name"],
        "step": step_of({**row, **next_step(row)}, now),
        "move_url": url("crm:deal-move", row["pk"]) if moves and is_open else "",
    }


def next_step(row: Mapping[str, Any]) -> dict[str, Any]:
    """The next task as `step_of` takes it."""
    task = row["step"] or {}
    return {"step_title": task.get("title"), "step_has_time": task.get("timed")}


def step_of(row: Mapping[str, Any], now: datetime) -> dict[str, str]:
    """What comes next with a deal, for components/step.html."""
    if row["status"] != DealStatus.OPEN:
        told = {"day": formats.when(timezone.localtime(row["closed_at"]).date(), now=now)}
        won = row["status"] == DealStatus.WON
        return {"kind": row["status"], "label": (_("Won %(day)s") if won else _("Lost %(day)s")) % told}
    at, has_time = row["next_task_due"], row["step_has_time"] is not False
    if at is None:
        return {"kind": "none"}
    kind = due.group(at, has_time, now)
    return {
        "kind": kind if kind in (due.LATE, due.TODAY) else due.LATER,
        "label": row["step_title"] or _("Next step"),
        "when": due.words(at, has_time, now, short=True),
    }
