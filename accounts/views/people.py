"""People: the list for everybody, the rest for the coordinator."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounts.forms.people import NewPerson, Nothing, PersonForm, PlacePerson
from accounts.models import Membership, User
from accounts.permissions import Permission
from accounts.policy import Use, fields, holds, needs
from accounts.services import memberships
from accounts.services import people as services

PAGE = 100
EVENTS_SHOWN = 20


@require_GET
@needs(Permission.PEOPLE_VIEW)
def people(request: Any) -> HttpResponse:
    """Everybody by name, with role and team; who has left only when asked for."""
    asked, off = request.GET.get("q", "").strip()[:100], request.GET.get("off") == "1"
    page = _page_number(request.GET.get("page", ""))
    team = Membership.objects.on(timezone.localdate()).filter(user=OuterRef("pk")).values("team__name")[:1]
    found = User.objects.visible_to(request.user).filter(is_active=not off, full_name__icontains=asked).by_name()
    listed = list(found.annotate(team=Subquery(team))[(page - 1) * PAGE : page * PAGE + 1])
    context = {
        "people": listed[:PAGE],
        "q": asked,
        "off": off,
        "previous": _step(request, page - 1) if page > 1 else "",
        "next": _step(request, page + 1) if len(listed) > PAGE else "",
        "may_edit": holds(request.user, Permission.PEOPLE_EDIT),
        "shows": dict.fromkeys(fields(request.user, User, Use.READ), True),
    }
    return render(request, "accounts/people.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.PEOPLE_EDIT)
def new(request: Any) -> HttpResponse:
    """A colleague who starts."""
    form = NewPerson(request.POST or None, user=request.user)
    if request.method == "POST":
        person = form.submit(services.add, by=request.user, at=timezone.now())
        if person is not None:
            messages.success(request, _("%(name)s is here now.") % {"name": person.full_name})
            url = reverse("accounts:person", args=[person.pk])
            return HttpResponseClientRedirect(url) if request.htmx else redirect(url)
    context = {"form": form, "action": reverse("accounts:person-new")}
    return render(request, "accounts/person_new.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@needs(Permission.PEOPLE_EDIT)
def person(request: Any, pk: int) -> HttpResponse:
    """One person: details, team, access, and what was changed about them."""
    somebody = _find(request, pk)
    form = PersonForm.of(somebody, request.POST or None)
    if request.method == "POST" and form.submit(services.edit, person=somebody, by=request.user, at=timezone.now()):
        return _back(request, somebody, _("Saved."))
    return _page(request, somebody, form=form)


@require_POST
@needs(Permission.PEOPLE_EDIT)
def place(request: Any, pk: int) -> HttpResponse:
    """Another team from a day on."""
    somebody = _find(request, pk)
    form = PlacePerson(request.POST, user=request.user)
    if form.submit(memberships.place, user=somebody, by=request.user):
        return _back(request, somebody, _("The team is set."))
    return _page(request, somebody, place_form=form)


@require_POST
@needs(Permission.PEOPLE_EDIT)
def switch_off(request: Any, pk: int) -> HttpResponse:
    """End somebody's access, at once and everywhere."""
    somebody = _find(request, pk)
    form = Nothing(request.POST)
    if form.submit(services.deactivate, person=somebody, by=request.user, at=timezone.now()):
        return _back(request, somebody, _("%(name)s can no longer sign in.") % {"name": somebody.full_name})
    return _page(request, somebody, off_form=form)


@require_POST
@needs(Permission.PEOPLE_EDIT)
def switch_on(request: Any, pk: int) -> HttpResponse:
    """Let somebody in again."""
    somebody = _find(request, pk)
    services.activate(person=somebody, by=request.user, at=timezone.now())
    return _back(request, somebody, _("%(name)s can sign in again.") % {"name": somebody.full_name})


@require_POST
@needs(Permission.PEOPLE_EDIT)
def invite(request: Any, pk: int) -> HttpResponse:
    """Send the link for choosing a password (again)."""
    somebody = _find(request, pk)
    services.invite(person=somebody, by=request.user, at=timezone.now())
    return _back(request, somebody, _("The invitation goes out within a minute."))


def _find(request: Any, pk: int) -> User:
    return get_object_or_404(User.objects.visible_to(request.user, Permission.PEOPLE_EDIT), pk=pk)


def _back(request: Any, somebody: User, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("accounts:person", pk=somebody.pk)


def _page(request: Any, somebody: User, **forms: Any) -> HttpResponse:
    """The page with whichever form came back refused."""
    today: date = timezone.localdate()
    context = {
        "person": somebody,
        "form": PersonForm.of(somebody),
        "place_form": PlacePerson(user=request.user, initial={"on": today}),
        "memberships": somebody.memberships.select_related("team").order_by("-starts_on"),
        "events": somebody.access_events.select_related("by", "team")[:EVENTS_SHOWN],
        "today": today,
        **forms,
    }
    refused = any(form.errors for form in forms.values())
    return render(request, "accounts/person.html", context, status=422 if refused else 200)


def _page_number(text: str) -> int:
    return max(1, int(text)) if text.isdecimal() and len(text) < 6 else 1


def _step(request: Any, page: int) -> str:
    words = request.GET.copy()
    words["page"] = str(page)
    return f"?{words.urlencode()}"
