"""The list of contacts."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import formats
from accounts.permissions import Permission
from crm.inline import tel
from crm.links import url
from crm.lists import cells, clients, columns, custom
from crm.lists.filters import Asker, record, text
from crm.lists.pages import Column, ListPage, View, register
from crm.models import Company, Contact, ContactEmail, ContactPhone, Source


def show(row: Any, asker: Asker) -> dict[str, Any]:
    return {"name": row["name"], "url": url("crm:contact", row["id"]), "avatar": True, "sub": row["title"]}


def _company() -> Column:
    """The present employer; a link where the asker sees it."""

    def adds(asker: Asker) -> dict[str, Any]:
        seen = Company.objects.visible_to(asker.user).filter(pk=OuterRef("company"))
        return {"employer_id": Subquery(seen.values("pk")[:1])}

    def draw(row: Any, asker: Asker) -> cells.Cell:
        return cells.text(row["company__name"], url("crm:company", row["employer_id"]) if row["employer_id"] else "")

    return Column(
        key="company", label=_("Company"), reads=("company__name",), adds=adds, draw=draw, classes="is-secondary",
        plain=lambda row, asker: row["company__name"],
    )  # fmt: skip


def _phone() -> Column:
    """The first phone."""

    def adds(asker: Asker) -> dict[str, Any]:
        first = ContactPhone.objects.filter(contact=OuterRef("pk")).order_by("position", "pk")
        return {"phone": Subquery(first.values("number")[:1])}

    return Column(
        key="phone", label=_("Phone"), field="phones", adds=adds, inline="phones", classes="is-tertiary u-nowrap",
        draw=lambda row, asker: cells.text(row["phone"], tel(row["phone"]) if row["phone"] else ""),
        plain=lambda row, asker: row["phone"],
    )  # fmt: skip


def _email() -> Column:
    """The first e-mail address."""

    def adds(asker: Asker) -> dict[str, Any]:
        first = ContactEmail.objects.filter(contact=OuterRef("pk")).order_by("position", "pk")
        return {"email": Subquery(first.values("address")[:1])}

    return Column(
        key="email", label=_("E-mail"), field="emails", adds=adds, inline="emails", standard=False, classes="is-secondary",
        draw=lambda row, asker: cells.text(row["email"], f"mailto:{row['email']}" if row["email"] else ""),
        plain=lambda row, asker: row["email"],
    )  # fmt: skip


def counted(n: int) -> str:
    return ngettext("%(n)s contact", "%(n)s contacts", n) % {"n": formats.number(n)}


CONTACTS = register(
    ListPage(
        noun="contacts",
        model=Contact,
        permission=Permission.CONTACT_VIEW,
        url_name="crm:contact-list",
        title=_("Contacts"),
        reads=("id", "name", "title"),
        columns=[
            Column(key="name", label=_("Name"), sort="name_key", plain=lambda row, asker: row["name"]),
            _company(),
            _phone(),
            columns.owner(),
            clients.touched("contact"),
            clients.step("contact"),
            columns.moment("changed", _("Changed"), "changed_at", sort="changed_at", descending=True, standard=True, classes="is-tertiary u-nowrap u-muted"),
            columns.words("title", _("Position"), inline="title"),
            _email(),
            columns.words("city", _("City"), inline="city"),
            columns.tags("contacts", inline="tags"),
            clients.open_deals("contact"),
            columns.moment("created", _("Added"), "recorded_at"),
            columns.someone("created_by", _("Added by"), "created_by__full_name"),
            columns.picked("source", _("Source"), "source", lambda value: Source(value).label),
        ],
        filters=[
            *clients.filters("contact"),
            record("company", _("Company"), Company, named_by="name", suggest="company", empty=True),
            text("title", _("Position")),
        ],
        views=[View(_("All")), View(_("Mine"), "owner=me"), View(_("No next step"), "bare=1")],
        extra_columns=partial(custom.columns, "contact"),
        extra_filters=partial(custom.filters, "contact"),
        show=show,
        counted=counted,
        sort="name",
        search_label=_("Name, company, phone or e-mail"),
        empty={
            "icon": "address-book",
            "title": _("No contacts yet."),
            "text": _("Add the first person you talk to."),
            "url_name": "crm:contact-new",
            "permission": Permission.CONTACT_ADD,
            "action": _("Add a contact"),
            "key": "C",
        },
        template="crm/contacts/list.html",
        bulk="contact",
    )
)  # fmt: skip
