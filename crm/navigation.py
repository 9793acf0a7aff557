"""What the CRM offers in the shell: its pages and what can be added from anywhere."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.navigation import Group, NavItem, QuickAction, register
from accounts.permissions import Permission


def register_all() -> None:
    """Called once the apps are ready."""
    register(
        NavItem(
            label=_("Contacts"), icon="address-book", url_name="crm:contact-list", group=Group.WORK, order=30,
            permission=Permission.CONTACT_VIEW, sections=("crm:contact",), phone=True,
        ),
        NavItem(
            label=_("Companies"), icon="building", url_name="crm:company-list", group=Group.WORK, order=40,
            permission=Permission.COMPANY_VIEW, sections=("crm:company",),
        ),
        QuickAction(
            label=_("New contact"), icon="user-plus", url_name="crm:contact-new", key="c", order=30,
            permission=Permission.CONTACT_ADD,
        ),
        QuickAction(
            label=_("New company"), icon="building-plus", url_name="crm:company-new", order=40,
            permission=Permission.COMPANY_ADD,
        ),
    )  # fmt: skip
