"""The calendar of tasks and meetings: the page, what it draws, and one task of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.models import Role, User
from accounts.permissions import Permission
from accounts.policy import holds, needs
from accounts.reach import people_of
from crm import agenda, planner_calendar
from crm.models import CalendarFeed, Task
from crm.planner_calendar import BadSpan, Span

LOCALES = {"en": "en-GB"}
"""How the browser writes dates and times in a language of ours, where that is not the language's own way."""


@require_GET
@needs(Permission.TASK_VIEW)
def calendar(request: Any) -> HttpResponse:
    """One's own week; heads may look at a colleague or at everybody."""
    now, user = timezone.now(), request.user
    people = _people(user)
    whose = planner_calendar.whose(user, request.GET.get("owner", ""), people)
    week = Span.week_of(_day(request.GET.get("week", "")))
    context = {
        "people": people,
        "whose": whose,
        "options": _options(user, whose),
        "days": planner_calendar.by_day(planner_calendar.events(user, whose, week, now), week),
        "before": week.first - timedelta(days=7),
        "after": week.until,
        "feed": CalendarFeed.objects.filter(user=user).first(),
        "may_feed": holds(user, Permission.FEED_EDIT),
    }
    return render(request, "crm/calendar/calendar.html", context)


@require_GET
@needs(Permission.TASK_VIEW)
def events(request: Any) -> JsonResponse:
    """Tasks and meetings between two days, six weeks at most."""
    try:
        span = Span.read(request.GET.get("start", ""), request.GET.get("end", ""))
    except BadSpan:
        return JsonResponse({"error": _("Ask for at most six weeks: start and end are days.")}, status=400)
    user = request.user
    whose = planner_calendar.whose(user, request.GET.get("owner", ""), _people(user))
    return JsonResponse(planner_calendar.events(user, whose, span, timezone.now()), safe=False)


@require_GET
@needs(Permission.TASK_VIEW)
def task(request: Any, pk: int) -> HttpResponse:
    """One task of the calendar with what can be done with it."""
    get_object_or_404(Task.objects.visible_to(request.user), pk=pk)
    now = timezone.now()
    row = agenda.rows(Task.objects.visible_to(request.user).filter(pk=pk), request.user, now, 1)[0]
    return render(request, "crm/calendar/task.html", {"task": row})


def _people(user: User) -> list[User]:
    """The colleagues whose calendar somebody may look at: one statement, none for who leads nobody."""
    return [] if user.role == Role.MANAGER else list(people_of(user).active().by_name())


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()
    return day if 2 < day.year < 9990 else timezone.localdate()


def _options(user: User, whose: int | None) -> dict[str, Any]:
    """What the script needs to draw the calendar as the reader's language and zone have it."""
    language = get_language() or "en"
    here = f"{timezone.localtime():%z}"
    return {
        "events": reverse("crm:calendar-events"),
        "add": reverse("crm:task-new") if holds(user, Permission.TASK_ADD) else "",
        "owner": "all" if whose is None else str(whose),
        "locale": LOCALES.get(language, language),
        "firstDay": planner_calendar.first_weekday(),
        "timeZone": f"{here[:3]}:{here[3:]}",
        "words": {
            "today": _("Today"),
            "week": _("Week"),
            "month": _("Month"),
            "list": _("List"),
            "before": _("Earlier"),
            "after": _("Later"),
            "allDay": _("all day"),
            "none": _("Nothing is planned here."),
            "more": _("%(n)s more"),
            "close": _("Close"),
            "kept": _("It stays where it was."),
            "failed": _("The calendar could not be read. Reload the page and try again."),
        },
    }
