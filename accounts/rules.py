"""Who may see and change people, teams and tokens: everybody knows his colleagues by name, the coordinator looks after them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from accounts.models import ApiToken, Role, Team, User
from accounts.permissions import Permission
from accounts.policy import EVERYTHING, Rule, Use, register

PERSON = frozenset({"id", "full_name", "role", "is_active", "email", "language", "zone", "last_login", "created_at"})
PRIVATE = frozenset({"language", "zone", "last_login", "created_at"})
TEAM = frozenset({"id", "name", "parent", "head"})
TOKEN = frozenset({"id", "name", "beginning", "scopes", "created_at", "last_used_at", "revoked_at"})


def everything(user: Any) -> Q:
    return EVERYTHING


def own(user: Any) -> Q:
    return Q(user=user.pk)


def register_all() -> None:
    """Called once the apps are ready."""
    register(Rule(
        User,
        {Permission.PEOPLE_VIEW: everything, Permission.PEOPLE_EDIT: everything},
        {Use.READ: PERSON, Use.WRITE: frozenset({"full_name", "email", "role", "language", "zone"}), Use.EXPORT: PERSON},
        hidden={Role.MANAGER: PRIVATE, Role.HEAD: PRIVATE},
    ))  # fmt: skip
    register(Rule(
        Team,
        {Permission.TEAM_VIEW: everything, Permission.TEAM_EDIT: everything},
        {Use.READ: TEAM, Use.WRITE: TEAM - {"id"}, Use.EXPORT: TEAM},
    ))  # fmt: skip
    register(Rule(ApiToken, {Permission.TOKEN_EDIT: own}, {Use.READ: TOKEN, Use.WRITE: frozenset({"name", "scopes"})}))
