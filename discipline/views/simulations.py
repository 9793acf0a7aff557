"""The simulator: a draft played over past days before it is published."""

from __future__ import annotations

import logging
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts.permissions import Permission
from accounts.policy import needs
from crm.views.answers import asked, sent
from discipline import tasks
from discipline.forms.schemes import Simulate
from discipline.models import Simulation
from discipline.services import simulations
from discipline.simulator_page import SimulationPage
from discipline.views.schemes import versions_of

log = logging.getLogger(__name__)


@require_http_methods(["GET", "POST"])
@needs(Permission.RULES_EDIT)
def new(request: Any, pk: int) -> HttpResponse:
    """Ask for a version to be played over past days; goes on on the page of its results."""
    version = get_object_or_404(versions_of(request), pk=pk)
    form = Simulate(sent(request))
    if request.method == "POST":
        simulation = form.submit(simulations.ask, version=version, by=request.user, at=timezone.now())
        if simulation is not None:
            transaction.on_commit(lambda: _nudge(simulation.pk))
            url = reverse("discipline:simulation", args=[simulation.pk])
            return HttpResponseClientRedirect(url) if request.htmx else redirect(url)
    return asked(request, "discipline/simulator/new.html", form, version=version)


@require_safe
@needs(Permission.RULES_EDIT)
def simulation(request: Any, pk: int) -> HttpResponse:
    """What a simulation has found, or how far it is; htmx asks for the changing part."""
    rows = Simulation.objects.filter(version__in=versions_of(request).values("pk"))
    found = get_object_or_404(rows.select_related("version__scheme", "team", "asked_by"), pk=pk)
    context = {"page": SimulationPage(found), "simulation": found}
    if request.htmx:
        return render(request, "discipline/simulator/_results.html", context)
    scheme = found.version.scheme
    above = (scheme.name, reverse("discipline:scheme", args=[scheme.pk]))
    crumbs = [(_("Schemes"), reverse("discipline:scheme-list")), above, (_("Simulation"), "")]
    return render(request, "discipline/simulator/page.html", {**context, "crumbs": crumbs})


def _nudge(simulation_id: int) -> None:
    """Have a worker begin now. A broker that is away costs nothing but the minutes until the timetable looks."""
    try:
        tasks.simulate.apply_async(kwargs={"simulation_id": simulation_id}, retry=False)
    except Exception as error:
        log.warning("Simulation %s waits for the timetable: the broker did not answer (%s).", simulation_id, error)
