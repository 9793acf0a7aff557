"""How the causes of corrections read in messages, which keep them as plain words."""

from __future__ import annotations

from django import template

from discipline.models import AdjustmentKind

register = template.Library()


@register.filter
def why(cause: str) -> str:
    """ "late_calls" -> "telephony came late"."""
    return str(AdjustmentKind(cause).label)
