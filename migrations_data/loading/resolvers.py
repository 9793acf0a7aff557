"""What a pass finds out once, however many rows ask for it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar

from crm import names
from crm.folding import fold
from migrations_data.loading.context import Context
from migrations_data.meanings.base import key_of
from migrations_data.models import ImportMatch

Resolver = TypeVar("Resolver")


@lru_cache(maxsize=100_000)
def squeezed(text: str) -> str:
    """Folded letters without spaces: "GTX Pro" and "GTXPro" are the same."""
    return fold(text).replace(" ", "")


@lru_cache(maxsize=100_000)
def by_name(text: str) -> str:
    """A company's name as companies are compared by."""
    return names.key(text)


def of(context: Context, resolver: type[Resolver]) -> Resolver:
    """The run's one `resolver`."""
    found: Resolver | None = context.known.get(resolver.__name__)
    if found is None:
        found = context.known[resolver.__name__] = resolver(context)  # type: ignore[call-arg]
    return found


def wanted(rows: Sequence[Any], *fields: str) -> set[str]:
    """The texts that rows have in any of these fields."""
    return {row.values[name] for row in rows for name in fields if row.values.get(name)}


class Matches:
    """What the coordinator confirmed that words of the tables mean."""

    def __init__(self, context: Context) -> None:
        listed = ImportMatch.objects.filter(of_import=context.of)
        self.confirmed = {(one.what, one.text): one for one in listed}

    def find(self, what: str, said: str) -> ImportMatch | None:
        return self.confirmed.get((what, key_of(said)))

    def targets(self, what: str, decision: str) -> set[int]:
        """The keys of ours that words were matched to."""
        return {
            one.target_id
            for one in self.confirmed.values()
            if one.what == what and one.decision == decision and one.target_id is not None
        }
