"""Segments: kept under a name, changed, shared, removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.refusals import Refused
from crm.models import Segment
from crm.segments import check
from crm.services.base import allow, check_filled
from crm.services.text import cleaned

MOST = 100
NAMELESS = _("Give the segment a name.")


class NameTaken(Refused):
    code = "name_taken"
    field = "name"
    message = _("You have a segment of this name already. Choose another name.")


class TooManySegments(Refused):
    code = "too_many_segments"
    message = _("You have saved as many segments as fit. Remove one first.")


@transaction.atomic
def add(
    *, name: str, conditions: Sequence[Mapping[str, Any]], by: User, at: datetime, is_shared: bool = False
) -> Segment:
    """Keep conditions under a name. Raises ConditionWrong, NameTaken, TooManySegments."""
    allow(by, Permission.SEGMENT_EDIT)
    if Segment.objects.filter(user=by).count() >= MOST:
        raise TooManySegments
    segment = Segment(user=by)
    return _write(segment, name, conditions, is_shared)


@transaction.atomic
def edit(
    *,
    segment: Segment,
    name: str,
    conditions: Sequence[Mapping[str, Any]],
    by: User,
    at: datetime,
    is_shared: bool = False,
) -> Segment:
    """Change a segment of one's own; what was given to people by it stays as it was. Raises as `add`."""
    allow(by, Permission.SEGMENT_EDIT, segment)
    segment = Segment.objects.select_for_update().get(pk=segment.pk)
    return _write(segment, name, conditions, is_shared)


@transaction.atomic
def delete(*, segment: Segment, by: User, at: datetime) -> None:
    """Remove a segment of one's own; the tasks given by it stay."""
    allow(by, Permission.SEGMENT_EDIT, segment)
    segment.delete()


def _write(segment: Segment, name: str, conditions: Sequence[Mapping[str, Any]], is_shared: bool) -> Segment:
    words = cleaned(Segment, {"name": name})
    check_filled(words["name"], NAMELESS, field="name")
    taken = Segment.objects.filter(user=segment.user, name=words["name"]).exclude(pk=segment.pk)
    if taken.exists():
        raise NameTaken
    segment.name, segment.conditions, segment.is_shared = words["name"], check(conditions), is_shared
    segment.save()
    return segment
