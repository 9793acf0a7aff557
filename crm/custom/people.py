"""Names of the colleagues that fields point to: all at once, kept for a minute, so that a page costs no statement more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.cache import cache

from accounts.models import User
from crm.models import CustomField, CustomKind

KEPT_UNDER = "crm.custom.people"
KEPT_FOR_S = 60


def people_in(fields: Iterable[CustomField], columns: Iterable[Mapping[str, Any]]) -> set[int]:
    """The keys of the colleagues named in these `custom` columns."""
    keys = [field.key for field in fields if field.kind == CustomKind.USER]
    if not keys:
        return set()
    return {column[key] for column in columns for key in keys if isinstance(column.get(key), int)}


def names_of(keys: Iterable[int]) -> dict[int, str]:
    """Their names, also of those who left; one statement at most, none when everybody was known a moment ago."""
    wanted = set(keys)
    if not wanted:
        return {}
    known: dict[int, str] = cache.get(KEPT_UNDER) or {}
    if not wanted <= known.keys():
        known = dict(User.objects.order_by().values_list("pk", "full_name"))
        cache.set(KEPT_UNDER, known, KEPT_FOR_S)
    return {key: known[key] for key in wanted if key in known}
