"""What the CRM offers in the shell: its pages and what can be added from anywhere."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.navigation import Group, NavItem, QuickAction, register
from accounts.permissions import Permission
from crm.agenda import overdue


def register_all() -> None:
    """Called once the apps are ready."""
    _pages()
    _actions()


def _pages() -> None:
    register(
        NavItem(
            label=_("Deals"), icon="layout-kanban", url_name="crm:deal-board", group=Group.WORK, order=20,
            permission=Permission.DEAL_VIEW, sections=("crm:deal",), phone=True,
        ),
        NavItem(
            label=_("Contacts"), icon="address-book", url_name="crm:contact-list", group=Group.WORK, order=30,
            permission=Permission.CONTACT_VIEW, sections=("crm:contact",), phone=True,
        ),
        NavItem(
            label=_("Companies"), icon="building", url_name="crm:company-list", group=Group.WORK, order=40,
            permission=Permission.COMPANY_VIEW, sections=("crm:company",),
        ),
        NavItem(
            label=_("Tasks"), icon="checklist", url_name="crm:task-list", group=Group.WORK, order=50,
            permission=Permission.TASK_VIEW, sections=("crm:task",), count=overdue, alert=True,
        ),
        NavItem(
            label=_("Segments"), icon="filter", url_name="crm:segment-list", group=Group.WORK, order=45,
            permission=Permission.SEGMENT_VIEW, sections=("crm:segment", "crm:assignment"),
        ),
        NavItem(
            label=_("After the sale"), icon="heart-handshake", url_name="crm:contract-list", group=Group.WORK, order=46,
            permission=Permission.CONTRACT_VIEW, sections=("crm:contract", "crm:complaint", "crm:purchase"),
        ),
        NavItem(
            label=_("Duplicates"), icon="copy", url_name="crm:duplicate-list", group=Group.WORK, order=55,
            permission=Permission.RECORD_MERGE, sections=("crm:duplicate", "crm:merge"),
        ),
        NavItem(
            label=_("Calendar"), icon="calendar-event", url_name="crm:calendar", group=Group.WORK, order=55,
            permission=Permission.TASK_VIEW,
        ),
        NavItem(
            label=_("Access to clients"), icon="lock-open", url_name="crm:grant", group=Group.COMPANY, order=95,
            permission=Permission.GRANT_VIEW,
        ),
        NavItem(
            label=_("Settings"), icon="settings", url_name="crm:settings", group=Group.COMPANY, order=100,
            permission=Permission.SETTINGS_EDIT,
        ),
        NavItem(
            label=_("Changes of many"), icon="history", url_name="crm:bulk-list", group=Group.WORK, order=60,
            permission=Permission.RECORD_BULK, quiet=True,
        ),
        NavItem(
            label=_("Downloads"), icon="file-download", url_name="crm:download-list", group=Group.WORK, order=65,
            permission=Permission.DOWNLOAD_VIEW, quiet=True,
        ),
    )  # fmt: skip


def _actions() -> None:
    register(
        QuickAction(
            label=_("Log call"), icon="phone", url_name="crm:quick-log", key="l", order=10,
            permission=Permission.ACTIVITY_ADD, primary=True,
        ),
        QuickAction(
            label=_("New deal"), icon="currency-euro", url_name="crm:deal-new", key="n", order=20,
            permission=Permission.DEAL_ADD,
        ),
        QuickAction(
            label=_("New contact"), icon="user-plus", url_name="crm:contact-new", key="c", order=30,
            permission=Permission.CONTACT_ADD,
        ),
        QuickAction(
            label=_("New company"), icon="building-plus", url_name="crm:company-new", order=40,
            permission=Permission.COMPANY_ADD,
        ),
        QuickAction(
            label=_("New complaint"), icon="mood-sad", url_name="crm:complaint-new", order=60,
            permission=Permission.COMPLAINT_EDIT,
        ),
        QuickAction(
            label=_("New task"), icon="square-plus", url_name="crm:task-new", key="t", order=50,
            permission=Permission.TASK_ADD,
        ),
    )  # fmt: skip
