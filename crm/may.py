"""What somebody may do to each row of a query, as columns of the same statement."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, Case, Value, When

from accounts.permissions import Permission
from accounts.policy import holds, scope


def may(user: Any, action: Permission) -> Case | Value:
    """Whether `user` may do `action` to the row: the policy's own condition, for `annotate` on that action's model."""
    condition = scope(user, action)
    if not holds(user, action):
        return Value(False)
    if not condition:
        return Value(True)
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())
