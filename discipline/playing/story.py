"""Reads a story from its file. What it does not understand it names, so that nothing is passed over in silence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PARTS = ("company1", "company2", "meeting", "call1", "call2", "call3", "call4", "call5", "win")
KEYS = frozenset(
    [
        "name",
        "zone",
        "holidays",
        "teams",
        "people",
        "head",
        "days",
        "perfect",
        "standing_deal",
        "standing_task_due",
        "rules",
        "events",
        "expect",
    ]
)
PERSON_KEYS = frozenset(["team", "workdays", "hours", "hired", "signed"])
TEAM_KEYS = frozenset(["deadline", "mode", "zone"])
EXPECT_KEYS = frozenset(["who", "day", "points", "posted", "proposed", "lines", "cutoff", "card", "cards", "postings"])
HIRED = date(2026, 1, 5)
SIGNED = "2026-01-05 09:00"


class StoryError(Exception):
    """The file is not a story that can be told."""


@dataclass(frozen=True, kw_only=True)
class TeamPlan:
    name: str
    deadline: time
    mode: str
    zone: str


@dataclass(frozen=True, kw_only=True)
class PersonPlan:
    name: str
    team: str
    workdays: tuple[int, ...]
    shift_start: time
    shift_end: time
    hired: date
    signed: datetime | None


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something somebody does at a moment. `index` is its place in the file, None for what a perfect day makes."""

    at: datetime
    by: str
    do: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    refused: bool = False
    index: int | None = None


@dataclass(frozen=True)
class Story:
    """A story as its file says it; `raw` is the file's mapping."""

    raw: Mapping[str, Any]

    @classmethod
    def read(cls, path: Path) -> Story:
        """Read a file. Raises StoryError."""
        try:
            raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise StoryError(f"{path.name} cannot be read: {error}") from error
        if not isinstance(raw, dict):
            raise StoryError(f"{path.name} is not a story: it has no keys like days and people.")
        story = cls(raw)
        story.check()
        return story

    def check(self) -> None:
        _known(self.raw, KEYS, "the story")
        for missing in {"name", "days", "people"} - set(self.raw):
            raise StoryError(f"The story has no {missing}.")
        for name, facts in self.raw["people"].items():
            _known(facts or {}, PERSON_KEYS, name)
        for name, facts in self.raw.get("teams", {}).items():
            _known(facts or {}, TEAM_KEYS, name)
        for expected in self.expect:
            _known(expected, EXPECT_KEYS, "expect")

    @property
    def name(self) -> str:
        return str(self.raw["name"])

    @property
    def zone(self) -> str:
        return str(self.raw.get("zone", "Europe/Warsaw"))

    @cached_property
    def first(self) -> date:
        return day_of(self.raw["days"][0])

    @cached_property
    def last(self) -> date:
        return day_of(self.raw["days"][-1])

    @cached_property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    @cached_property
    def holidays(self) -> list[date]:
        return [day_of(day) for day in self.raw.get("holidays") or ()]

    @cached_property
    def teams(self) -> list[TeamPlan]:
        given = self.raw.get("teams") or {"sales": {}}
        return [
            TeamPlan(
                name=name,
                deadline=time.fromisoformat((facts or {}).get("deadline", "18:00")),
                mode=_mode((facts or {}).get("mode", "live")),
                zone=(facts or {}).get("zone", self.zone),
            )
            for name, facts in given.items()
        ]

    @cached_property
    def people(self) -> list[PersonPlan]:
        return [self._person(name, facts or {}) for name, facts in self.raw["people"].items()]

    def _person(self, name: str, facts: Mapping[str, Any]) -> PersonPlan:
        start, end = facts.get("hours", ("09:00", "18:00"))
        return PersonPlan(
            name=name,
            team=facts.get("team", "sales"),
            workdays=_weekdays(facts.get("workdays", "mon..fri")),
            shift_start=time.fromisoformat(start),
            shift_end=time.fromisoformat(end),
            hired=day_of(facts.get("hired", HIRED)),
            signed=None if facts.get("signed") == "never" else self.moment(facts.get("signed", SIGNED)),
        )

    @property
    def has_standing_deal(self) -> bool:
        return bool(self.raw.get("standing_deal", True))

    @cached_property
    def standing_task_due(self) -> datetime | date:
        return self.due(self.raw.get("standing_task_due", "2026-10-30 15:00"))

    @cached_property
    def events(self) -> list[Event]:
        return [self._event(index, dict(facts)) for index, facts in enumerate(self.raw.get("events") or ())]

    def _event(self, index: int, facts: dict[str, Any]) -> Event:
        for missing in {"at", "do"} - set(facts):
            raise StoryError(f"Event {index} has no {missing}.")
        return Event(
            at=self.moment(facts.pop("at")),
            by=facts.pop("by", "head"),
            do=facts.pop("do"),
            refused=bool(facts.pop("refused", False)),
            facts=facts,
            index=index,
        )

    @cached_property
    def expect(self) -> list[dict[str, Any]]:
        return [dict(expected) for expected in self.raw.get("expect") or ()]

    def left_out(self, person: str, day: date) -> set[str] | None:
        """The parts left out of a perfect day; None for somebody who has no perfect days."""
        perfect = self.raw.get("perfect") or {}
        if person not in perfect:
            return None
        by_day = {day_of(key): value for key, value in (perfect[person] or {}).items()}
        parts = by_day.get(day, ())
        chosen = set(PARTS) if parts == "all" else {parts} if isinstance(parts, str) else set(parts)
        if unknown := chosen - set(PARTS):
            raise StoryError(f"A perfect day has no {', '.join(sorted(unknown))}.")
        return chosen

    def moment(self, value: Any) -> datetime:
        """An instant: a time without an offset is one in the story's zone."""
        read = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        return read if read.tzinfo else read.replace(tzinfo=ZoneInfo(self.zone))

    def due(self, value: Any) -> datetime | date:
        """A due date with or without a time."""
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        return self.moment(value) if len(str(value)) > len("2026-10-20") else day_of(value)


def day_of(value: Any) -> date:
    """A day, however the file wrote it."""
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _known(facts: Mapping[str, Any], allowed: frozenset[str], where: str) -> None:
    if unknown := sorted(set(facts) - allowed):
        raise StoryError(f"{where} has something unknown: {', '.join(unknown)}.")


def _mode(value: Any) -> str:
    """YAML reads a bare off as a no."""
    return "off" if value is False else str(value)


def _weekdays(value: Any) -> tuple[int, ...]:
    """ "mon..fri", "mon, wed" or a list of names as ISO weekdays."""
    if isinstance(value, str) and ".." in value:
        first, last = (WEEKDAYS.index(name.strip()) for name in value.split(".."))
        return tuple((first + n) % 7 + 1 for n in range((last - first) % 7 + 1))
    names = [name.strip() for name in value.split(",")] if isinstance(value, str) else value
    return tuple(WEEKDAYS.index(name) + 1 for name in names)
