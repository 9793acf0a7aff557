"""The list of scorecards: own ones, or those of one's people, newest first, page after page by key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts import formats
from accounts.models import Role, Team
from accounts.reach import teams_of
from discipline.models import Scorecard

SIZE = 50
SIGNS = {"minus": Q(points__lt=0), "plus": Q(points__gte=0)}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the list is narrowed to; what nobody could have meant is left out."""

    user: str = ""
    team: str = ""
    since: date | None = None
    until: date | None = None
    sign: str = ""
    after: tuple[date, int] | None = None

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Asked:
        return cls(
            user=query.get("user", "") if query.get("user") == "me" else _key(query.get("user", "")),
            team=_key(query.get("team", "")),
            since=_day(query.get("since", "")),
            until=_day(query.get("until", "")),
            sign=query.get("sign", "") if query.get("sign") in SIGNS else "",
            after=_cursor(query.get("after", "")),
        )

    def narrow(self, rows: QuerySet[Scorecard], reader: Any) -> QuerySet[Scorecard]:
        """The rows that were asked for, from the cursor on."""
        if self.user:
            rows = rows.filter(user=reader.pk if self.user == "me" else int(self.user))
        if self.team:
            rows = rows.filter(team=int(self.team))
        if self.since:
            rows = rows.filter(day__gte=self.since)
        if self.until:
            rows = rows.filter(day__lte=self.until)
        if self.sign:
            rows = rows.filter(SIGNS[self.sign])
        if self.after:
            day, pk = self.after
            rows = rows.filter(Q(day__lt=day) | Q(day=day, pk__lt=pk), day__lte=day)
        return rows

    def address(self, after: str = "") -> str:
        """The address of this list, from a row on."""
        words = {
            "user": self.user,
            "team": self.team,
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
            "sign": self.sign,
            "after": after,
        }
        return f"{reverse('discipline:card-list')}?{urlencode({key: word for key, word in words.items() if word})}"

    @property
    def narrows(self) -> bool:
        return any((self.user, self.team, self.since, self.until, self.sign))


def read(reader: Any, asked: Asked) -> tuple[list[dict[str, Any]], str]:
    """One page of rows ready to draw, and the address of the next one (empty on the last): one statement."""
    rows = asked.narrow(Scorecard.objects.visible_to(reader), reader).order_by("-day", "-pk")
    found = list(rows.values("id", "day", "points", "posted", "user__full_name", "team__name")[: SIZE + 1])
    today = timezone.localdate()
    drawn = [
        {
            "url": reverse("discipline:card", args=[row["id"]]),
            "day": formats.day(row["day"], today),
            "person": row["user__full_name"],
            "team": row["team__name"],
            "points": row["points"],
            "posted": row["posted"],
        }
        for row in found[:SIZE]
    ]
    last = found[SIZE - 1] if len(found) > SIZE else None
    return drawn, asked.address(f"{last['day'].isoformat()},{last['id']}") if last else ""


def teams_for(reader: Any) -> list[Team]:
    """The teams that a reader may choose from; none for somebody who sees only his own cards."""
    if reader.role == Role.MANAGER:
        return []
    return list((teams_of(reader) if reader.role == Role.HEAD else Team.objects.all()).order_by("path"))


def _key(text: str) -> str:
    return text if text.isascii() and text.isdigit() and len(text) < 19 else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _cursor(text: str) -> tuple[date, int] | None:
    day, _comma, key = text.partition(",")
    found = _day(day)
    return (found, int(key)) if found and _key(key) else None
