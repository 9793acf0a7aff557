"""Teams: the tree for everybody, changes for the coordinator."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from accounts.forms import ServiceForm
from accounts.forms.teams import TeamForm
from accounts.models import Team
from accounts.permissions import Permission
from accounts.policy import holds, needs
from accounts.services import teams as services


@require_GET
@needs(Permission.TEAM_VIEW)
def teams(request: Any) -> HttpResponse:
    """The tree, with heads and the number of people today."""
    today = timezone.localdate()
    here = Q(memberships__starts_on__lte=today, memberships__user__is_active=True) & (
        Q(memberships__ends_on__isnull=True) | Q(memberships__ends_on__gt=today)
    )
    tree = list(
        Team.objects.visible_to(request.user)
        .in_order()
        .select_related("head")
        .annotate(size=Count("memberships", here))
    )
    rows = [{"team": team, "above": range(len(team.path) // services.STEP - 1)} for team in tree]
    return render(request, "accounts/teams.html", {"rows": rows, "may_edit": holds(request.user, Permission.TEAM_EDIT)})


@require_http_methods(["GET", "POST"])
@needs(Permission.TEAM_EDIT)
def new(request: Any) -> HttpResponse:
    """One more team."""
    form = TeamForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.submit(services.add, by=request.user):
        return _done(request, _("The team is there."))
    return _ask(request, form, "accounts/team_new.html", reverse("accounts:team-new"))


@require_http_methods(["GET", "POST"])
@needs(Permission.TEAM_EDIT)
def edit(request: Any, pk: int) -> HttpResponse:
    """A team's name, place and head."""
    team = get_object_or_404(Team.objects.visible_to(request.user, Permission.TEAM_EDIT), pk=pk)
    form = TeamForm(request.POST or None, user=request.user, team=team)
    if request.method == "POST" and form.submit(services.edit, team=team, by=request.user):
        return _done(request, _("Saved."))
    return _ask(request, form, "accounts/team_edit.html", reverse("accounts:team-edit", args=[team.pk]))


def _ask(request: Any, form: ServiceForm, template: str, action: str) -> HttpResponse:
    return render(request, template, {"form": form, "action": action}, status=422 if form.errors else 200)


def _done(request: Any, said: str) -> HttpResponse:
    """The tree is short: the whole page again, so that every path in it is right."""
    messages.success(request, said)
    url = reverse("accounts:teams")
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)
