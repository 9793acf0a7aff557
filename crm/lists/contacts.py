"""The list of contacts."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import formats
from accounts.permissions import Permission
from crm.client import tel
from crm.lists import clients
from crm.lists.filters import Asker, Rows
from crm.lists.pages import Column, ListPage, View, register
from crm.models import Activity, Company, Contact, ContactPhone, Task


def read(rows: Rows, asker: Asker) -> Rows:
    phone = ContactPhone.objects.filter(contact=OuterRef("pk")).values("number")[:1]
    employer = Company.objects.visible_to(asker.user).filter(pk=OuterRef("company")).values("pk")[:1]
    rows = rows.annotate(phone=Subquery(phone), employer_id=Subquery(employer))
    return clients.with_touch_and_step(rows, "contact", asker).values(
        "id", "name", "title", "city", "changed_at", "company__name", "employer_id", "phone", "owner__full_name",
        clients.TOUCHED, *clients.NEXT_STEP,
    )  # fmt: skip


def show(row: Any, asker: Asker) -> dict[str, Any]:
    return {
        "name": row["name"],
        "url": reverse("crm:contact", args=[row["id"]]),
        "title": row["title"],
        "city": row["city"],
        "company": row["company__name"] or "",
        "company_url": reverse("crm:company", args=[row["employer_id"]]) if row["employer_id"] else "",
        "phone": row["phone"] or "",
        "phone_url": tel(row["phone"]) if row["phone"] else "",
        "owner": row["owner__full_name"],
        "changed": formats.ago(row["changed_at"], now=asker.at),
        **clients.touch_and_step(row, asker),
    }


def counted(n: int) -> str:
    return ngettext("%(n)s contact", "%(n)s contacts", n) % {"n": formats.number(n)}


CONTACTS = register(
    ListPage(
        noun="contacts",
        model=Contact,
        permission=Permission.CONTACT_VIEW,
        url_name="crm:contact-list",
        title=_("Contacts"),
        columns=[
            Column(key="name", label=_("Name"), sort="name_key"),
            Column(key="company", label=_("Company"), classes="is-secondary"),
            Column(key="phone", label=_("Phone"), field="phones", classes="is-tertiary"),
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
        filters=clients.filters("contact"),
        views=[View(_("All")), View(_("Mine"), "owner=me"), View(_("No next step"), "bare=1")],
        read=read,
        show=show,
        counted=counted,
        row_template="crm/contacts/_row.html",
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
    )
)
