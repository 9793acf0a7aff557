"""Who has signed which rules, and who still has to. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import holds
from accounts.reach import people_of
from crm.when import local_day
from discipline.models import Assignment, Scheme, SchemeVersion, SignOff

MOST_PEOPLE = 500


@dataclass(frozen=True, kw_only=True)
class Signers:
    """The people scored by a version whom the reader sees: those who signed it, newest first, and those who have not."""

    signed: list[SignOff]
    waiting: list[User]

    @property
    def asked(self) -> int:
        return len(self.signed) + len(self.waiting)


def to_sign(user: Any, now: datetime) -> list[SchemeVersion]:
    """The published versions that windows of somebody will still open under and that he has not signed, the next first.

    One statement. A signature counts in windows that open after it, so what only holds today is not asked for any more.
    """
    return still_to_sign(list(asked(user, now).select_related("scheme")), user, now)


def asked(user: Any, now: datetime) -> QuerySet[SchemeVersion]:
    """The published versions of the schemes that somebody is scored by from tomorrow on, each with whether he signed it."""
    if not holds(user, Permission.RULES_SIGN):
        return SchemeVersion.objects.none()
    mine = Assignment.objects.filter(user=user).between(_tomorrow(user, now), date.max).values("scheme")
    signed = SignOff.objects.filter(user=user, version=OuterRef("pk"))
    return SchemeVersion.objects.published().filter(scheme__in=mine).annotate(is_signed=Exists(signed))


def still_to_sign(versions: list[SchemeVersion], user: Any, now: datetime) -> list[SchemeVersion]:
    """Of the versions that `asked` brought those that wait for a signature, the next first."""
    coming = [version for scheme in _by_scheme(versions) for version in _from(scheme, _tomorrow(user, now))]
    return sorted((one for one in coming if not one.is_signed), key=lambda one: (one.effective_from, one.number))  # type: ignore[attr-defined]


def _tomorrow(user: Any, now: datetime) -> date:
    return local_day(now, user.zone) + timedelta(days=1)


def in_force(versions: Iterable[SchemeVersion], day: date) -> SchemeVersion | None:
    """Of one scheme's versions that whose days include this one."""
    begun = [one for one in versions if one.published_at and one.effective_from and one.effective_from <= day]
    return max(begun, key=lambda one: (one.effective_from, one.number), default=None)


def scheme_of(user: Any, day: date) -> Scheme | None:
    """The scheme that somebody is scored by on a day, or from the next one that is known."""
    rows = Assignment.objects.filter(user=user).between(day, date.max).order_by("starts_on").select_related("scheme")
    first = rows.first()
    return first.scheme if first else None


def signers(version: SchemeVersion, reader: Any, day: date) -> Signers:
    """Who of the reader's people is scored by the version's scheme on a day, or later, and who of them has signed: two statements."""
    there = Assignment.objects.filter(scheme=version.scheme_id).between(day, date.max)
    people = people_of(reader).filter(pk__in=there.values("user"), is_active=True).order_by("full_name", "pk")
    listed = list(people[:MOST_PEOPLE])
    rows = SignOff.objects.filter(version=version, user__in=[person.pk for person in listed]).select_related("user")
    signed = list(rows.order_by("-signed_at"))
    done = {row.user_id for row in signed}
    return Signers(signed=signed, waiting=[person for person in listed if person.pk not in done])


def _by_scheme(versions: Iterable[SchemeVersion]) -> list[list[SchemeVersion]]:
    grouped: dict[int, list[SchemeVersion]] = {}
    for version in versions:
        grouped.setdefault(version.scheme_id, []).append(version)
    return list(grouped.values())


def _from(versions: list[SchemeVersion], day: date) -> list[SchemeVersion]:
    """What holds on a day and whatever of a later day replaces it; of two that begin on one day the later number alone."""
    now = in_force(versions, day)
    later = {one.effective_from for one in versions if one.effective_from and one.effective_from > day}
    coming = [in_force(versions, begins) for begins in sorted(later)]
    return [one for one in (now, *coming) if one is not None]
