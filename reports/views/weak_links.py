"""Weak links of a team, the deals behind one of them, and the note that a talk begins with."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.permissions import Permission
from accounts.policy import needs
from crm.views.answers import ask, sent
from reports import weak_link_deals
from reports.forms.coaching import CoachingNote
from reports.services import coaching
from reports.weak_link_page import Cell, WeakLinks
from reports.weak_links import PERIODS


@require_safe
@needs(Permission.WEAK_LINK_VIEW)
def show(request: Any) -> HttpResponse:
    """Everybody of a team at every stage of a funnel."""
    page = WeakLinks(request.user, request.GET, timezone.now())
    if page.team is None and request.GET.get("team"):
        raise Http404
    return render(request, "reports/weak_links/page.html", {"page": page})


@require_safe
@needs(Permission.WEAK_LINK_VIEW)
def deals(request: Any, person: int, stage: int) -> HttpResponse:
    """The deals that a share counts, in the last period or the one before."""
    page, cell = _cell(request, person, stage)
    text = request.GET.get("period", "")
    period = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    if period >= PERIODS:
        raise Http404
    listed = weak_link_deals.read(page, cell, period)
    crumbs = [(_("Weak links"), f"{reverse('reports:weak-links')}?{page.query}"), (cell.stage.name, "")]
    context = {"page": page, "cell": cell, "listed": listed, "crumbs": crumbs}
    return render(request, "reports/weak_links/deals.html", context)


@require_http_methods(["GET", "POST"])
@needs(Permission.WEAK_LINK_VIEW)
def note(request: Any, person: int, stage: int) -> HttpResponse:
    """A coaching note, which becomes a task."""
    page, cell = _cell(request, person, stage)
    if not page.may_write:
        raise Http404
    form = CoachingNote(
        sent(request), user=request.user, at=page.now, person=cell.person, chosen="tomorrow_10", initial=_proposed(cell)
    )
    return ask(
        request, form, coaching.write, at=page.now, template="reports/weak_links/note.html",
        said=lambda task: _("The note is a task of %(name)s now.") % {"name": task.owner.get_short_name()},
        changed=("day-changed",), to=f"{reverse('reports:weak-links')}?{page.query}", shown={"cell": cell}, person=cell.person,
    )  # fmt: skip


def _proposed(cell: Cell) -> dict[str, str]:
    """The figures, and the questions that a talk may begin with."""
    asked = _(
        "What do you do at this stage, step by step? Where does the client hesitate? What do we try in the next two weeks?"
    )
    about = {"stage": cell.stage.name, "name": cell.person.get_short_name()}
    return {"title": _("Talk about the stage %(stage)s with %(name)s") % about, "note": f"{cell.sentence}\n\n{asked}"}


def _cell(request: Any, person_pk: int, stage_pk: int) -> tuple[WeakLinks, Cell]:
    """Somebody of the reader's team at a stage of the chosen funnel; everything else is not there."""
    page = WeakLinks(request.user, request.GET, timezone.now())
    person, stage = page.person(person_pk), page.stage(stage_pk)
    if person is None or stage is None:
        raise Http404
    return page, page.cell(person, stage)
