"""Addresses of the lists behind figures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse


def link(
    key: str,
    *,
    at: datetime,
    team: int | None = None,
    person: int | None = None,
    parts: Sequence[str] = (),
    back: str = "",
) -> str:
    """The address of what is behind the figure `key` as of `at`: of a team's people that day, of one person, or of all that the
    reader reaches; of these parts, or of all. `back` is the page (and the place in it) that the way back leads to."""
    asked: dict[str, object] = {"at": at.isoformat()}
    if team is not None:
        asked["team"] = team
    if person is not None:
        asked["person"] = person
    if parts:
        asked["part"] = list(parts)
    if back:
        asked["back"] = back
    return f"{reverse('reports:behind', args=[key])}?{urlencode(asked, doseq=True)}"
