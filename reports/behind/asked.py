"""Which figure somebody opens: read from the address, refused where it makes no sense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from crm.lists.filters import is_key
from reports.figures import FIGURES, Figure

MOST_PARTS = 60
FIRST_YEAR = 1900
"""The years before it have no beginnings that can be counted back to."""
LAST_PAGE = 1_000_000
CLOCKS_DIFFER = timedelta(seconds=5)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A figure as of a moment; of a team, a person or some parts of it."""

    figure: Figure
    moment: datetime
    team: int | None
    person: int | None
    parts: list[str]
    back: str
    page: int
    query: str


def read(key: str, query: QueryDict, *, now: datetime) -> Asked:
    """What an address asks for. Raises Http404 for what no page of ours links to."""
    figure = FIGURES.get(key)
    moment = _moment(query.get("at", ""))
    if figure is None or moment is None or moment > now + CLOCKS_DIFFER:
        raise Http404(_("There is no such figure."))
    return Asked(
        figure=figure,
        moment=moment,
        team=_key(query, "team"),
        person=_key(query, "person"),
        parts=[part.replace("\x00", "") for part in query.getlist("part")[:MOST_PARTS]],
        back=_own(query.get("back", "")),
        page=min(max(1, _key(query, "page") or 1), LAST_PAGE),
        query=query.urlencode(),
    )


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None and moment.year >= FIRST_YEAR else None


def _key(query: Any, name: str) -> int | None:
    text = query.get(name, "")
    if not text:
        return None
    if not is_key(text):
        raise Http404(_("There is no such figure."))
    return int(text)


def _own(path: str) -> str:
    """A page of ours to go back to, or none."""
    return path if path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None) else ""
