"""The sign-ins of the demo company, offered on the sign-in page where there is one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from accounts.models import User


@dataclass(frozen=True)
class SignIn:
    """Somebody of the demo company, and the password that opens his day."""

    name: str
    role: str
    email: str
    password: str


_passwords: dict[str, str] = {}


def offer(passwords: Mapping[str, str]) -> None:
    """Name the people (e-mail -> password) that the sign-in page may offer; called from `ready` by the app that makes them."""
    _passwords.update(passwords)


def sign_ins() -> list[SignIn]:
    """The people on offer who exist, one query; nobody where real work is done."""
    if not getattr(settings, "DAYBOOK_DEMO", False) or not _passwords:
        return []
    people = {user.email: user for user in User.objects.active().filter(email__in=_passwords)}
    return [
        SignIn(name=people[email].full_name, role=people[email].get_role_display(), email=email, password=password)
        for email, password in _passwords.items()
        if email in people
    ]
