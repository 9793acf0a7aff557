"""What stands in one cell of a list: a small dict that the row's template knows how to draw, and the value for a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from accounts import formats

Cell = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Money:
    """An amount on its way into a file, where figure and currency stand in columns of their own."""

    minor: int | None
    currency: str


def text(value: Any, href: str = "", tone: str = "") -> Cell:
    """Words, as a link with `href`; `tone` is a class like "u-muted"."""
    return {"kind": "link" if href else "text", "text": "" if value is None else str(value), "href": href, "tone": tone}


def person(name: str) -> Cell:
    """Somebody, with his initials."""
    return {"kind": "person", "text": name}


def step(value: dict[str, Any] | None) -> Cell:
    """The next step, see components/step.html."""
    return {"kind": "step", "step": value, "text": (value or {}).get("label", "")}


def stage(name: str, colour: str, days: str = "", cold: bool = False) -> Cell:
    """A stage with its colour and how long the deal stands there."""
    return {"kind": "stage", "text": name, "colour": colour, "days": days, "cold": cold}


def badges(words: Iterable[str]) -> Cell:
    """Some words side by side."""
    listed = list(words)
    return {"kind": "badges", "words": listed, "text": ", ".join(listed)}


def money(minor: int | None, currency: str) -> Cell:
    return text("" if minor is None else formats.money(minor, currency))


def number(value: Any) -> Cell:
    return text("" if value is None else formats.number(value))


def day(value: date | None, at: datetime) -> Cell:
    return text(formats.day(value, timezone.localdate(at)) if value else "")


def moment(value: datetime | None, at: datetime) -> Cell:
    """How long ago something was."""
    return text(formats.ago(value, now=at) if value else "", tone="u-muted")
