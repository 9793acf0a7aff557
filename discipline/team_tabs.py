"""The pages about a team, side by side: its day, a period, the review, the signals."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.policy import holds

TABS = (
    ("team-day", _("Day"), "calendar", Permission.TEAM_DAY_VIEW),
    ("period", _("Period"), "table", Permission.TEAM_DAY_VIEW),
    ("review", _("Review"), "checks", Permission.CARD_REVIEW),
    ("signals", _("Signals"), "help-circle", Permission.SIGNAL_VIEW),
)


def tabs(request: Any, current: str) -> list[dict[str, Any]]:
    """Those that the reader may open, for components/segments.html; the chosen team goes along."""
    team = request.GET.get("team", "")
    behind = f"?team={team}" if team.isascii() and team.isdigit() and current != "review" else ""
    return [
        {"label": label, "icon": icon, "href": reverse(f"discipline:{name}") + behind, "current": name == current}
        for name, label, icon, permission in TABS
        if holds(request.user, permission)
    ]
