"""What the lists of companies and of contacts have in common: the last touch, the next step, who neglects whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts import formats
from accounts.models import User
from crm import due
from crm.lists.filters import Asker, Filter, Rows, choice, record, text, toggle
from crm.models import Activity, Deal, Tag, Task
from crm.timeline import on_seen

QUIET_DAYS = (14, 30, 60, 90)

NEXT_STEP = ("next_due", "next_has_time", "next_title", "bare_deal")
TOUCHED = "touched_at"


def filters(column: str) -> list[Filter]:
    """The filters of both lists; `column` is how tasks, activities and deals refer to the client."""

    def quiet(rows: Rows, value: str, asker: Asker) -> Rows:
        since = asker.at - timedelta(days=int(value))
        return rows.exclude(Exists(_touches(column, asker).filter(occurred_at__gte=since)))

    def bare(rows: Rows, asker: Asker) -> Rows:
        return rows.exclude(Exists(_steps(column, asker)))

    days = [
        (str(n), ngettext_lazy("No contact for %(n)s day", "No contact for %(n)s days", n) % {"n": n})
        for n in QUIET_DAYS
    ]
    return [
        record("owner", _("Owner"), User, named_by="full_name", suggest="person", mine=_("Mine")),
        record("tags", _("Tag"), Tag, named_by="name"),
        text("city", _("City")),
        choice("quiet", _("Last contact"), days, quiet, of=Activity, field="occurred_at"),
        toggle("bare", _("No next step"), bare, of=Task, field="due_at", icon="alert-triangle"),
    ]


def with_touch_and_step(rows: Rows, column: str, asker: Asker) -> Rows:
    """Add the last touch and the next step of each row, as far as the asker may see them."""
    steps = _steps(column, asker).order_by("due_at", "pk")
    deals = Deal.objects.visible_to(asker.user).open().filter(next_task_due__isnull=True)
    link = "contacts" if column == "contact" else column
    return rows.annotate(
        touched_at=Subquery(_touches(column, asker).latest_first().values("occurred_at")[:1]),
        next_due=Subquery(steps.values("due_at")[:1]),
        next_has_time=Subquery(steps.values("due_has_time")[:1]),
        next_title=Subquery(steps.values("title")[:1]),
        bare_deal=Exists(deals.filter(**{link: OuterRef("pk")})),
    )


def touch_and_step(row: dict[str, Any], asker: Asker) -> dict[str, Any]:
    """The two formatted: `touched` as words, `step` for components/step.html, empty when there is none."""
    at = asker.at
    touched = formats.ago(row["touched_at"], now=at) if row["touched_at"] else ""
    return {"touched": touched, "step": _step(row, asker)}


def _step(row: dict[str, Any], asker: Asker) -> dict[str, str] | None:
    if row["next_due"] is None:
        return {"kind": "none"} if row["bare_deal"] else None
    group = due.group(row["next_due"], row["next_has_time"], asker.at)
    return {
        "kind": {due.LATE: "late", due.TODAY: "today"}.get(group, "later"),
        "label": row["next_title"],
        "when": due.words(row["next_due"], row["next_has_time"], asker.at),
    }


def _touches(column: str, asker: Asker) -> Any:
    return on_seen(asker.user).filter(**{column: OuterRef("pk")})


def _steps(column: str, asker: Asker) -> Any:
    return Task.objects.visible_to(asker.user).open().filter(**{column: OuterRef("pk")})
