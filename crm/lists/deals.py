"""The list of deals."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import formats
from accounts.models import User
from accounts.permissions import Permission
from crm.deal_cards import step_of
from crm.links import url
from crm.lists import cells, columns, custom
from crm.lists.filters import Asker, Rows, choices, record, text, toggle
from crm.lists.pages import Column, ListPage, View, register
from crm.lists.spans import amount, days
from crm.models import Company, Deal, DealStatus, LossReason, Source, Stage, Tag, Task


def show(row: Any, asker: Asker) -> dict[str, Any]:
    stage, owner = row["stage__name"], row["owner__full_name"]
    return {
        "name": row["title"],
        "url": url("crm:deal", row["id"]),
        "sub": row["company__name"] or "",
        "phone_line": f"{stage} · {owner}",
    }


def _stage() -> Column:
    """Where it stands, and for how many days; red once it is cold."""

    def draw(row: Any, asker: Asker) -> cells.Cell:
        days_there = (asker.at - row["stage_since"]).days
        is_open = row["status"] == DealStatus.OPEN
        said = _("%(days)s d") % {"days": max(days_there, 0)} if is_open else ""
        cold = is_open and days_there > row["stage__cold_after_days"]
        return cells.stage(row["stage__name"], row["stage__colour"], said, cold)

    return Column(
        key="stage", label=_("Stage"), classes="is-secondary", draw=draw,
        reads=("stage__colour", "stage__cold_after_days", "stage_since", "status"), plain=lambda row, asker: row["stage__name"],
    )  # fmt: skip


def _step() -> Column:
    """The next task, or the outcome."""

    def adds(asker: Asker) -> dict[str, Any]:
        steps = Task.objects.open().filter(deal=OuterRef("pk")).order_by("due_at", "pk")
        return {"next_task": Subquery(steps.values(facts=JSONObject(timed="due_has_time", title="title"))[:1])}

    def draw(row: Any, asker: Asker) -> cells.Cell:
        task = row["next_task"] or {}
        return cells.step(
            step_of({**row, "step_title": task.get("title"), "step_has_time": task.get("timed")}, asker.at)
        )

    return Column(
        key="step", label=_("Next step"), field="next_task_due", sort="next_task_due", nullable=True, adds=adds, draw=draw,
        reads=("next_task_due", "status", "closed_at"), plain=lambda row, asker: (row["next_task"] or {}).get("title"),
    )  # fmt: skip


def _company() -> Column:
    """The client; a link where the asker sees it."""

    def adds(asker: Asker) -> dict[str, Any]:
        seen = Company.objects.visible_to(asker.user).filter(pk=OuterRef("company"))
        return {"client_id": Subquery(seen.values("pk")[:1])}

    def draw(row: Any, asker: Asker) -> cells.Cell:
        return cells.text(row["company__name"], url("crm:company", row["client_id"]) if row["client_id"] else "")

    return Column(
        key="company", label=_("Company"), adds=adds, draw=draw, standard=False, classes="is-secondary", inline="company",
        plain=lambda row, asker: row["company__name"],
    )  # fmt: skip


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
        reads=("id", "title", "company__name", "stage__name", "owner__full_name"),
        columns=[
            Column(key="title", label=_("Deal"), sort="folded", plain=lambda row, asker: row["title"]),
            _stage(),
            columns.amount("amount", _("Amount"), "amount_minor", sort="amount_minor", descending=True, nullable=True, standard=True, classes="u-num", inline="amount_minor"),
            _step(),
            columns.day("close", _("Expected close"), "expected_close", sort="expected_close", nullable=True, standard=True, classes="is-tertiary u-nowrap", inline="expected_close"),
            columns.owner(),
            columns.moment("changed", _("Changed"), "changed_at", sort="changed_at", descending=True, standard=True, classes="is-tertiary u-nowrap u-muted"),
            _company(),
            columns.picked("status", _("Status"), "status", lambda value: DealStatus(value).label),
            columns.picked("loss_reason", _("Reason of the loss"), "loss_reason__name", lambda value: value or ""),
            columns.words("competitor", _("Competitor")),
            columns.tags("deals", inline="tags"),
            columns.moment("opened", _("Opened"), "opened_at"),
            columns.moment("closed", _("Closed"), "closed_at"),
            columns.someone("created_by", _("Added by"), "created_by__full_name"),
            columns.picked("source", _("Source"), "source", lambda value: Source(value).label),
        ],
        filters=[
            record("owner", _("Owner"), User, named_by="full_name", suggest="person", mine=_("Mine"), quick=True),
            choices("status", _("Status"), DealStatus.choices, quick=True),
            toggle("overdue", _("Overdue"), _overdue, field="next_task_due", icon="hourglass"),
            toggle("bare", _("No next step"), _bare, field="next_task_due", icon="alert-triangle"),
            record("stage", _("Stage"), Stage, named_by="name"),
            record("company", _("Company"), Company, named_by="name", suggest="company", empty=True),
            record("tags", _("Tag"), Tag, named_by="name", empty=True),
            amount("amount", _("Amount"), column="amount_minor"),
            days("close", _("Expected close"), column="expected_close", ahead=True, empty=True),
            days("opened", _("Opened"), column="opened_at"),
            days("closed", _("Closed"), column="closed_at"),
            record("loss_reason", _("Reason of the loss"), LossReason, named_by="name"),
            text("competitor", _("Competitor")),
        ],
        views=[
            View(_("All")),
            View(_("Open"), "status=open"),
            View(_("My open"), "owner=me&status=open"),
            View(_("Won"), "status=won"),
            View(_("Lost"), "status=lost"),
        ],
        extra_columns=partial(custom.columns, "deal"),
        extra_filters=partial(custom.filters, "deal"),
        show=show,
        counted=lambda n: ngettext("%(n)s deal", "%(n)s deals", n) % {"n": formats.number(n)},
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
        bulk="deal",
    )
)  # fmt: skip
