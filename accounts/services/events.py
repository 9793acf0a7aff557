"""The trace of changes to people, teams and tokens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.models import AccessEvent, EventKind, Team, User


def leave(
    *,
    kind: EventKind,
    by: User,
    person: User | None = None,
    team: Team | None = None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Keep that `by` did this; to be called in the transaction of the change. `detail` holds plain values."""
    AccessEvent.objects.create(kind=kind, by=by, person=person, team=team, detail=detail or {})


def changes(record: Any, values: dict[str, Any]) -> dict[str, list[str]]:
    """What `values` would change on `record`, as [before, after] in words, for the trace."""
    return {
        name: [str(getattr(record, name) or ""), str(value or "")]
        for name, value in values.items()
        if getattr(record, name) != value
    }
