"""Owners hear when a colleague merges their clients, or takes a merge back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.models import User
from crm.models import Merge
from notifications.services import messages


def tell(*, merge: Merge, kept: Any, owners: Iterable[int], by: User, at: datetime) -> None:
    """Tell the owners of both clients, but for who did it himself."""
    undone = merge.undone_at is not None
    context = {"who": by.full_name, "name": merge.name, "kept": kept.name, "undone": undone}
    for owner in User.objects.filter(pk__in=set(owners) - {by.pk}):
        messages.tell(
            recipient=owner,
            kind="client_merged",
            key=f"merge:{merge.pk}:{'undone' if undone else 'done'}",
            at=at,
            context=context,
            url=reverse(f"crm:{merge.noun}", args=[kept.pk]),
        )
