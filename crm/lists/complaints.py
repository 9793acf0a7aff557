"""The list of complaints and returns."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import formats
from accounts.permissions import Permission
from crm.links import url
from crm.lists.business import amount, searching, whose
from crm.lists.filters import Asker, Rows, choices, toggle
from crm.lists.pages import Column, ListPage, View, register
from crm.models import Complaint, ComplaintKind, ComplaintStatus
from crm.standing import ICONS, standing

FIELDS = (
    "id", "kind", "subject", "due_at", "status", "closed_at", "recorded_at", "amount_minor", "currency", "company__name",
    "contact__name", "owner__full_name",
)  # fmt: skip


def read(rows: Rows, asker: Asker) -> Rows:
    return rows.values(*FIELDS)


def show(row: Any, asker: Asker) -> dict[str, Any]:
    return {
        "id": row["id"],
        "url": url("crm:complaint", row["id"]),
        "subject": row["subject"],
        "kind": ComplaintKind(row["kind"]).label,
        "icon": ICONS[row["kind"]],
        "company": row["company__name"],
        "state": standing(row, asker.at),
        "amount": formats.money(row["amount_minor"], row["currency"]),
        "owner": row["owner__full_name"],
        "since": formats.ago(row["recorded_at"], now=asker.at),
    }


def _late(rows: Rows, asker: Asker) -> Rows:
    return rows.filter(status=ComplaintStatus.OPEN, due_at__lt=asker.at)


COMPLAINTS = register(
    ListPage(
        noun="complaints",
        model=Complaint,
        permission=Permission.COMPLAINT_VIEW,
        url_name="crm:complaint-list",
        title=_("Complaints and returns"),
        columns=[
            Column(key="subject", label=_("What is wrong"), plain=lambda row, asker: row["subject"]),
            Column(key="kind", label=_("Kind"), classes="is-tertiary", plain=lambda row, asker: str(ComplaintKind(row["kind"]).label)),
            Column(key="state", label=_("Answer by"), field="due_at", sort="due_at", plain=lambda row, asker: row["due_at"]),
            Column(key="amount", label=_("Amount"), field="amount_minor", sort="amount_minor", descending=True, nullable=True, classes="u-num is-secondary", money=True, plain=amount),
            Column(key="owner", label=_("Who looks after it"), classes="is-secondary", plain=lambda row, asker: row["owner__full_name"]),
            Column(key="since", label=_("Since"), field="recorded_at", sort="recorded_at", descending=True, classes="is-tertiary", plain=lambda row, asker: row["recorded_at"]),
        ],
        also_out=[
            Column(key="status", label=_("State"), plain=lambda row, asker: str(ComplaintStatus(row["status"]).label)),
            Column(key="closed", label=_("Closed"), field="closed_at", plain=lambda row, asker: row["closed_at"]),
            Column(key="company", label=_("Client"), plain=lambda row, asker: row["company__name"]),
            Column(key="contact", label=_("Contact"), plain=lambda row, asker: row["contact__name"]),
        ],
        filters=[
            choices("status", _("State"), ComplaintStatus.choices, quick=True),
            choices("kind", _("Kind"), ComplaintKind.choices),
            *whose(),
            toggle("late", _("Late"), _late, field="due_at", icon="hourglass"),
        ],
        views=[
            View(_("All")),
            View(_("Open"), "status=open"),
            View(_("Late"), "late=1"),
            View(_("My open"), "status=open&owner=me"),
            View(_("Returns"), "kind=return"),
        ],
        read=read,
        show=show,
        counted=lambda n: ngettext("%(n)s complaint", "%(n)s complaints", n) % {"n": formats.number(n)},
        row_template="crm/complaints/_row.html",
        sort="since",
        search=searching("subject__icontains"),
        search_label=_("Client, or what is wrong"),
        empty={
            "icon": "mood-smile",
            "title": _("Nobody complains."),
            "text": _("Take the next one down at once: its owner is told and has a task to answer it."),
            "praise": True,
            "url_name": "crm:complaint-new",
            "permission": Permission.COMPLAINT_EDIT,
            "action": _("New complaint"),
        },
        template="crm/complaints/list.html",
    )
)  # fmt: skip
