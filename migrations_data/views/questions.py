"""Who is who: rows that may be somebody, decided one after the other."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from accounts.permissions import Permission
from accounts.policy import needs
from accounts.refusals import Refused
from accounts.toasts import toast
from migrations_data import pages, questions_page
from migrations_data.forms import Decide
from migrations_data.models import Answer, Import, ImportQuestion
from migrations_data.services import answers


@require_GET
@needs(Permission.IMPORT_RUN)
def questions(request: Any, pk: int) -> HttpResponse:
    """The rows that wait for a decision, the likeliest first."""
    of = get_object_or_404(Import.objects.visible_to(request.user, Permission.IMPORT_RUN), pk=pk)
    if of.working:
        return redirect("migrations_data:import", of.pk)
    page = questions_page.page(of, request.user, after=request.GET.get("after", ""))
    return render(request, "migrations_data/questions.html", {"of": of, "page": page, "steps": pages.steps(of)})


@require_POST
@needs(Permission.IMPORT_RUN)
def answer(request: Any, pk: int) -> HttpResponse:
    """Decide a row, or all that ask the same; answers with what is left."""
    of = get_object_or_404(Import.objects.visible_to(request.user, Permission.IMPORT_RUN), pk=pk)
    form = Decide(request.POST)
    if not form.is_valid():
        return _left(request, of, _("Choose what this row is."), refused=True)
    said, now = form.cleaned_data, timezone.now()
    question = get_object_or_404(ImportQuestion, of_import=of, pk=said["question"])
    try:
        if said["all"]:
            changed = answers.answer_group(of=of, group=question.group, answer=said["answer"], by=request.user, at=now)
        else:
            changed = answers.answer(
                of=of, pks=[question.pk], answer=said["answer"], candidate=said["candidate"], by=request.user, at=now
            )
    except Refused as refusal:
        return _left(request, of, str(refusal.message), refused=True)
    return _left(request, of, _told(said["answer"], len(changed)) if said["all"] else "")


@require_POST
@needs(Permission.IMPORT_RUN)
def back(request: Any, pk: int) -> HttpResponse:
    """Take back the last decision."""
    of = get_object_or_404(Import.objects.visible_to(request.user, Permission.IMPORT_RUN), pk=pk)
    try:
        changed = answers.take_back(of=of, by=request.user, at=timezone.now())
    except Refused as refusal:
        return _left(request, of, str(refusal.message), refused=True)
    count = len(changed)
    return _left(
        request, of, ngettext("%(n)s decision taken back.", "%(n)s decisions taken back.", count) % {"n": count}
    )


def _told(said: str, count: int) -> str:
    words = {
        Answer.SAME: ngettext("%(n)s row is the same as its likeliest.", "%(n)s rows are the same as their likeliest.", count),
        Answer.OTHER: ngettext("%(n)s row is another one.", "%(n)s rows are others.", count),
        Answer.LEAVE: ngettext("%(n)s row is left out.", "%(n)s rows are left out.", count),
    }  # fmt: skip
    return words[Answer(said)] % {"n": count}


def _left(request: Any, of: Import, told: str, *, refused: bool = False) -> HttpResponse:
    """The questions that are left: the list to htmx, the page to a browser without scripts."""
    here = reverse("migrations_data:import-questions", args=[of.pk])
    of.refresh_from_db()
    if not request.htmx:
        if told:
            (messages.warning if refused else messages.success)(request, told)
        return HttpResponseRedirect(here)
    if of.working:  # so many rows were decided that a worker judges them
        return HttpResponseClientRedirect(reverse("migrations_data:import", args=[of.pk]))
    page = questions_page.page(of, request.user, after=request.POST.get("after", ""))
    if not page.cards and page.open:
        page = questions_page.page(of, request.user)
    response = render(request, "migrations_data/_questions.html", {"of": of, "page": page})
    return toast(response, told, kind="watch" if refused else "good") if told else response
