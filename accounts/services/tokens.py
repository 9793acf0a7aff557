"""API tokens: made, used, revoked. The secret is shown once and never kept."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy

from accounts.models import ApiToken, EventKind, User
from accounts.permissions import Permission
from accounts.policy import ensure, holds
from accounts.refusals import Refused
from accounts.services import events

PREFIX = "daybook_"
SECRET_BYTES = 32
SHOWN = len(PREFIX) + 4  # so much of the secret is kept to tell tokens apart
USE_NOTED_EVERY = timedelta(minutes=5)  # a busy program should not cost a write per request


class NothingChosen(Refused):
    message = gettext_lazy("Choose at least one thing that the token may do.")
    field = "scopes"
    code = "nothing_chosen"


class BeyondYou(Refused):
    message = gettext_lazy("A token cannot do more than you. Choose only what you may do yourself.")
    field = "scopes"
    code = "beyond_you"


def digest(secret: str) -> str:
    """What is kept of a secret. Plain SHA-256 is enough: 256 random bits cannot be guessed, so nothing slow is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def make(*, by: User, at: datetime, name: str, scopes: Sequence[str]) -> tuple[ApiToken, str]:
    """Make a token for `by` himself; returns it with its secret. Raises NothingChosen, BeyondYou."""
    ensure(by, Permission.TOKEN_EDIT)
    if not scopes:
        raise NothingChosen
    known = {permission.value for permission in Permission if holds(by, permission)}
    if not set(scopes) <= known:
        raise BeyondYou
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    token = ApiToken.objects.create(
        user=by,
        name=name,
        secret_hash=digest(secret),
        beginning=secret[:SHOWN],
        scopes=sorted(set(scopes)),
        created_at=at,
    )
    events.leave(kind=EventKind.TOKEN_MADE, by=by, person=by, detail={"name": name, "scopes": token.scopes})
    return token, secret


@transaction.atomic
def revoke(*, token: ApiToken, by: User, at: datetime) -> None:
    """End a token for good; the same again does nothing."""
    ensure(by, Permission.TOKEN_EDIT, token)
    if ApiToken.objects.in_force().filter(pk=token.pk).update(revoked_at=at):
        events.leave(kind=EventKind.TOKEN_REVOKED, by=by, person=token.user, detail={"name": token.name})


def revoke_all(*, person: User, by: User, at: datetime) -> None:
    """End every token of somebody who is switched off; called by that service, in its transaction."""
    ensure(by, Permission.PEOPLE_EDIT, person)
    ApiToken.objects.in_force().filter(user=person).update(revoked_at=at)


def use(*, secret: str, at: datetime) -> ApiToken | None:
    """The token in force with this secret and its active person, noting that it was used; None when there is none."""
    found = ApiToken.objects.in_force().filter(secret_hash=digest(secret), user__is_active=True)
    token = found.select_related("user").first()
    if token is not None:
        long_ago = Q(last_used_at__isnull=True) | Q(last_used_at__lt=at - USE_NOTED_EVERY)
        ApiToken.objects.filter(long_ago, pk=token.pk).update(last_used_at=at)
    return token
