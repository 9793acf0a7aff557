"""How a settled entry reads: what it was for, on statements and in the payroll file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from discipline import words
from discipline.models import AdjustmentKind, EntryKind

COLUMNS = (
    "pk", "kind", "day", "user_id", "credit", "points", "hash", "card_id", "adjustment__kind", "adjustment__text", "adjustment__card_id",
    "claim__reward__name",
)  # fmt: skip
"""What these functions read of an entry, for `values`."""


def moved(entry: Mapping[str, Any]) -> int:
    """What the entry meant for its person."""
    return int(entry["points"]) if entry["credit"] == f"person:{entry['user_id']}" else -int(entry["points"])


def kind(entry: Mapping[str, Any]) -> str:
    return str(EntryKind(entry["kind"]).label)


def about(entry: Mapping[str, Any]) -> str:
    """What a correction or a reward was for; nothing for the score of a day."""
    if entry["claim__reward__name"]:
        return str(entry["claim__reward__name"])
    if entry["adjustment__kind"]:
        return f"{AdjustmentKind(entry['adjustment__kind']).label}: {entry['adjustment__text']}"
    return ""


def card(entry: Mapping[str, Any]) -> int | None:
    """The card that the entry leads back to."""
    return entry["card_id"] or entry["adjustment__card_id"]


def rule(label: str, metric: str) -> str:
    """A rule by its own name, else by its figure's."""
    return label or words.label(metric)


def worked(working: Mapping[str, Any], money: Any) -> list[str]:
    """The formula of an amount in words, step by step; `money` formats minor units."""
    points, value = int(working["points"]), money(working["value_minor"])
    rate = money(working["rate_minor"])
    sum_up = {"points": abs(points), "rate": rate, "value": value}
    if points >= 0:
        return [_("%(points)s points × %(rate)s = %(value)s.") % sum_up]
    first = _("%(points)s points below zero × %(rate)s = %(value)s.") % sum_up
    if working["negative"] == "none":
        return [first, _("Points below zero take nothing.")]
    limit = {
        "cap": working["cap_percent"],
        "pool": money(working["pool_minor"]),
        "limit": money(working["limit_minor"]),
    }
    return [
        first,
        _("They reduce the bonus not earned yet by at most %(cap)s %% of %(pool)s: %(limit)s. Wages are never touched.")
        % limit,
    ]
