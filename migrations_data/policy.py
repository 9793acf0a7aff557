"""Who reaches which imports. They hold clients as they came, so the coordinator sees his own; others' only under a grant."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, Q
from django.utils import timezone

from accounts.models import Role
from accounts.permissions import Permission as P
from accounts.policy import EVERYTHING, Rule, Use, register
from crm.models import Grant
from migrations_data.models import Import


def imports(user: Any) -> Q:
    if user.role == Role.OWNER:
        return EVERYTHING
    return Q(created_by=user.pk) | Q(Exists(Grant.objects.in_force(timezone.now()).filter(user=user.pk)))


def own(user: Any) -> Q:
    return Q(created_by=user.pk)


def register_all() -> None:
    """Called once the apps are ready."""
    names = frozenset(
        {"id", "created_by", "created_at", "finished_at", "status", "rows_in", "rows_done", "origin", "currency"}
    )
    register(Rule(Import, {P.IMPORT_VIEW: imports, P.IMPORT_RUN: own}, {Use.READ: names}))
