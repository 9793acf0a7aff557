"""What was wrong in the old tables: the classes, the records of one, tasks for their owners, everything as a file."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Permission
from accounts.policy import holds, needs
from crm import exports
from crm.forms.segments import GiveTasks
from crm.models import TaskKind
from crm.views.answers import asked, left, sent
from crm.when import local_day
from migrations_data import faults_page
from migrations_data.audit import FAULTS, Fault
from migrations_data.models import Import, Status
from migrations_data.services import audit, taking_out

WEEK = timedelta(days=7)


@require_GET
@needs(Permission.IMPORT_VIEW)
def faults(request: Any, pk: int) -> HttpResponse:
    """The classes of fault, the worst first."""
    of, now = _find(request, pk), timezone.now()
    listed = faults_page.summary(of, request.user)
    context = {
        "of": of,
        "groups": faults_page.groups(listed),
        "totals": {name: sum(getattr(one, name) for one in listed) for name in ("count", "given", "done")},
        "concerned": faults_page.concerned(of, request.user),
        "blind": faults_page.is_blind(request.user, now),
        "crumbs": [*_crumbs(of), (_("Faults"), "")],
    }
    return render(request, "migrations_data/faults.html", context)


@require_GET
@needs(Permission.IMPORT_VIEW)
def fault(request: Any, pk: int, code: str) -> HttpResponse:
    """The records of one class, with where in the tables each came from."""
    of, one, now = _find(request, pk), _class(code), timezone.now()
    after = request.GET.get("after", "")
    start = int(after) if after.isdecimal() and after.isascii() and len(after) < 16 else 0
    found = next((each for each in faults_page.summary(of, request.user) if each.fault is one), None)
    context = {
        "of": of,
        "fault": one,
        "found": found,
        "page": faults_page.lines_page(of, one, request.user, after=start, at=now),
        "may_give": holds(request.user, Permission.TASK_ASSIGN),
        "blind": faults_page.is_blind(request.user, now),
        "crumbs": [*_crumbs(of), (_("Faults"), _all_of(of)), (str(one.label), "")],
    }
    return render(request, "migrations_data/fault.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.TASK_ASSIGN)
def tasks(request: Any, pk: int, code: str) -> HttpResponse:
    """Give the owner of each record of a class his task; who gets how many is shown first."""
    of, one, now = _find(request, pk), _class(code), timezone.now()
    initial = {"title": str(one.act), "note": str(one.why), "kind": TaskKind.TODO}
    form = GiveTasks(sent(request), due=local_day(now, request.user.zone) + WEEK, initial=initial)
    if request.method == "POST":
        mass = form.submit(audit.give, of=of, fault=one, by=request.user, at=now)
        if mass is not None:
            n = mass.tasks.count()
            said = ngettext("%(n)s task is given.", "%(n)s tasks are given.", n) % {"n": n}
            return left(request, said, reverse("migrations_data:import-fault", args=[of.pk, one.code]))
    shares = audit.shares(of=of, fault=one, by=request.user)
    total = min(sum(share.count for share in shares if share.gets), audit.AT_MOST)
    return asked(request, "migrations_data/fault_tasks.html", form, fault=one, shares=shares, total=total)


@require_POST
@needs(Permission.IMPORT_VIEW)
def faults_file(request: Any, pk: int) -> Any:
    """Every fault that the person sees, as a workbook."""
    of = _find(request, pk)
    taking_out.faults(of=of, by=request.user)
    return exports.served(faults_page.table(of, request.user, timezone.now()), "xlsx")


def _find(request: Any, pk: int) -> Import:
    """An import that is through; of another there is nothing to say yet."""
    return get_object_or_404(Import.objects.visible_to(request.user).filter(status=Status.DONE), pk=pk)


def _class(code: str) -> Fault:
    if code not in FAULTS:
        raise Http404
    return FAULTS[code]


def _all_of(of: Import) -> str:
    return reverse("migrations_data:import-faults", args=[of.pk])


def _crumbs(of: Import) -> list[tuple[str, str]]:
    first = of.files.order_by("position").first()
    named = first.name if first else str(of.pk)
    return [
        (_("Import"), reverse("migrations_data:import-list")),
        (named, reverse("migrations_data:import", args=[of.pk])),
    ]
