"""A line of text as the values of the quick log's form, with whom it found among the clients that the person sees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import User
from crm import when
from crm.folding import fold
from crm.forms.next_step import OWN
from crm.models import TaskKind
from crm.spoken import reading
from crm.spoken.reading import Name, Reading, Step
from crm.whom import Option, found

ALTERNATIVES = 4
SHORTEST_STEM, LONGEST_ENDING = 4, 3
SEARCHES = 10
"""So often are the clients asked for one line, at most; each name is asked as it stands, then without its ending."""


@dataclass(frozen=True)
class Filled:
    """Values for the form, and the clients that a name of the line may mean, the best first."""

    values: dict[str, Any]
    people: list[Option]


def fill(line: str, *, user: User, at: datetime, chosen: str = "", note: str = "") -> Filled:
    """Read a line; `chosen` is who stands in the form already, `note` what its note says.

    Whoever is chosen stays, unless the line begins with somebody else's name.
    """
    zone = ZoneInfo(user.zone)
    read = reading.read(line, at.astimezone(zone).replace(tzinfo=None))
    name, people = _find(read, user)
    keys = [key for key, _text in people]
    taken = name if name and (not chosen or chosen in keys or read.leads(name)) else None
    values = {**_told(read, user), **(_next(read.step, user, at) if read.step else {})}
    if taken:
        values["who"] = chosen if chosen in keys else keys[0]
    values["note"] = "\n".join(part for part in (note.strip(), read.note(taken)) if part)
    return Filled(values, people)


def _told(read: Reading, user: User) -> dict[str, Any]:
    values: dict[str, Any] = {"kind": read.kind, "minutes": read.minutes}
    if read.result:
        values[f"result_{read.kind or 'call'}"] = read.result
    if read.ended:
        values["ended"] = when.wall(read.ended.date(), read.ended.time(), user.zone)
    return {field: value for field, value in values.items() if value}


def _next(step: Step, user: User, at: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if step.title:
        values |= {"next_title": step.title, "next_kind": step.kind or TaskKind.TODO}
    if step.due:
        due = when.wall(step.due.date(), step.due.time(), user.zone)
        usual = next((name for name, moment in when.next_steps(at, user.zone).items() if moment == due), None)
        values |= {"next_when": usual} if usual else {"next_when": OWN, "next_own": due}
    return values


def _find(read: Reading, user: User) -> tuple[Name | None, list[Option]]:
    """The first name that somebody bears, as it stands or without its ending, and those who bear it."""
    for number, (name, query) in enumerate(_queries(read)):
        people = found(user, query, ALTERNATIVES) if number < SEARCHES // 2 else []
        if people:
            return name, people[:ALTERNATIVES]
    return None, []


def _queries(read: Reading) -> Iterator[tuple[Name, str]]:
    for name in read.names:
        yield name, name.text
        stems = " ".join(_stem(word) for word in fold(name.text).split())
        if stems != fold(name.text):
            yield name, stems


def _stem(word: str) -> str:
    """A name without what its case may have added ("Kowalskiej" -> "kowalsk"): the search looks for beginnings."""
    return word if word.isdigit() else word[: max(SHORTEST_STEM, len(word) - LONGEST_ENDING)]
