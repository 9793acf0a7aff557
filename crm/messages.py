"""What the CRM tells people: its kinds on the page where they choose their mails."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from notifications.kinds import Kind, register

KINDS = (
    Kind(
        key="mentioned",
        label=_("A colleague names you in a note"),
        why=_("As soon as it is saved, if you may see the client."),
        permission=Permission.ACTIVITY_VIEW,
        order=30,
    ),
    Kind(
        key="mass_assigned",
        label=_("Tasks given to you for a group of clients"),
        why=_("Once for each group, with how many there are and until when."),
        permission=Permission.TASK_EDIT,
        order=60,
    ),
    Kind(
        key="mass_reminded",
        label=_("A reminder of such tasks"),
        why=_("When whoever gave them asks how far you are; at most once a day."),
        permission=Permission.TASK_EDIT,
        order=61,
    ),
    Kind(
        key="complaint",
        label=_("Complaints and returns of your clients"),
        why=_("As soon as a colleague or another program takes one down: to who answers it, and to his head."),
        permission=Permission.COMPLAINT_VIEW,
        order=40,
    ),
    Kind(
        key="complaint_vip",
        label=_("A complaint of a client with the tag VIP"),
        permission=Permission.COMPLAINT_VIEW,
        important=True,
        order=41,
    ),
    Kind(
        key="client_merged",
        label=_("A colleague merged one of your clients, or took that back"),
        permission=Permission.RECORD_MERGE,
        order=62,
    ),
)


def register_all() -> None:
    """Called once the apps are ready."""
    register(*KINDS)
