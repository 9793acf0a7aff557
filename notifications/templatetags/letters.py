"""What messages need to write their plain values: dates come as ISO text, figures as numbers or their text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext as _

from accounts import formats
from accounts.models import Role
from notifications import links

register = template.Library()


@register.filter
def as_day(value: str) -> date:
    """ "2026-10-20" -> a date, for the `date` filter."""
    return date.fromisoformat(value)


@register.filter
def as_moment(value: str) -> datetime:
    """ "2026-10-20T16:00:00Z" -> an instant, for the `date` filter."""
    return datetime.fromisoformat(value)


@register.filter
def absolute(path: str) -> str:
    """ "/tasks/7/done/" -> an address that leads here from a mail."""
    return links.absolute(path)


@register.filter
def signed(value: Any) -> str:
    """Points with their sign: "+3", "−2", "0"."""
    return formats.points(Decimal(str(value)))


@register.filter
def figure(value: Any) -> str:
    """A value or a target: numbers as people write them, a dash for none, other text as it is."""
    if value in (None, "", "None"):
        return formats.DASH
    try:
        return formats.number(Decimal(str(value)), 2)
    except ArithmeticError:
        return str(value)


@register.filter
def result_word(value: str) -> str:
    """What became of a rule, in a word."""
    return {"met": _("met"), "missed": _("missed")}.get(value, _("not counted"))


@register.filter
def missed_count(lines: Iterable[Mapping[str, Any]]) -> int:
    """How many rules of a card were missed."""
    return sum(line.get("result") == "missed" for line in lines)


@register.filter
def role_word(value: str) -> str:
    """ "head" -> "Head of sales"."""
    return str(Role(value).label)
