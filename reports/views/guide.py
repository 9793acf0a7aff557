"""Help, ordered by what people do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from accounts.policy import holds, needs


@dataclass(frozen=True)
class Topic:
    """One thing that somebody wants to do; its text is `reports/help/<key>.html`."""

    key: str
    title: Any
    icon: str
    permission: Permission


TOPICS = (
    Topic("log-a-call", _("Log a call in seconds"), "phone", Permission.ACTIVITY_VIEW),
    Topic("next-steps", _("Keep every deal moving"), "layout-kanban", Permission.DEAL_VIEW),
    Topic("walk-the-queue", _("Know what to do next"), "arrow-right", Permission.ACTIVITY_ADD),
    Topic("calendar", _("Plan in the calendar"), "calendar-event", Permission.TASK_VIEW),
    Topic("clients-after-the-sale", _("Contracts, complaints, purchases"), "heart-handshake", Permission.CONTRACT_VIEW),
    Topic("scored-day", _("How a day is scored"), "gauge", Permission.CARD_VIEW),
    Topic("rules-of-the-game", _("The rules of the game"), "gavel", Permission.RULES_VIEW),
    Topic("appeal-a-score", _("Appeal against a score"), "message-report", Permission.APPEAL_VIEW),
    Topic("take-leave", _("Take leave"), "beach", Permission.LEAVE_VIEW),
    Topic("points-and-money", _("From points to money"), "coins", Permission.STATEMENT_VIEW),
    Topic("reminders", _("Reminders and digests"), "bell", Permission.MESSAGE_VIEW),
    Topic("find-anything", _("Find anything"), "search", Permission.COMPANY_VIEW),
    Topic("build-a-report", _("Build a report"), "report-analytics", Permission.REPORT_EDIT),
    Topic("work-with-lists", _("Work with long lists"), "list", Permission.COMPANY_VIEW),
    Topic("choose-many-clients", _("Choose clients and give everybody a task"), "filter", Permission.SEGMENT_VIEW),
    Topic("merge-duplicates", _("Make one client of two"), "copy", Permission.RECORD_MERGE),
    Topic("without-a-network", _("Work without a network"), "wifi-off", Permission.ACTIVITY_VIEW),
    Topic("who-sees-what", _("Who sees what"), "lock", Permission.PEOPLE_VIEW),
    Topic("review-the-team", _("Review the team's day"), "users-group", Permission.TEAM_DAY_VIEW),
    Topic("the-morning", _("Start the day as a head"), "sunrise", Permission.MORNING_VIEW),
    Topic("the-company", _("See the whole company"), "chart-line", Permission.OVERVIEW_VIEW),
    Topic("weak-links", _("Find weak links"), "link", Permission.WEAK_LINK_VIEW),
    Topic("reports-by-mail", _("Have reports sent by mail"), "mail", Permission.REPORT_MAIL),
    Topic("change-the-rules", _("Change the rules"), "adjustments", Permission.RULES_EDIT),
    Topic("people-and-teams", _("Add people and teams"), "users", Permission.PEOPLE_EDIT),
    Topic("own-fields", _("Add fields of your own"), "forms", Permission.FIELD_EDIT),
    Topic("import", _("Bring in your Excel tables"), "file-import", Permission.IMPORT_VIEW),
)


@require_safe
@needs(Permission.REFERENCE_VIEW)
def index(request: HttpRequest) -> HttpResponse:
    """The topics that concern this person's work."""
    return render(request, "reports/help/index.html", {"topics": _topics(request)})


@require_safe
@needs(Permission.REFERENCE_VIEW)
def topic(request: HttpRequest, key: str) -> HttpResponse:
    """One topic, with the others beside it."""
    topics = _topics(request)
    chosen = next((one for one in topics if one.key == key), None)
    if chosen is None:
        raise Http404
    return render(
        request, "reports/help/topic.html", {"topic": chosen, "topics": topics, "text": f"reports/help/{key}.html"}
    )


def _topics(request: HttpRequest) -> list[Topic]:
    return [one for one in TOPICS if holds(request.user, one.permission)]
