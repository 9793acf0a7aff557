"""The list of contracts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import formats
from accounts.permissions import Permission
from crm.links import url
from crm.lists.business import amount, searching, whose
from crm.lists.filters import Asker, Rows, choice, choices, toggle
from crm.lists.pages import Column, ListPage, View, register
from crm.models import Contract, ContractStatus
from crm.standing import on, state

FIELDS = (
    "id", "title", "number", "starts_on", "ends_on", "status", "amount_minor", "currency", "company_id", "company__name",
    "owner__full_name",
)  # fmt: skip
SOON_DAYS = (30, 60, 90)


def read(rows: Rows, asker: Asker) -> Rows:
    return rows.values(*FIELDS)


def show(row: Any, asker: Asker) -> dict[str, Any]:
    today = timezone.localdate(asker.at)
    return {
        "id": row["id"],
        "url": url("crm:contract", row["id"]),
        "title": row["title"],
        "number": row["number"],
        "company": row["company__name"],
        "state": state(row, today),
        "until": on(row["ends_on"]) if row["ends_on"] else _("until further notice"),
        "since": on(row["starts_on"]),
        "amount": formats.money(row["amount_minor"], row["currency"]),
        "owner": row["owner__full_name"],
    }


def _ending(rows: Rows, value: str, asker: Asker) -> Rows:
    today = timezone.localdate(asker.at)
    last = today + timedelta(days=int(value))
    return rows.filter(status=ContractStatus.RUNNING, ends_on__gte=today, ends_on__lte=last)


def _ends_within(n: int) -> str:
    """In the language of whoever reads it, and not of the server."""
    return ngettext("Ends within %(n)s day", "Ends within %(n)s days", n) % {"n": n}


def _lapsed(rows: Rows, asker: Asker) -> Rows:
    return rows.filter(status=ContractStatus.RUNNING, ends_on__lt=timezone.localdate(asker.at))


CONTRACTS = register(
    ListPage(
        noun="contracts",
        model=Contract,
        permission=Permission.CONTRACT_VIEW,
        url_name="crm:contract-list",
        title=_("Contracts"),
        columns=[
            Column(key="title", label=_("Contract"), sort="title", plain=lambda row, asker: row["title"]),
            Column(key="state", label=_("State"), field="ends_on", plain=lambda row, asker: str(ContractStatus(row["status"]).label)),
            Column(key="until", label=_("Until"), field="ends_on", sort="ends_on", nullable=True, classes="is-secondary", plain=lambda row, asker: row["ends_on"]),
            Column(key="amount", label=_("Amount"), field="amount_minor", sort="amount_minor", descending=True, nullable=True, classes="u-num is-secondary", money=True, plain=amount),
            Column(key="owner", label=_("Who looks after it"), classes="is-secondary", plain=lambda row, asker: row["owner__full_name"]),
            Column(key="since", label=_("From"), field="starts_on", sort="starts_on", descending=True, classes="is-tertiary", plain=lambda row, asker: row["starts_on"]),
        ],
        also_out=[
            Column(key="company", label=_("Client"), plain=lambda row, asker: row["company__name"]),
            Column(key="number", label=_("Number"), plain=lambda row, asker: row["number"]),
        ],
        filters=[
            choice(
                "ends", _("Ends"),
                [(str(n), lazy(_ends_within, str)(n)) for n in SOON_DAYS],
                _ending, field="ends_on",
            ),
            choices("status", _("State"), ContractStatus.choices, quick=True),
            *whose(),
            toggle("lapsed", _("Lapsed"), _lapsed, field="ends_on", icon="hourglass"),
        ],
        views=[
            View(_("All")),
            View(_("Running"), "status=running"),
            View(_("Ends within 30 days"), "ends=30"),
            View(_("Lapsed"), "lapsed=1"),
            View(_("Mine"), "status=running&owner=me"),
        ],
        read=read,
        show=show,
        counted=lambda n: ngettext("%(n)s contract", "%(n)s contracts", n) % {"n": formats.number(n)},
        row_template="crm/contracts/_row.html",
        sort="since",
        search=searching("title__icontains", "number__istartswith"),
        search_label=_("Client, contract or number"),
        empty={
            "icon": "file-certificate",
            "title": _("No contracts yet."),
            "text": _("Add the first one: its owner is reminded to renew it in time."),
            "url_name": "crm:contract-new",
            "permission": Permission.CONTRACT_EDIT,
            "action": _("Add a contract"),
        },
        template="crm/contracts/list.html",
    )
)  # fmt: skip
