"""What joins the apps and stands in the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.navigation import Group, NavItem, register
from accounts.permissions import Permission


def register_all() -> None:
    """Called once the apps are ready."""
    register(
        NavItem(
            label=_("My day"), icon="gauge", url_name="reports:my-day", group=Group.WORK, order=10,
            permission=Permission.CARD_VIEW, unless=Permission.OVERVIEW_VIEW, sections=("crm:queue",), phone=True,
        ),
        NavItem(
            label=_("Company"), icon="chart-line", url_name="reports:company", group=Group.WORK, order=10,
            permission=Permission.OVERVIEW_VIEW, sections=("reports:behind",), phone=True,
        ),
        NavItem(
            label=_("Morning"), icon="sunrise", url_name="reports:morning", group=Group.WORK, order=11,
            permission=Permission.MORNING_VIEW,
        ),
        NavItem(
            label=_("Control table"), icon="table", url_name="reports:control-table", group=Group.CONTROL, order=65,
            permission=Permission.TEAM_DAY_VIEW,
        ),
        NavItem(
            label=_("Weak links"), icon="link", url_name="reports:weak-links", group=Group.CONTROL, order=75,
            permission=Permission.WEAK_LINK_VIEW, sections=("reports:weak-link",),
        ),
        NavItem(
            label=_("Dashboard"), icon="layout-dashboard", url_name="reports:dashboard", group=Group.WORK, order=12,
            permission=Permission.REPORT_VIEW,
        ),
        NavItem(
            label=_("Reports"), icon="report-analytics", url_name="reports:report-list", group=Group.WORK, order=56,
            permission=Permission.REPORT_VIEW,
        ),
        NavItem(
            label=_("Reports by mail"), icon="mail", url_name="reports:mail-list", group=Group.COMPANY, order=84,
            permission=Permission.REPORT_MAIL,
        ),
        NavItem(
            label=_("Live connections"), icon="plug-connected", url_name="reports:live-list", group=Group.COMPANY, order=85,
            permission=Permission.LIVE_EDIT, quiet=True,
        ),
        NavItem(
            label=_("Adoption"), icon="stopwatch", url_name="reports:adoption", group=Group.COMPANY, order=90,
            permission=Permission.ADOPTION_VIEW,
        ),
        NavItem(
            label=_("Help"), icon="help", url_name="reports:help", group=Group.COMPANY, order=110,
            permission=Permission.REFERENCE_VIEW,
        ),
    )  # fmt: skip
