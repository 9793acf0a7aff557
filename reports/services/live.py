"""Addresses from which a spreadsheet reads by itself: made, made anew, ended, used.

The address is shown once; only its hash is kept. Whoever has it reads without signing in what its person may take out at that
moment, so it can be replaced or ended at any time.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from accounts.models import EventKind, User
from accounts.permissions import Permission
from accounts.policy import ensure, holds
from accounts.refusals import NotAllowed, Refused
from accounts.services import events
from crm.services.base import check_filled
from crm.services.text import cleaned
from reports.models import LiveAddress, LiveSource

SECRET_BYTES = 32
SHOWN = 6  # so much of the secret is kept to tell addresses apart
MOST = 50
USE_NOTED_EVERY = timedelta(minutes=5)  # a spreadsheet that asks every minute should not cost a write each time


class TooManyAddresses(Refused):
    code = "too_many_addresses"
    message = _("You have as many live connections as fit. End one that you no longer use.")


def digest(secret: str) -> str:
    """What is kept of a secret. Plain SHA-256 is enough: 256 random bits cannot be guessed, so nothing slow is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def make(*, name: str, source: str, asked: Mapping[str, Any], by: User, at: datetime) -> tuple[LiveAddress, str]:
    """Make an address for `by` himself; returns it with its secret. Raises TooManyAddresses."""
    _allow(by)
    name = cleaned(LiveAddress, {"name": name})["name"]
    check_filled(name, say("Give the connection a name by which you will know it."), field="name")
    if LiveAddress.objects.filter(user=by, revoked_at__isnull=True).count() >= MOST:
        raise TooManyAddresses
    secret = secrets.token_urlsafe(SECRET_BYTES)
    address = LiveAddress.objects.create(
        user=by, name=name, source=LiveSource(source), asked=dict(asked), created_at=at, **_kept(secret)
    )
    events.leave(kind=EventKind.LIVE_MADE, by=by, person=by, detail=_told(address))
    return address, secret


@transaction.atomic
def renew(*, address: LiveAddress, by: User, at: datetime) -> str:
    """A new secret for an address of one's own; the one before stops working at once. Raises NotAllowed for one that was ended."""
    ensure(by, Permission.LIVE_EDIT, address)
    _allow(by)
    if address.revoked_at is not None:
        raise NotAllowed
    secret = secrets.token_urlsafe(SECRET_BYTES)
    LiveAddress.objects.filter(pk=address.pk).update(**_kept(secret), created_at=at, last_used_at=None, revoked_at=None)
    events.leave(kind=EventKind.LIVE_MADE, by=by, person=by, detail=_told(address))
    return secret


@transaction.atomic
def revoke(*, address: LiveAddress, by: User, at: datetime) -> bool:
    """Let an address work no more; False when it does not anyway."""
    ensure(by, Permission.LIVE_EDIT, address)
    ended = LiveAddress.objects.filter(pk=address.pk, revoked_at__isnull=True).update(revoked_at=at)
    if ended:
        events.leave(kind=EventKind.LIVE_REVOKED, by=by, person=by, detail=_told(address))
    return bool(ended)


@transaction.atomic
def use(*, secret: str, at: datetime) -> LiveAddress | None:
    """The address in force with this secret, noting its use; None for an unknown one, and for who may take nothing out any more.

    The hash is looked up, never the secret, and compared once more in constant time: how long an answer takes tells nothing.
    """
    wanted = digest(secret)
    found = LiveAddress.objects.filter(secret_hash=wanted, revoked_at__isnull=True).select_related("user").first()
    if found is None or not hmac.compare_digest(found.secret_hash, wanted) or not may_read(found.user):
        return None
    before = found.last_used_at
    if before is None or before < at - USE_NOTED_EVERY:
        LiveAddress.objects.filter(pk=found.pk).update(last_used_at=at)
    if before is None or before.date() < at.date():
        events.leave(kind=EventKind.EXPORTED, by=found.user, detail={"list": "live", **_told(found)})
    return found


def may_read(user: User) -> bool:
    """Whether somebody may have tables leave Daybook by themselves."""
    return holds(user, Permission.LIVE_EDIT) and holds(user, Permission.RECORD_EXPORT)


def _allow(by: User) -> None:
    ensure(by, Permission.LIVE_EDIT)
    ensure(by, Permission.RECORD_EXPORT)


def _kept(secret: str) -> dict[str, str]:
    return {"secret_hash": digest(secret), "beginning": secret[:SHOWN]}


def _told(address: LiveAddress) -> dict[str, Any]:
    return {"name": address.name, "source": address.source, "asked": address.asked}
