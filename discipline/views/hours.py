"""Hours of teams and people: who must be done when, how far points count, and by which rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts.models import Team
from accounts.permissions import Permission
from accounts.policy import holds, needs
from crm.views.answers import asked, sent
from crm.when import local_day
from discipline import calendar_page, hours_page
from discipline.forms.hours import GiveRules, PersonHours, PolicyForm, ShiftForm
from discipline.models import Assignment, TeamPolicy
from discipline.services import assignments, policies, shifts


@require_safe
@needs(Permission.DEADLINE_SHIFT)
def hours(request: Any) -> HttpResponse:
    """Every team that the reader looks after."""
    context = {"entries": hours_page.read(request.user, timezone.now())}
    return render(request, "discipline/hours/list.html", context)


@require_safe
@needs(Permission.DEADLINE_SHIFT)
def team(request: Any, pk: int) -> HttpResponse:
    """One team: deadline and mode with the gate, shifts, people."""
    one = _find(request, pk)
    context = {
        "team": one,
        "page": hours_page.read_team(one, timezone.now()),
        "may_edit": holds(request.user, Permission.RULES_EDIT),
        "crumbs": [(_("Hours"), reverse("discipline:hours")), (one.name, "")],
    }
    return render(request, "discipline/hours/team.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.RULES_EDIT)
def policy(request: Any, pk: int) -> HttpResponse:
    """Another deadline, zone, mode or calendar from a day on; going live passes the gate."""
    one, now = _find(request, pk), timezone.now()
    latest = TeamPolicy.objects.filter(team=one).order_by("-starts_on").first()
    first = policies.first_free_day(team=one, at=now) if latest else timezone.localdate(now)
    initial = {"mode": request.GET["mode"]} if "mode" in request.GET else {}
    form = PolicyForm(sent(request), calendars=calendar_page.names(), policy=latest, first=first, initial=initial)
    if request.method == "POST":
        made = form.submit(policies.set_policy, team=one, by=request.user, at=now)
        if made is not None:
            return _back(request, one, _("It holds from %(day)s on.") % {"day": made.starts_on})
    return asked(request, "discipline/hours/policy.html", form, team=one)


@require_http_methods(["GET", "POST"])
@needs(Permission.DEADLINE_SHIFT)
def shift(request: Any, pk: int) -> HttpResponse:
    """Another deadline on one day."""
    one, now = _find(request, pk), timezone.now()
    form = ShiftForm(sent(request), initial={"day": timezone.localdate(now)})
    if request.method == "POST":
        made = form.submit(shifts.shift, team=one, by=request.user, at=now)
        if made is not None:
            words = {"day": made.day, "deadline": f"{made.deadline:%H:%M}"}
            return _back(request, one, _("The deadline on %(day)s is %(deadline)s.") % words)
    return asked(request, "discipline/hours/shift.html", form, team=one)


@require_http_methods(["GET", "POST"])
@needs(Permission.RULES_EDIT)
def person(request: Any, pk: int, user_pk: int) -> HttpResponse:
    """One person's rules, days and hours from a day on."""
    one, now = _find(request, pk), timezone.now()
    rows = Assignment.objects.filter(team=one, user=user_pk).select_related("user")
    row = get_object_or_404(rows.on(timezone.localdate(now)))
    form = PersonHours(sent(request), assignment=row, initial={"on": _tomorrow(now, [row])})
    if request.method == "POST":
        done = form.submit(_change, user=row.user, by=request.user, at=now)
        if done:
            return _back(request, one, _("The hours of %(name)s are set.") % {"name": row.user.full_name})
    return asked(request, "discipline/hours/person.html", form, team=one, person=row.user)


@require_http_methods(["GET", "POST"])
@needs(Permission.RULES_EDIT)
def scheme(request: Any, pk: int) -> HttpResponse:
    """Rules for the team, for a grade in it, or for one person."""
    one, now = _find(request, pk), timezone.now()
    rows = Assignment.objects.on(timezone.localdate(now)).filter(team=one, user__is_active=True)
    people = list(rows.select_related("user").order_by("user__full_name", "pk"))
    form = GiveRules(sent(request), team=one, people=people, initial={"on": _tomorrow(now, people)})
    if request.method == "POST":
        count = form.submit(assignments.use_scheme, by=request.user, at=now)
        if count is not None:
            said = ngettext("The rules are set for %(n)s person.", "The rules are set for %(n)s people.", count)
            return _back(request, one, said % {"n": count})
    return asked(request, "discipline/hours/scheme.html", form, team=one)


def _find(request: Any, pk: int) -> Team:
    return get_object_or_404(hours_page.teams(request.user), pk=pk)


def _tomorrow(now: datetime, rows: Sequence[Assignment]) -> date:
    """The first day that has begun for none of these people."""
    return max((local_day(now, row.user.zone) for row in rows), default=timezone.localdate(now)) + timedelta(days=1)


def _change(**words: Any) -> bool:
    """Tells a form that it was done."""
    assignments.change(**words)
    return True


def _back(request: Any, one: Team, said: str) -> HttpResponse:
    """The team's page again: the gate and the history may have changed with it."""
    messages.success(request, said)
    url = reverse("discipline:hours-team", args=[one.pk])
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)
