"""Reports that everybody has from the first day: each opens at once, and can be kept and changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from reports.figures.base import Label


@dataclass(frozen=True, kw_only=True)
class Ready:
    """A report in code: its definition as it would be stored, for whoever may see what it is about."""

    key: str
    name: Label
    note: Label
    icon: str
    permission: Permission
    definition: Mapping[str, Any]


READY = (
    Ready(
        key="won-by-month",
        name=_("Won by month and owner"),
        note=_("What everybody won this year, month by month, beside the same months of last year."),
        icon="trophy",
        permission=Permission.DEAL_VIEW,
        definition={
            "source": "deals", "figure": "won_sum", "rows": ["owner"], "columns": ["month"], "period": {"kind": "this_year"},
            "compare": "last_year", "show": "pivot",
        },
    ),
    Ready(
        key="open-by-stage",
        name=_("Open deals by stage"),
        note=_("How much stands in each stage, to see where it thins out."),
        icon="layout-kanban",
        permission=Permission.DEAL_VIEW,
        definition={
            "source": "deals", "figure": "amount_sum", "rows": ["stage"], "filters": {"status": "open"}, "period": {"kind": "all"},
            "show": "bar",
        },
    ),
    Ready(
        key="why-we-lose",
        name=_("Why we lose"),
        note=_("Lost deals of the last twelve months by reason and competitor."),
        icon="mood-sad",
        permission=Permission.DEAL_VIEW,
        definition={
            "source": "deals", "figure": "lost_sum", "rows": ["loss_reason", "competitor"], "period": {"kind": "last_12_months"},
            "show": "pivot", "sort": "-figure",
        },
    ),
    Ready(
        key="when-we-talk",
        name=_("When we talk with clients"),
        note=_("Calls and meetings by day of the week and hour."),
        icon="grid-dots",
        permission=Permission.ACTIVITY_VIEW,
        definition={
            "source": "activities", "figure": "count", "rows": ["weekday"], "columns": ["hour"], "period": {"kind": "last_90_days"},
            "show": "heat",
        },
    ),
    Ready(
        key="purchases-by-month",
        name=_("Purchases by month"),
        note=_("What clients bought in the last twelve months, against the twelve before."),
        icon="chart-line",
        permission=Permission.PURCHASE_VIEW,
        definition={
            "source": "purchases", "figure": "amount_sum", "rows": ["month"], "period": {"kind": "last_12_months"}, "compare": "previous",
            "show": "line",
        },
    ),
    Ready(
        key="complaints-by-kind",
        name=_("Complaints by kind"),
        note=_("What clients complained about this year, by month."),
        icon="message-report",
        permission=Permission.COMPLAINT_VIEW,
        definition={
            "source": "complaints", "figure": "count", "rows": ["kind"], "columns": ["month"], "period": {"kind": "this_year"},
            "show": "pivot",
        },
    ),
)  # fmt: skip
BY_KEY = {one.key: one for one in READY}
