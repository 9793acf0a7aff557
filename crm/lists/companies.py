"""The list of companies."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import formats
from accounts.permissions import Permission
from crm.inline import tel
from crm.links import url
from crm.lists import cells, clients, columns, custom
from crm.lists.filters import Asker, gaps, text
from crm.lists.pages import Column, ListPage, View, register
from crm.lists.spans import amount
from crm.models import Company, Source

GAPS = {
    "tax_number": _("Tax number"), "domain": _("Website"), "phone": _("Phone"), "email": _("E-mail"), "address": _("Address"),
    "city": _("City"), "country": _("Country"), "industry": _("Industry"),
}  # fmt: skip


def show(row: Any, asker: Asker) -> dict[str, Any]:
    return {
        "name": row["name"],
        "url": url("crm:company", row["id"]),
        "avatar": True,
        "square": True,
        "sub": row["city"],
    }


def _site(row: Any, asker: Asker) -> cells.Cell:
    site = row["domain"]
    return cells.text(
        site, href=site if site.startswith(("http://", "https://")) else f"https://{site}" if site else ""
    )


def _parent() -> Column:
    """The company that it is a part of, if the asker sees it."""

    def adds(asker: Asker) -> dict[str, Any]:
        seen = Company.objects.visible_to(asker.user).filter(pk=OuterRef("parent"))
        return {"part_of": Subquery(seen.values(facts=JSONObject(id="pk", name="name"))[:1])}

    def draw(row: Any, asker: Asker) -> cells.Cell:
        above = row["part_of"]
        return cells.text(above["name"], url("crm:company", above["id"])) if above else cells.text("")

    return Column(
        key="parent", label=_("Part of"), adds=adds, draw=draw, standard=False, classes="is-secondary",
        plain=lambda row, asker: row["part_of"] and row["part_of"]["name"],
    )  # fmt: skip


def counted(n: int) -> str:
    return ngettext("%(n)s company", "%(n)s companies", n) % {"n": formats.number(n)}


COMPANIES = register(
    ListPage(
        noun="companies",
        model=Company,
        permission=Permission.COMPANY_VIEW,
        url_name="crm:company-list",
        title=_("Companies"),
        reads=("id", "name", "city"),
        columns=[
            Column(key="name", label=_("Company"), sort="name_key", plain=lambda row, asker: row["name"]),
            columns.words("industry", _("Industry"), classes="is-tertiary", standard=True, inline="industry"),
            columns.owner(),
            clients.touched("company"),
            clients.step("company"),
            columns.moment("changed", _("Changed"), "changed_at", sort="changed_at", descending=True, standard=True, classes="is-tertiary u-nowrap u-muted"),
            columns.words("tax_number", _("Tax number"), inline="tax_number"),
            columns.words("domain", _("Website"), draw=_site, inline="domain"),
            columns.words("phone", _("Phone"), draw=lambda row, asker: cells.text(row["phone"], tel(row["phone"]) if row["phone"] else ""), inline="phone", classes="is-secondary u-nowrap"),
            columns.words("email", _("E-mail"), draw=lambda row, asker: cells.text(row["email"], f"mailto:{row['email']}" if row["email"] else ""), inline="email"),
            columns.words("address", _("Address"), inline="address"),
            columns.words("city", _("City"), inline="city"),
            columns.words("country", _("Country"), inline="country"),
            columns.figure("employees", _("Employees"), inline="employees"),
            columns.year("founded", _("Founded"), inline="founded"),
            columns.amount("revenue", _("Yearly revenue"), "revenue_minor", inline="revenue_minor"),
            _parent(),
            columns.tags("companies", inline="tags"),
            clients.open_deals("company"),
            columns.moment("created", _("Added"), "recorded_at"),
            columns.someone("created_by", _("Added by"), "created_by__full_name"),
            columns.picked("source", _("Source"), "source", lambda value: Source(value).label),
        ],
        filters=[
            *clients.filters("company"),
            text("industry", _("Industry")),
            text("country", _("Country")),
            amount("revenue", _("Yearly revenue"), column="revenue_minor"),
            gaps("missing", _("Without"), GAPS, filled=False),
            gaps("filled", _("With"), GAPS, filled=True),
        ],
        views=[View(_("All")), View(_("Mine"), "owner=me"), View(_("No next step"), "bare=1")],
        extra_columns=partial(custom.columns, "company"),
        extra_filters=partial(custom.filters, "company"),
        show=show,
        counted=counted,
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
        bulk="company",
    )
)  # fmt: skip
