"""The list of deals."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import formats
from accounts.models import User
from accounts.permissions import Permission
from crm.deal_cards import step_of
from crm.links import url
from crm.lists import Asker, Column, ListPage, View, choice, record, toggle
from crm.lists.filters import Rows
from crm.lists.pages import register
from crm.models import Deal, DealStatus, Stage, Task

FIELDS = (
    "id", "title", "amount_minor", "currency", "status", "closed_at", "expected_close", "stage_since", "changed_at", "next_task_due",
    "company__name", "owner__full_name", "stage__name", "stage__colour", "stage__cold_after_days", "step_title", "step_has_time",
)  # fmt: skip


def read(rows: Rows, asker: Asker) -> Rows:
    next_task = Task.objects.open().filter(deal=OuterRef("pk")).order_by("due_at", "pk")
    return rows.annotate(
        step_title=Subquery(next_task.values("title")[:1]), step_has_time=Subquery(next_task.values("due_has_time")[:1])
    ).values(*FIELDS)


def show(row: Any, asker: Asker) -> dict[str, Any]:
    days = (asker.at - row["stage_since"]).days
    is_open = row["status"] == DealStatus.OPEN
    return {
        "id": row["id"],
        "title": row["title"],
        "url": url("crm:deal", row["id"]),
        "company": row["company__name"] or "",
        "owner": row["owner__full_name"],
        "stage": row["stage__name"],
        "colour": row["stage__colour"],
        "days": _("%(days)s d") % {"days": max(days, 0)} if is_open else "",
        "cold": is_open and days > row["stage__cold_after_days"],
        "amount": formats.money(row["amount_minor"], row["currency"]),
        "close": formats.day(row["expected_close"], timezone.localdate(asker.at))
        if row["expected_close"]
        else formats.DASH,
        "step": step_of(row, asker.at),
        "changed": formats.ago(row["changed_at"], now=asker.at),
    }


def _overdue(rows: Rows, asker: Asker) -> Rows:
    return rows.filter(status=DealStatus.OPEN, next_task_due__lt=asker.at)


def _bare(rows: Rows, asker: Asker) -> Rows:
    return rows.filter(status=DealStatus.OPEN, next_task_due__isnull=True)


DEALS = register(
    ListPage(
        noun="deals",
        model=Deal,
        permission=Permission.DEAL_VIEW,
        url_name="crm:deal-list",
        title=_("Deals"),
        columns=[
            Column(key="title", label=_("Deal"), sort="folded"),
            Column(key="stage", label=_("Stage"), sort="stage_since", classes="is-secondary"),
            Column(key="amount", label=_("Amount"), field="amount_minor", sort="amount_minor", descending=True, nullable=True, classes="u-num"),
            Column(key="step", label=_("Next step"), field="next_task_due", sort="next_task_due", nullable=True),
            Column(key="close", label=_("Expected close"), field="expected_close", sort="expected_close", nullable=True, classes="is-tertiary"),
            Column(key="owner", label=_("Owner"), classes="is-secondary"),
            Column(key="changed", label=_("Changed"), field="changed_at", sort="changed_at", descending=True, classes="is-tertiary"),
        ],
        filters=[
            choice("status", _("Any status"), DealStatus.choices, lambda rows, value, asker: rows.filter(status=value)),
            record("stage", _("Any stage"), Stage, named_by="name"),
            record("owner", _("Anyone"), User, named_by="full_name", suggest="person", mine=_("Mine")),
            toggle("overdue", _("Overdue"), _overdue, field="next_task_due", icon="hourglass"),
            toggle("bare", _("No next step"), _bare, field="next_task_due", icon="alert-triangle"),
        ],
        views=[
            View(_("All")),
            View(_("Open"), "status=open"),
            View(_("My open"), "status=open&owner=me"),
            View(_("Won"), "status=won"),
            View(_("Lost"), "status=lost"),
        ],
        read=read,
        show=show,
        counted=lambda n: ngettext("%(n)s deal", "%(n)s deals", n) % {"n": formats.number(n)},
        row_template="crm/deals/_row.html",
        sort="changed",
        search_label=_("Search deals"),
        empty={
            "icon": "currency-euro",
            "title": _("No deals yet"),
            "text": _("Open the first one, with its first step."),
            "url_name": "crm:deal-new",
            "action": _("New deal"),
            "key": "N",
            "permission": Permission.DEAL_ADD,
        },
        template="crm/deals/list.html",
    )
)  # fmt: skip
