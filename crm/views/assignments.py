"""What was given to many at once: how far it is, and a reminder."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.forms import ServiceForm
from accounts.permissions import Permission
from accounts.policy import needs
from crm import segment_page, segments
from crm.models import MassAssignment
from crm.services import mass_assignments
from crm.views.answers import done, refused

LISTED = 100


@require_GET
@needs(Permission.TASK_ASSIGN)
def assignment_list(request: Any) -> HttpResponse:
    """What was given to many, the newest first."""
    rows = MassAssignment.objects.visible_to(request.user)[:LISTED]
    context = {"given": segment_page.given(rows, timezone.now()), "crumbs": _crumbs()}
    return render(request, "crm/segments/assignments.html", context)


@require_GET
@needs(Permission.TASK_ASSIGN)
def assignment(request: Any, pk: int) -> HttpResponse:
    """How far each person is, and every task."""
    now = timezone.now()
    rows = segment_page.given(MassAssignment.objects.visible_to(request.user).filter(pk=pk), now)
    mass = rows[0] if rows else get_object_or_404(MassAssignment.objects.none())
    context = {
        "mass": mass,
        "words": segments.in_words(mass.conditions),
        "people": segment_page.people(mass, request.user, now),
        "tasks": segment_page.tasks(mass, request.user, now),
        "crumbs": [*_crumbs(), (_("Tasks given"), reverse("crm:assignment-list"))],
    }
    return render(request, "crm/segments/assignment.html", context)


@require_POST
@needs(Permission.TASK_ASSIGN)
def remind(request: Any, pk: int) -> HttpResponse:
    """Remind who still has tasks of it."""
    mass = get_object_or_404(MassAssignment.objects.visible_to(request.user), pk=pk)
    form, to = ServiceForm(request.POST), reverse("crm:assignment", args=[pk])
    told = form.submit(mass_assignments.remind, mass=mass, by=request.user, at=timezone.now())
    if told is None:
        return refused(request, form, to=to)
    said = ngettext("%(n)s person is reminded.", "%(n)s people are reminded.", told) % {"n": told}
    return done(request, said if told else _("Everybody is done: nobody was reminded."), "assignment-changed", to=to)


def _crumbs() -> list[tuple[str, str]]:
    return [(_("Segments"), reverse("crm:segment-list"))]
