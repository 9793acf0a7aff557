"""Whose pairs and merges somebody reaches: those of clients that he may work with, on both sides."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q

from accounts.permissions import Permission
from accounts.policy import scope
from crm.models import Company, Contact

CLIENTS: dict[str, tuple[Any, Permission]] = {
    "company": (Company, Permission.COMPANY_EDIT),
    "contact": (Contact, Permission.CONTACT_EDIT),
}


def both_sides(user: Any) -> Q:
    """Pairs of which he may edit both: of any other he does not learn that it is there."""
    return _each("first", user) & _each("second", user)


def survivors(user: Any) -> Q:
    """Merges whose survivor he may edit."""
    return _each("survivor", user)


def _each(column: str, user: Any) -> Q:
    """Looked up client by client: a list of the likeliest pairs ends long before it has seen everybody's."""
    found = Q()
    for noun, (model, action) in CLIENTS.items():
        rows = model._base_manager.filter(scope(user, action), deleted_at__isnull=True, pk=OuterRef(column))
        found |= Q(Exists(rows), noun=noun)
    return found
