"""Whose messages somebody reads: his own."""

from __future__ import annotations

from django.db.models import Q

from accounts.permissions import Permission
from accounts.policy import Rule, Use, register
from notifications.models import AlertSetting, Delivery, Message, QuietHours, Round

READ = frozenset({"id", "kind", "context", "url", "created_at", "read_at"})


def register_all() -> None:
    """Called once the apps are ready."""
    register(Rule(Message, {Permission.MESSAGE_VIEW: lambda user: Q(recipient=user.pk)}, {Use.READ: READ}))
    for model in (AlertSetting, Delivery, QuietHours, Round):
        register(Rule(model, {}, {}))
