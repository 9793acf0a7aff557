"""The seven figures of the owner's morning: the last closed day beside the one before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts import formats
from crm.models import CompanySettings
from discipline.models import Snapshot, TeamDay

LOOKED_BACK = timedelta(days=14)
COUNTED = ("companies_added", "meetings_held", "conversations", "sum_won")
NOTHING = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Days:
    """The last closed day and the one before, with their sums; None before anything was closed."""

    last: date
    before: date | None
    sums: Mapping[date, Mapping[str, Any]] = field(default_factory=dict)
    counts: Mapping[tuple[date, str], Decimal] = field(default_factory=dict)
    currency: str = "EUR"


def read(today: date) -> Days | None:
    """Three statements."""
    rows = TeamDay.objects.filter(day__lt=today, day__gte=today - LOOKED_BACK, cards__gt=0)
    by_day = rows.values("day").annotate(
        people=Sum("cards"), of_points=Sum("points"), kept=Sum("met"), lost=Sum("missed")
    )
    sums: dict[date, Mapping[str, Any]] = {row["day"]: row for row in by_day.order_by("-day")[:2]}
    if not sums:
        return None
    days = sorted(sums, reverse=True)
    counted = Snapshot.objects.filter(day__in=days, metric__in=COUNTED, parameters="").values_list("day", "metric")
    counts = {(day, metric): total for day, metric, total in counted.annotate(total=Sum("value")).order_by("day")}
    return Days(
        last=days[0],
        before=days[1] if len(days) > 1 else None,
        sums=sums,
        counts=counts,
        currency=CompanySettings.current().currency,
    )


def seven(days: Days) -> list[dict[str, str]]:
    """Label, value, and the same of the day before, in the language in force."""
    labels = {
        "people": _("People scored"),
        "kept": _("Rules kept"),
        "points": _("Points"),
        "companies_added": _("Companies added"),
        "meetings_held": _("Meetings held"),
        "conversations": _("Conversations"),
        "sum_won": _("Sum won"),
    }
    return [
        {
            "label": label,
            "value": _value(days, key, days.last),
            "before": _value(days, key, days.before) if days.before else "",
        }
        for key, label in labels.items()
    ]


def _value(days: Days, key: str, day: date) -> str:
    sums = days.sums[day]
    if key == "people":
        return formats.number(sums["people"])
    if key == "points":
        return formats.points(sums["of_points"])
    if key == "kept":
        judged = sums["kept"] + sums["lost"]
        return formats.percent(Decimal(sums["kept"]) / judged) if judged else formats.DASH
    total = days.counts.get((day, key), NOTHING)
    return formats.money(int(total * 100), days.currency) if key == "sum_won" else formats.number(total)
