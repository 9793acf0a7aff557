"""What the page of an undo shows: how much goes, and what stays and why, with the way to each record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from accounts.permissions import Permission
from accounts.policy import holds
from crm.models import Activity, Company, Contact, CustomField, Deal, LossReason, Product, Purchase, Stage, Task
from migrations_data.models import Import, ImportRow
from migrations_data.undoing.made import IN_ORDER
from migrations_data.undoing.plan import Plan, Stay

LISTED = 100
KINDS: dict[str, tuple[Any, str]] = {
    "company": (_("Companies"), "building"),
    "contact": (_("Contacts"), "users"),
    "deal": (_("Deals"), "target"),
    "task": (_("Tasks"), "checklist"),
    "activity": (_("Activities"), "phone"),
    "purchase": (_("Purchases"), "receipt"),
    "product": (_("Products"), "package"),
    "stage": (_("Stages"), "layout-kanban"),
    "reason": (_("Reasons of a loss"), "list"),
    "field": (_("Own fields"), "forms"),
    "user": (_("People"), "user"),
    "team": (_("Teams"), "users-group"),
}
CLIENTS: dict[str, tuple[Any, Permission, str]] = {
    "company": (Company, Permission.COMPANY_VIEW, "crm:company"),
    "contact": (Contact, Permission.CONTACT_VIEW, "crm:contact"),
    "deal": (Deal, Permission.DEAL_VIEW, "crm:deal"),
    "task": (Task, Permission.TASK_VIEW, ""),
    "activity": (Activity, Permission.ACTIVITY_VIEW, ""),
    "purchase": (Purchase, Permission.PURCHASE_VIEW, "crm:purchase"),
}
LISTS: dict[str, Any] = {
    "product": Product, "stage": Stage, "reason": LossReason, "field": CustomField, "user": User, "team": Team,
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A kind of record: how many go, how many stay."""

    label: Any
    icon: str
    goes: int
    stays: int


@dataclass(frozen=True)
class Left:
    """A record that stays. Who may not see it reads what its row says of it."""

    label: Any
    name: str
    href: str
    row: str
    reason: Any


def lines(plan: Plan) -> list[Line]:
    """The kinds of record that the import made, clients first."""
    stays = Counter(stay.kind for stay in plan.listed)
    found = (Line(*KINDS[kind], plan.goes.get(kind, 0), stays[kind]) for kind in KINDS)
    return [line for line in found if line.goes or line.stays]


def left(of: Import, plan: Plan, user: User) -> list[Left]:
    """The first of those that stay, what hangs on others last."""
    places = {kind: place for place, kind in enumerate(reversed(IN_ORDER))}
    listed = sorted(plan.listed, key=lambda stay: (-places[stay.kind], stay.record))[:LISTED]
    names = _names(listed, user)
    rows = _rows(of, listed)
    return [_left(stay, names.get((stay.kind, stay.record), ("", "")), rows) for stay in listed]


def _left(stay: Stay, named: tuple[str, str], rows: dict[tuple[str, int], tuple[str, str]]) -> Left:
    said, place = rows.get((stay.kind, stay.record), ("", ""))
    name, href = named
    return Left(KINDS[stay.kind][0], name or said or f"#{stay.record}", href, place, stay.words)


def _names(listed: Sequence[Stay], user: User) -> dict[tuple[str, int], tuple[str, str]]:
    """Name and address of what the person may see: one statement a kind."""
    found: dict[tuple[str, int], tuple[str, str]] = {}
    for kind in {stay.kind for stay in listed}:
        ids = [stay.record for stay in listed if stay.kind == kind]
        if kind in CLIENTS:
            model, permission, url = CLIENTS[kind]
            seen = model.objects.visible_to(user).filter(pk__in=ids) if holds(user, permission) else ()
            for one in seen:
                found[kind, one.pk] = (str(one), reverse(url, args=[one.pk]) if url else "")
        else:
            for one in LISTS[kind]._base_manager.filter(pk__in=ids):
                found[kind, one.pk] = (str(one), "")
    return found


def _rows(of: Import, listed: Sequence[Stay]) -> dict[tuple[str, int], tuple[str, str]]:
    """What the rows of the import call these records, and where those rows are: one statement."""
    ids = {stay.record for stay in listed}
    rows = ImportRow.objects.filter(sheet__file__of_import=of, record_id__in=ids).order_by("-pk")
    found: dict[tuple[str, int], tuple[str, str]] = {}
    for kind, pk, values, sheet, number in rows.values_list(
        "record_type", "record_id", "values", "sheet__name", "number"
    ):
        said = (values or {}).get("name") or (values or {}).get("title") or ""
        found[kind, pk or 0] = (str(said), f"{sheet} {number}")
    return found
