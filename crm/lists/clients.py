"""What the lists of companies and of contacts have in common: the last touch, the next step, who neglects whom."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Subquery, Sum
from django.db.models.functions import JSONObject
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import formats
from accounts.models import User
from crm import due
from crm.lists import cells
from crm.lists.filters import Asker, Filter, Rows, choice, record, text, toggle
from crm.lists.pages import Column
from crm.lists.spans import Days, days, instant
from crm.models import Activity, Deal, Tag, Task
from crm.timeline import on_seen

QUIET_DAYS = (14, 30, 60, 90)


def _quiet_for(n: int) -> str:
    """In the reader's language: a lazy text with its number put in at once would stay in that of the server."""
    return ngettext("No contact for %(n)s day", "No contact for %(n)s days", n) % {"n": n}


def filters(column: str) -> list[Filter]:
    """The filters of both lists; `column` is how tasks, activities and deals refer to the client."""

    def quiet(rows: Rows, value: str, asker: Asker) -> Rows:
        since = asker.at - timedelta(days=int(value))
        return rows.exclude(Exists(_touches(column, asker).filter(occurred_at__gte=since)))

    def bare(rows: Rows, asker: Asker) -> Rows:
        return rows.exclude(Exists(_steps(column, asker)))

    def touched(rows: Rows, span: Days, asker: Asker) -> Rows:
        """Last touched in these days: then, and not since."""
        first, last = (instant(day, asker) if day else None for day in span)
        touches = _touches(column, asker)
        if last:
            rows = rows.exclude(Exists(touches.filter(occurred_at__gte=last)))
        return rows.filter(Exists(touches.filter(occurred_at__gte=first) if first else touches))

    without = [(str(n), lazy(_quiet_for, str)(n)) for n in QUIET_DAYS]
    return [
        record("owner", _("Owner"), User, named_by="full_name", suggest="person", mine=_("Mine"), quick=True),
        toggle("bare", _("No next step"), bare, of=Task, field="due_at", icon="alert-triangle"),
        choice("quiet", _("Neglected"), without, quiet, of=Activity, field="occurred_at"),
        days("touched", _("Last contact"), narrow=touched, of=Activity, field="occurred_at"),
        record("tags", _("Tag"), Tag, named_by="name", empty=True),
        text("city", _("City")),
        days("created", _("Added"), column="recorded_at"),
    ]


def touched(column: str) -> Column:
    """When somebody last talked with them, as far as the asker may see it."""

    def adds(asker: Asker) -> dict[str, Any]:
        return {"touched_at": Subquery(_touches(column, asker).latest_first().values("occurred_at")[:1])}

    def draw(row: Any, asker: Asker) -> cells.Cell:
        return cells.text(formats.ago(row["touched_at"], now=asker.at) if row["touched_at"] else "")

    return Column(
        key="touched", label=_("Last contact"), of=Activity, field="occurred_at", adds=adds, draw=draw,
        plain=lambda row, asker: row["touched_at"], classes="is-secondary u-nowrap",
    )  # fmt: skip


def step(column: str) -> Column:
    """The next task, or that an open deal has none."""
    link = "contacts" if column == "contact" else column

    def adds(asker: Asker) -> dict[str, Any]:
        facts = JSONObject(due="due_at", timed="due_has_time", title="title")
        deals = Deal.objects.visible_to(asker.user).open().filter(next_task_due__isnull=True)
        return {
            "next_task": Subquery(_steps(column, asker).order_by("due_at", "pk").values(facts=facts)[:1]),
            "bare_deal": Subquery(deals.filter(**{link: OuterRef("pk")}).values("pk")[:1]),
        }

    def plain(row: Any, asker: Asker) -> Any:
        return row["next_task"]["title"] if row["next_task"] else None

    return Column(
        key="step", label=_("Next step"), of=Task, field="due_at", adds=adds, draw=lambda row, asker: cells.step(_step(row, asker)),
        plain=plain,
    )  # fmt: skip


def open_deals(column: str) -> Column:
    """What the open deals come to that the asker sees, a sum for each currency."""
    link = "contacts" if column == "contact" else column

    def adds(asker: Asker) -> dict[str, Any]:
        deals = Deal.objects.visible_to(asker.user).open().filter(**{link: OuterRef("pk")}, amount_minor__isnull=False)
        sums = deals.order_by().values("currency").annotate(sum=Sum("amount_minor"))
        return {"deal_sums": ArraySubquery(sums.values(facts=JSONObject(sum="sum", currency="currency")))}

    def words(row: Any, asker: Asker) -> str:
        return " + ".join(formats.money(int(one["sum"]), one["currency"]) for one in row["deal_sums"])

    return Column(
        key="open_deals", label=_("Open deals"), of=Deal, field="amount_minor", adds=adds, standard=False,
        draw=lambda row, asker: cells.text(words(row, asker)), plain=words, classes="is-secondary u-num",
    )  # fmt: skip


def _step(row: dict[str, Any], asker: Asker) -> dict[str, str] | None:
    task = row["next_task"]
    if task is None:
        return {"kind": "none"} if row["bare_deal"] else None
    due_at = datetime.fromisoformat(task["due"])
    group = due.group(due_at, task["timed"], asker.at)
    return {
        "kind": {due.LATE: "late", due.TODAY: "today"}.get(group, "later"),
        "label": task["title"],
        "when": due.words(due_at, task["timed"], asker.at),
    }


def _touches(column: str, asker: Asker) -> Any:
    return on_seen(asker.user).filter(**{column: OuterRef("pk")})


def _steps(column: str, asker: Asker) -> Any:
    return Task.objects.visible_to(asker.user).open().filter(**{column: OuterRef("pk")})
