"""The rules of a draft, each a small form in the dialog."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.permissions import Permission
from accounts.policy import needs
from accounts.refusals import Refused
from accounts.toasts import toast
from crm.views.answers import ask, sent
from discipline import scheme_page
from discipline.forms.rules import RuleForm
from discipline.models import SchemeVersion
from discipline.ruleset import RuleSpec
from discipline.services import rules, schemes
from discipline.views.schemes import versions_of

CHANGED = "draft-changed"


@require_http_methods(["GET", "POST"])
@needs(Permission.RULES_EDIT)
def new(request: Any, pk: int) -> HttpResponse:
    """One more rule of a draft."""
    version = _draft(request, pk)
    form = RuleForm(sent(request), code=_free_code(version, request.POST.get("metric", "")))
    return _ask(request, version, form, rules.add, _("Add a rule"))


@require_http_methods(["GET", "POST"])
@needs(Permission.RULES_EDIT)
def edit(request: Any, pk: int, code: str) -> HttpResponse:
    """One rule of a draft."""
    version = _draft(request, pk)
    rule = _rule(version, code)
    form = RuleForm(request.POST, code=code) if request.method == "POST" else RuleForm.of(rule)
    return _ask(request, version, form, rules.edit, _("Change a rule"), code=code)


@require_safe
@needs(Permission.RULES_EDIT)
def fields(request: Any) -> HttpResponse:
    """The fields that belong to a figure, when another one is chosen in the form."""
    return render(
        request, "discipline/schemes/_rule_fields.html", {"form": RuleForm(metric=request.GET.get("metric", ""))}
    )


@require_POST
@needs(Permission.RULES_EDIT)
def move(request: Any, pk: int, code: str) -> HttpResponse:
    """One place up or down."""
    down = {"up": -1, "down": 1}.get(request.POST.get("to", ""))
    if down is None:
        raise Http404
    return _changed(request, _draft(request, pk), rules.move, code=code, down=down)


@require_POST
@needs(Permission.RULES_EDIT)
def remove(request: Any, pk: int, code: str) -> HttpResponse:
    """Take a rule out of the draft."""
    return _changed(request, _draft(request, pk), rules.remove, code=code)


def _ask(request: Any, version: SchemeVersion, form: RuleForm, verb: Any, title: str, **fixed: Any) -> HttpResponse:
    return ask(
        request,
        form,
        verb,
        at=timezone.now(),
        template="discipline/schemes/rule.html",
        said=lambda changed: _("The draft is saved."),
        changed=[CHANGED],
        to=reverse("discipline:draft", args=[version.pk]),
        shown={"title": title},
        version=version,
        **fixed,
    )


def _changed(request: Any, version: SchemeVersion, verb: Any, **facts: Any) -> HttpResponse:
    """Do it and draw the draft again; a refusal leaves the page as it is and says why."""
    try:
        verb(version=version, by=request.user, at=timezone.now(), **facts)
    except Refused as refusal:
        return toast(HttpResponse(status=422, headers={"HX-Reswap": "none"}), refusal.message, kind="watch")
    if not request.htmx:
        return redirect("discipline:draft", pk=version.pk)
    fresh = get_object_or_404(versions_of(request), pk=version.pk)
    return render(request, "discipline/schemes/_draft.html", scheme_page.draft(fresh))


def _draft(request: Any, pk: int) -> SchemeVersion:
    version: SchemeVersion = get_object_or_404(versions_of(request).filter(published_at__isnull=True), pk=pk)
    return version


def _rule(version: SchemeVersion, code: str) -> RuleSpec:
    for rule in schemes.specs(version):
        if rule.code == code:
            return rule
    raise Http404


def _free_code(version: SchemeVersion, metric: str) -> str:
    """A short name for a new rule: its figure's, numbered when that is taken."""
    taken = {rule.code for rule in version.rules.all()}
    plain = metric[:17] or "rule"
    return next(code for code in (plain, *(f"{plain}{n}" for n in range(2, 1000))) if code not in taken)
