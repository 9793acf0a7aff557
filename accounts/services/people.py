"""People: added, changed, switched off and on. Nobody is ever deleted, because history names them."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import EventKind, Role, Team, User
from accounts.permissions import Permission
from accounts.policy import can, ensure
from accounts.refusals import NotAllowed, Refused, Warned
from accounts.services import events, memberships, tokens

OWN = frozenset({"full_name", "language", "zone"})
"""What anybody may change about himself."""


class EmailTaken(Refused):
    message = gettext_lazy(
        "Somebody signs in with this address already. Look for the person in the list, or use another address."
    )
    field = "email"
    code = "email_taken"


class UnknownZone(Refused):
    message = gettext_lazy("This time zone is not known. Choose one from the list.")
    field = "zone"
    code = "unknown_zone"


class UnknownLanguage(Refused):
    message = gettext_lazy("This language is not offered. Choose one from the list.")
    field = "language"
    code = "unknown_language"


class OwnAccess(Refused):
    message = gettext_lazy("You cannot change your own role or switch yourself off. Ask another coordinator.")
    code = "own_access"


class OwnersAddress(Refused):
    message = gettext_lazy("Only the owner changes this address: in the profile, with the password.")
    field = "email"
    code = "owners_address"


class LastAdmin(Refused):
    message = gettext_lazy("Somebody has to look after Daybook. Make another person coordinator first.")
    field = "role"
    code = "last_admin"


class StillHead(Refused):
    field = "role"
    code = "still_head"


class StillHeadWarned(Warned):
    """A head who leaves should hand the team over first, but a switch-off must never have to wait for it."""

    code = "still_head"


@transaction.atomic
def add(
    *,
    by: User,
    at: datetime,
    email: str,
    full_name: str,
    role: str,
    language: str = "en",
    zone: str = "Europe/Warsaw",
    team: Team | None = None,
    password: str | None = None,
    invited: bool = False,
    external_id: str = "",
) -> User:
    """Add a person, in `team` from today on his calendar.

    Without a `password` he cannot sign in until he has chosen one; with `invited` a mail asks him to. Raises EmailTaken,
    UnknownZone, UnknownLanguage.
    """
    ensure(by, Permission.PEOPLE_EDIT)
    facts = {"full_name": full_name, "language": language, "zone": zone}
    _check(facts)
    person = User(email=email.strip().lower(), role=role, external_id=external_id, **facts)
    person.set_password(password)
    _save(person)
    events.leave(kind=EventKind.ADDED, by=by, person=person, detail={"role": ["", role], "email": ["", person.email]})
    if invited:
        events.leave(kind=EventKind.INVITED, by=by, person=person)
    if team:
        memberships.place(user=person, team=team, on=timezone.localdate(at, ZoneInfo(zone)), by=by)
    return person


@transaction.atomic
def edit(*, person: User, by: User, at: datetime, **changes: Any) -> User:
    """Change full_name, email, role, language or zone; anybody his own name, language and zone, an owner his address too.

    Raises EmailTaken, UnknownZone, UnknownLanguage, OwnersAddress, OwnAccess, LastAdmin, StillHead.
    """
    person = _lock(person)
    if "email" in changes:
        changes["email"] = changes["email"].strip().lower()
    changed = events.changes(person, changes)
    _check_may_edit(person, by, set(changed))
    _check(changes)
    if "role" in changed:
        _check_role(person, by, changes["role"])
    for name in changed:
        setattr(person, name, changes[name])
    if changed:
        _save(person)
        kind = EventKind.ROLE if "role" in changed else EventKind.EDITED
        events.leave(kind=kind, by=by, person=person, detail=changed)
    return person


@transaction.atomic
def deactivate(*, person: User, by: User, at: datetime, overridden: bool = False) -> User:
    """Switch a person off: no sign-in, every session and token of his ends at once, his records stay where they are.

    The membership stays too, so that his head keeps seeing what he left. Raises OwnAccess, LastAdmin, StillHeadWarned.
    """
    ensure(by, Permission.PEOPLE_EDIT, person)
    person = _lock(person)
    if not person.is_active:
        return person
    if person.pk == by.pk:
        raise OwnAccess
    _check_other_admin(person)
    led = _teams_led(person)
    if led and not overridden:
        raise StillHeadWarned(_say_still_head(person, led))
    User.objects.filter(pk=person.pk).update(is_active=False, sign_in_round=F("sign_in_round") + 1)
    tokens.revoke_all(person=person, by=by, at=at)
    events.leave(kind=EventKind.OFF, by=by, person=person, detail={"led": led})
    return User.objects.get(pk=person.pk)


@transaction.atomic
def activate(*, person: User, by: User, at: datetime) -> User:
    """Let a person sign in again, with the password he had; his old sessions and tokens stay ended."""
    ensure(by, Permission.PEOPLE_EDIT, person)
    person = _lock(person)
    if person.is_active:
        return person
    User.objects.filter(pk=person.pk).update(is_active=True)
    events.leave(kind=EventKind.ON, by=by, person=person)
    return User.objects.get(pk=person.pk)


@transaction.atomic
def invite(*, person: User, by: User, at: datetime) -> None:
    """Have a mail sent with which the person chooses a password."""
    ensure(by, Permission.PEOPLE_EDIT, person)
    events.leave(kind=EventKind.INVITED, by=by, person=person)


def _lock(person: User) -> User:
    return User.objects.select_for_update().get(pk=person.pk)


def _save(person: User) -> None:
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        raise EmailTaken from error


@cache
def _zones() -> frozenset[str]:
    """Every known zone. Looking through the zone files anew for each person would be most of the work of adding one."""
    return frozenset(available_timezones())


def _check(values: dict[str, Any]) -> None:
    if "zone" in values and values["zone"] not in _zones():
        raise UnknownZone
    if "language" in values and values["language"] not in dict(settings.LANGUAGES):
        raise UnknownLanguage


def _check_may_edit(person: User, by: User, names: set[str]) -> None:
    """Nobody takes over an owner's access by changing where the new password is sent."""
    himself = person.pk == by.pk
    if "email" in names and person.role == Role.OWNER and not himself:
        raise OwnersAddress
    own = OWN | {"email"} if person.role == Role.OWNER else OWN
    if not (himself and names <= own) and not can(by, Permission.PEOPLE_EDIT, person):
        raise NotAllowed


def _check_role(person: User, by: User, role: str) -> None:
    if person.pk == by.pk:
        raise OwnAccess(field="role")
    _check_other_admin(person)
    led = _teams_led(person)
    if led and role != Role.HEAD:
        raise StillHead(_say_still_head(person, led))


def _check_other_admin(person: User) -> None:
    """Locks the coordinators, so that two of them cannot switch each other off in the same moment."""
    if person.role != Role.ADMIN:
        return
    admins = list(User.objects.select_for_update().filter(role=Role.ADMIN, is_active=True).order_by("pk"))
    if all(admin.pk == person.pk for admin in admins):
        raise LastAdmin


def _teams_led(person: User) -> str:
    return ", ".join(Team.objects.filter(head=person).order_by("name").values_list("name", flat=True))


def _say_still_head(person: User, teams: str) -> str:
    return _("%(name)s leads %(teams)s. Give the team another head first.") % {"name": person.full_name, "teams": teams}
