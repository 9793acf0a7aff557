"""Segments: kept, built with the result beside them, and used to give many people their tasks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import Permission
from accounts.policy import can, holds, needs
from crm import segment_page, segments
from crm.forms.records import NothingToAsk
from crm.forms.segments import GiveTasks, SegmentForm, row_of
from crm.models import MassAssignment, Segment
from crm.services import mass_assignments
from crm.services import segments as verbs
from crm.views.answers import asked, sent
from crm.views.clients import go
from crm.when import local_day

WEEK = timedelta(days=7)
PREVIEWED = 8


@require_GET
@needs(Permission.SEGMENT_VIEW)
def segment_list(request: Any) -> HttpResponse:
    """The segments that one may use."""
    kept = [(one, segments.in_words(one.conditions)) for one in segment_page.kept(request.user)]
    context = {"kept": kept, "may_add": holds(request.user, Permission.SEGMENT_EDIT)}
    return render(
        request, "crm/segments/list.html", context | {"may_give": holds(request.user, Permission.TASK_ASSIGN)}
    )


@require_http_methods(["GET", "POST"])
@needs(Permission.SEGMENT_EDIT)
def new(request: Any) -> HttpResponse:
    """Build a segment, seeing what it finds."""
    form = SegmentForm(sent(request), conditions=[{"key": "quiet"}])
    return _build(request, form, verbs.add, _("The segment is saved."))


@require_http_methods(["GET", "POST"])
@needs(Permission.SEGMENT_EDIT)
def edit(request: Any, pk: int) -> HttpResponse:
    """Change a segment of one's own."""
    segment = _find(request, pk, Permission.SEGMENT_EDIT)
    initial = {"name": segment.name, "is_shared": segment.is_shared}
    form = SegmentForm(sent(request), conditions=segment.conditions, initial=initial)
    return _build(request, form, verbs.edit, _("The segment is changed."), segment=segment)


def _build(request: Any, form: SegmentForm, verb: Any, said: str, **fixed: Any) -> HttpResponse:
    now = timezone.now()
    if request.method == "POST":
        kept = form.submit(verb, by=request.user, at=now, **fixed)
        if kept is not None:
            messages.success(request, said)
            return HttpResponseRedirect(reverse("crm:segment", args=[kept.pk]))
    context = {
        "form": form,
        "offered": segments.CONDITIONS.values(),
        "found": segment_page.found(form.conditions, user=request.user, at=now, shown=PREVIEWED),
        "crumbs": [(_("Segments"), reverse("crm:segment-list"))],
        **fixed,
    }
    return render(request, "crm/segments/build.html", context, status=422 if form.errors else 200)


@require_GET
@needs(Permission.SEGMENT_EDIT)
def condition(request: Any) -> HttpResponse:
    """A row of the builder for one more condition; nothing for none, which is how a row is taken away."""
    row = row_of(request.GET.get("key", ""))
    answer = render(request, "crm/segments/_row.html", {"row": row}) if row else HttpResponse()
    answer["HX-Trigger-After-Settle"] = "conditions-changed"
    return answer


@require_GET
@needs(Permission.SEGMENT_EDIT)
def preview(request: Any) -> HttpResponse:
    """What the conditions of the builder find, before they are saved."""
    form = SegmentForm(request.GET)
    try:
        conditions, mistake = segments.check(form.conditions), ""
    except segments.ConditionWrong as wrong:
        conditions, mistake = [], str(wrong.message)
    found = segment_page.found(conditions, user=request.user, at=timezone.now(), shown=PREVIEWED)
    return render(request, "crm/segments/_found.html", {"found": found, "mistake": mistake})


@require_GET
@needs(Permission.SEGMENT_VIEW)
def segment(request: Any, pk: int) -> HttpResponse:
    """Who is in a segment now, and what was given to do by it."""
    now, record = timezone.now(), _find(request, pk)
    may_give = holds(request.user, Permission.TASK_ASSIGN)
    rows = MassAssignment.objects.visible_to(request.user).filter(segment=record) if may_give else None
    context = {
        "segment": record,
        "words": segments.in_words(record.conditions),
        "found": segment_page.found(record.conditions, user=request.user, at=now),
        "given": segment_page.given(rows, now) if rows is not None else [],
        "may_give": may_give,
        "may_edit": can(request.user, Permission.SEGMENT_EDIT, record),
        "crumbs": [(_("Segments"), reverse("crm:segment-list"))],
    }
    return render(request, "crm/segments/segment.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.SEGMENT_EDIT)
def delete(request: Any, pk: int) -> HttpResponse:
    """Remove a segment of one's own."""
    record = _find(request, pk, Permission.SEGMENT_EDIT)
    form = NothingToAsk(sent(request))
    if request.method == "POST" and form.is_valid():
        verbs.delete(segment=record, by=request.user, at=timezone.now())
        return go(request, reverse("crm:segment-list"), _("The segment is removed."))
    return asked(request, "crm/segments/delete.html", form, segment=record)


@require_http_methods(["GET", "POST"])
@needs(Permission.TASK_ASSIGN)
def give(request: Any, pk: int) -> HttpResponse:
    """Give the owner of each client his task; who gets how many is shown first."""
    now, record = timezone.now(), _find(request, pk)
    form = GiveTasks(sent(request), due=local_day(now, request.user.zone) + WEEK)
    if request.method == "POST":
        mass = form.submit(mass_assignments.give, segment=record, by=request.user, at=now)
        if mass is not None:
            n = mass.tasks.count()
            said = ngettext("%(n)s task is given.", "%(n)s tasks are given.", n) % {"n": n}
            return go(request, reverse("crm:assignment", args=[mass.pk]), said)
    shares = mass_assignments.shares(segment=record, by=request.user, at=now)
    total = sum(one.count for one in shares if one.gets)
    return asked(request, "crm/segments/give.html", form, segment=record, shares=shares, total=total)


def _find(request: Any, pk: int, action: Permission = Permission.SEGMENT_VIEW) -> Segment:
    return get_object_or_404(Segment.objects.visible_to(request.user, action).select_related("user"), pk=pk)
