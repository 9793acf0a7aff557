"""Filters that several nouns have."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet


class Search(django_filters.CharFilter):
    """Beginnings of words in any order, without accents."""

    def filter(self, qs: Any, value: Any) -> QuerySet[Any]:
        found: QuerySet[Any] = qs.matching(value) if value else qs
        return found


class Has(django_filters.BooleanFilter):
    """Whether the field is filled."""

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, lookup_expr="isnull", exclude=True, **words)
