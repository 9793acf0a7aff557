"""The columns by which records are found, and how they are asked."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector, SearchVectorField
from django.db import models

from crm.folding import words


class Searchable(models.Model):
    """`folded` holds the words (written by the service through `crm.folding`), `search` is derived by the database."""

    folded = models.TextField(blank=True, default="", editable=False)
    search = models.GeneratedField(
        expression=SearchVector("folded", config="simple"), output_field=SearchVectorField(), db_persist=True
    )

    class Meta:
        abstract = True


def search_index(name: str) -> GinIndex:
    """Without the list of pending entries, which every search would read to its end."""
    return GinIndex(fields=["search"], name=name, fastupdate=False)


def matching(query: str) -> models.Q:
    """Records that have every word of `query` at the beginning of one of theirs, in any order; none for an empty query."""
    asked = words(query)
    if not asked:
        return models.Q(pk__in=[])
    raw = " & ".join(f"{word}:*" for word in asked)
    condition: Any = SearchQuery(raw, config="simple", search_type="raw")
    return models.Q(search=condition)
