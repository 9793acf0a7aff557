"""Calendars: a year at a glance for everybody, days brought in, approved, added and removed by the coordinator."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts.permissions import Permission
from accounts.policy import holds, needs
from crm.views.answers import asked, refused, sent
from discipline import calendar_page
from discipline.forms.calendars import AddDay, BringIn, OneDay
from discipline.services import calendars

YEARS_BACK, YEARS_AHEAD = 5, 2


@require_safe
@needs(Permission.RULES_VIEW)
def show(request: Any) -> HttpResponse:
    """A year of one calendar; without a choice this year of one's own team's."""
    today = timezone.localdate()
    known = calendar_page.names()
    name = request.GET["calendar"] if "calendar" in request.GET else calendar_page.own(request.user, today)
    years = range(today.year - YEARS_BACK, today.year + YEARS_AHEAD + 1)
    year = {str(one): one for one in years}.get(request.GET.get("year", str(today.year)))
    if name not in known or year is None:
        raise Http404
    context = {
        "page": calendar_page.read(name, known, year, today),
        "years": years,
        "may_edit": holds(request.user, Permission.RULES_EDIT),
        "may_shift": holds(request.user, Permission.DEADLINE_SHIFT),
    }
    return render(request, "discipline/calendars/page.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.RULES_EDIT)
def bring_in(request: Any) -> HttpResponse:
    """Holidays of a country and year, to be approved."""
    now = timezone.now()
    initial = {"calendar": request.GET.get("calendar", ""), "year": request.GET.get("year", "")}
    form = BringIn(sent(request), this_year=timezone.localdate(now).year, initial=initial)
    if request.method == "POST":
        rows = form.submit(calendars.bring_in, by=request.user, at=now)
        if rows is not None:
            n = len(rows)
            said = ngettext("%(n)s day is in the calendar.", "%(n)s days are in the calendar.", n) % {"n": n}
            approve = _("Approve them, and they hold.") if n else _("All of that year are there already, or over.")
            return _back(request, f"{said} {approve}", form.cleaned_data["calendar"], form.cleaned_data["year"])
    return asked(request, "discipline/calendars/bring_in.html", form)


@require_http_methods(["GET", "POST"])
@needs(Permission.RULES_EDIT)
def add(request: Any) -> HttpResponse:
    """A holiday, a short day or an extra workday; approved by whoever adds it."""
    initial = {name: request.GET[name] for name in ("calendar", "day", "kind") if name in request.GET}
    form = AddDay(sent(request), initial=initial)
    if request.method == "POST":
        row = form.submit(calendars.add_day, by=request.user, at=timezone.now())
        if row is not None:
            return _back(request, _("The day is in the calendar."), row.calendar, row.day.year)
    return asked(request, "discipline/calendars/add.html", form)


@require_POST
@needs(Permission.RULES_EDIT)
def approve(request: Any) -> HttpResponse:
    """Let a day hold that was brought in, or all of them."""
    form = OneDay(request.POST)
    count = form.submit(calendars.approve, by=request.user, at=timezone.now())
    if count is None:
        return refused(request, form, to=reverse("discipline:calendar"))
    said = ngettext("%(count)s day approved.", "%(count)s days approved.", count) % {"count": count}
    return _back(request, said, form.cleaned_data["calendar"], request.POST.get("year"))


@require_POST
@needs(Permission.RULES_EDIT)
def remove(request: Any) -> HttpResponse:
    """Make a day an ordinary one again."""
    form = OneDay(request.POST)
    if form.is_valid() and not form.cleaned_data["day"]:
        form.add_error("day", _("Choose the day to take out."))
    done = form.submit(_remove, by=request.user, at=timezone.now())
    if done is None:
        return refused(request, form, to=reverse("discipline:calendar"))
    return _back(request, _("It is an ordinary day again."), form.cleaned_data["calendar"], request.POST.get("year"))


def _remove(**words: Any) -> bool:
    """Tells a form that it was done."""
    calendars.remove_day(**words)
    return True


def _back(request: Any, said: str, calendar: str, year: Any) -> HttpResponse:
    """The page again: the picture and the list of the year both changed."""
    messages.success(request, said)
    asked_for = {"calendar": calendar, "year": year} if year else {"calendar": calendar}
    url = f"{reverse('discipline:calendar')}?{urlencode(asked_for)}"
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)
