"""The list of companies."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import formats
from accounts.permissions import Permission
from crm.lists import clients
from crm.lists.filters import Asker, Rows, text
from crm.lists.pages import Column, ListPage, View, register
from crm.models import Activity, Company, Task


def read(rows: Rows, asker: Asker) -> Rows:
    return clients.with_touch_and_step(rows, "company", asker).values(
        "id", "name", "city", "industry", "changed_at", "owner__full_name", clients.TOUCHED, *clients.NEXT_STEP
    )


def show(row: Any, asker: Asker) -> dict[str, Any]:
    return {
        "name": row["name"],
        "url": reverse("crm:company", args=[row["id"]]),
        "city": row["city"],
        "industry": row["industry"],
        "owner": row["owner__full_name"],
        "changed": formats.ago(row["changed_at"], now=asker.at),
        **clients.touch_and_step(row, asker),
    }


def counted(n: int) -> str:
    return ngettext("%(n)s company", "%(n)s companies", n) % {"n": formats.number(n)}


COMPANIES = register(
    ListPage(
        noun="companies",
        model=Company,
        permission=Permission.COMPANY_VIEW,
        url_name="crm:company-list",
        title=_("Companies"),
        columns=[
            Column(key="name", label=_("Company"), sort="name_key"),
            Column(key="industry", label=_("Industry"), classes="is-tertiary"),
            Column(key="owner", label=_("Owner"), classes="is-secondary"),
            Column(key="touched", label=_("Last contact"), of=Activity, field="occurred_at", classes="is-secondary"),
            Column(key="step", label=_("Next step"), of=Task, field="due_at"),
            Column(
                key="changed",
                label=_("Changed"),
                field="changed_at",
                sort="changed_at",
                descending=True,
                classes="is-tertiary",
            ),
        ],
        filters=[*clients.filters("company"), text("industry", _("Industry"))],
        views=[View(_("All")), View(_("Mine"), "owner=me"), View(_("No next step"), "bare=1")],
        read=read,
        show=show,
        counted=counted,
        row_template="crm/companies/_row.html",
        sort="name",
        search_label=_("Name, phone, site or tax number"),
        empty={
            "icon": "building",
            "title": _("No companies yet."),
            "text": _("Add the first one, or import the table that you have."),
            "url_name": "crm:company-new",
            "permission": Permission.COMPANY_ADD,
            "action": _("Add a company"),
        },
        template="crm/companies/list.html",
    )
)
