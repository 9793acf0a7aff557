"""Whose pairs somebody reaches: those of clients that he may work with, on both sides."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q

from accounts.policy import scope
from crm.models.merging import CLIENTS


def both_sides(user: Any) -> Q:
    """Pairs of which he may edit both: of any other he does not learn that it is there."""
    return _each("first", user) & _each("second", user)


def _each(column: str, user: Any) -> Q:
    """Looked up client by client: a list of the likeliest pairs ends long before it has seen everybody's.

    "From it to it" instead of "it": for an equation the planner would first gather all clients of that person.
    """
    found = Q()
    key = OuterRef(column)
    for noun, (model, action) in CLIENTS.items():
        rows = model._base_manager.filter(scope(user, action), deleted_at__isnull=True, pk__gte=key, pk__lte=key)
        found |= Q(Exists(rows), noun=noun)
    return found
