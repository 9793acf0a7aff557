"""What the import tells people: its kinds on the page where they choose their mails."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from notifications.kinds import Kind, register

KINDS = (
    Kind(
        key="import_done",
        label=_("An import of yours is through"),
        why=_("As soon as the last row is in, with what became of them all."),
        permission=Permission.IMPORT_RUN,
        order=70,
    ),
)


def register_all() -> None:
    """Called once the apps are ready."""
    register(*KINDS)
