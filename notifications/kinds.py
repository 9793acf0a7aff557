"""Which kinds of messages there are, as far as people decide about them. Apps make their own known in `ready`.

A kind that nobody made known is sent like any other and cannot be switched off.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import policy
from accounts.permissions import Permission


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A folder of templates/notifications/ and its rules.

    Whoever holds `permission` may get it, and then decides about its mails. `important` ones go out at once and always: access,
    passwords, the control in trouble. A `digest` takes along what had to wait. A `timed` one comes at an hour that somebody set: it
    keeps the quiet hours, but is none of the three a day, and goes alone. `order` is its place on the page.
    """

    key: str
    label: str | Promise
    why: str | Promise = ""
    permission: Permission = Permission.MESSAGE_VIEW
    important: bool = False
    digest: bool = False
    timed: bool = False
    order: int = 100


_kinds: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Make kinds known; registering a key again replaces it."""
    for kind in kinds:
        _kinds[kind.key] = kind


def important() -> frozenset[str]:
    """The kinds that nothing holds back."""
    return frozenset(key for key, kind in _kinds.items() if kind.important)


def timed() -> frozenset[str]:
    """The kinds that come at an hour of their own."""
    return frozenset(key for key, kind in _kinds.items() if kind.timed)


def is_digest(key: str) -> bool:
    """Whether letters of this kind take along what had to wait."""
    return key in _kinds and _kinds[key].digest


def chosen_by(user: Any) -> list[Kind]:
    """The kinds that somebody may get and decides about, in order."""
    return sorted(_offered(user, important=False), key=lambda kind: (kind.order, kind.key))


def always_for(user: Any) -> list[Kind]:
    """The important kinds that somebody may get."""
    return sorted(_offered(user, important=True), key=lambda kind: (kind.order, kind.key))


def _offered(user: Any, *, important: bool) -> Iterable[Kind]:
    return (kind for kind in _kinds.values() if kind.important == important and policy.holds(user, kind.permission))


ACCESS = (
    Kind(key="invited", label=_("Invitation"), important=True, order=10),
    Kind(key="password_reset", label=_("A new password was asked for"), important=True, order=11),
    Kind(key="password_changed", label=_("Your password was changed"), important=True, order=12),
    Kind(
        key="access_changed",
        label=_("A role or an address changed"),
        permission=Permission.GRANT_VIEW,
        important=True,
        order=20,
    ),
    Kind(
        key="grant_taken",
        label=_("Somebody took access to clients"),
        permission=Permission.GRANT_VIEW,
        important=True,
        order=21,
    ),
)
"""What concerns signing in and who may do what."""
