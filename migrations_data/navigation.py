"""What the import offers in the shell."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.navigation import Group, NavItem, register
from accounts.permissions import Permission


def register_all() -> None:
    """Called once the apps are ready."""
    register(
        NavItem(
            label=_("Import"), icon="file-import", url_name="migrations_data:import-list", group=Group.COMPANY, order=80,
            permission=Permission.IMPORT_VIEW, sections=("migrations_data:import",),
        )
    )  # fmt: skip
