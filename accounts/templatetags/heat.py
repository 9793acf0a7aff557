"""A cell of a heat map: there are hundreds on a page, so that each is put together from what is known of its state."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from accounts.templatetags.ui import icon, state_word, tone

register = template.Library()
ICONS = {
    "missed": "circle-x",
    "behind": "circle-x",
    "late": "circle-x",
    "watch": "alert-triangle",
    "met": "check",
    "on-track": "check",
    "pending": "clock",
}


@register.simple_tag
def heat_cell(cell: Mapping[str, Any]) -> SafeString:
    """One cell: `state`, `value` (formatted), optionally `href` (the page behind) and `get` (the dialog with the evidence).

    Met is quiet, the rest is loud.
    """
    begins, ends = _around(cell["state"], get_language() or "")
    href, get = cell.get("href"), cell.get("get")
    tag = "a" if href else "span"
    leads = f' href="{conditional_escape(href)}"' if href else ""
    opens = f' hx-get="{conditional_escape(get)}" hx-target="#dialog"' if href and get else ""
    return mark_safe(f"<{tag}{leads}{opens}{begins}{conditional_escape(cell['value'])}{ends}</{tag}>")  # noqa: S308


@cache
def _around(state: str, language: str) -> tuple[str, str]:
    """What stands before and after the figure of a cell in this state, in this language."""
    begins = format_html(
        ' class="c-heat__cell c-heat__cell--{} is-{}">{}<span>', state, tone(state), icon(ICONS.get(state, "minus"), 16)
    )
    return begins, format_html('</span><span class="u-hidden-visually">{}</span>', state_word(state))
