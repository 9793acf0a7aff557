"""The list of scorecards: own ones, or those of one's people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import formats
from accounts.models import Team, User
from accounts.permissions import Permission
from crm.lists import Asker, Column, ListPage, View, choice, record
from crm.lists.filters import Rows
from crm.lists.pages import register
from discipline.models import Scorecard

SINCE = {"week": 7, "month": 31, "quarter": 92}


def since(rows: Rows, value: str, asker: Asker) -> Rows:
    return rows.filter(day__gt=timezone.localdate(asker.at) - timedelta(days=SINCE[value]))


def by_sign(rows: Rows, value: str, asker: Asker) -> Rows:
    return rows.filter(points__lt=0) if value == "minus" else rows.filter(points__gte=0)


def read(rows: Rows, asker: Asker) -> Rows:
    return rows.values("id", "day", "points", "posted", "mode", "user__full_name", "team__name")


def show(row: Any, asker: Asker) -> dict[str, Any]:
    return {
        "url": reverse("discipline:card", args=[row["id"]]),
        "day": formats.day(row["day"], timezone.localdate(asker.at)),
        "person": row["user__full_name"],
        "team": row["team__name"],
        "points": row["points"],
        "posted": row["posted"],
        "counts": row["posted"] == row["points"],
    }


def search(rows: Rows, query: str) -> Rows:
    return rows.filter(user__full_name__icontains=query)


def counted(n: int) -> str:
    return ngettext("%(n)s scorecard", "%(n)s scorecards", n) % {"n": formats.number(n)}


CARDS = register(
    ListPage(
        noun="cards",
        model=Scorecard,
        permission=Permission.CARD_VIEW,
        url_name="discipline:card-list",
        title=_("Scorecards"),
        columns=[
            Column(key="day", label=_("Day"), sort="day", descending=True),
            Column(key="person", label=_("Person"), field="user"),
            Column(key="team", label=_("Team"), classes="is-secondary"),
            Column(key="points", label=_("Points"), sort="points", descending=True, classes="u-num"),
            Column(key="posted", label=_("Counted"), classes="u-num is-secondary"),
        ],
        filters=[
            record("user", _("Anyone"), User, named_by="full_name", suggest="person", mine=_("Mine")),
            record("team", _("Any team"), Team, named_by="name"),
            choice(
                "since", _("Any time"),
                [("week", _("Last 7 days")), ("month", _("Last 31 days")), ("quarter", _("Last 92 days"))],
                since, field="day",
            ),
            choice("sign", _("Any points"), [("minus", _("Below zero")), ("plus", _("Zero and above"))], by_sign, field="points"),
        ],
        views=[View(_("All")), View(_("Mine"), "user=me")],
        read=read,
        show=show,
        search=search,
        counted=counted,
        row_template="discipline/cards/_row.html",
        sort="day",
        search_label=_("Name"),
        empty={
            "icon": "clipboard-check",
            "title": _("No scorecards yet."),
            "text": _("The first one is written half an hour after the cut-off of your next working day."),
        },
        template="discipline/cards/list.html",
    )
)  # fmt: skip
