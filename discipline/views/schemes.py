"""Schemes and their drafts: for the coordinator."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts.permissions import Permission
from accounts.policy import needs, scope
from crm.views.answers import asked, sent
from crm.when import local_day
from discipline import scheme_page
from discipline.forms.schemes import NewScheme, PublishDraft
from discipline.models import Scheme, SchemeVersion
from discipline.services import schemes


@require_safe
@needs(Permission.RULES_EDIT)
def scheme_list(request: Any) -> HttpResponse:
    """Every scheme with what holds, what is coming and its draft."""
    return render(request, "discipline/schemes/list.html", {"rows": scheme_page.listed(_today(request))})


@require_http_methods(["GET", "POST"])
@needs(Permission.RULES_EDIT)
def new(request: Any) -> HttpResponse:
    """A new scheme; goes on in its draft."""
    form = NewScheme(sent(request))
    if request.method == "POST":
        version = form.submit(schemes.start, by=request.user, at=timezone.now())
        if version is not None:
            return _go(request, reverse("discipline:draft", args=[version.pk]))
    return asked(request, "discipline/schemes/new.html", form)


@require_safe
@needs(Permission.RULES_EDIT)
def scheme(request: Any, pk: int) -> HttpResponse:
    """One scheme: its rules in force, its versions with what each changed, whom it scores."""
    found = get_object_or_404(Scheme, pk=pk)
    crumbs = [(_("Schemes"), reverse("discipline:scheme-list")), (found.name, "")]
    page = {**scheme_page.one(found, _today(request)), "crumbs": crumbs}
    return render(request, "discipline/schemes/scheme.html", page)


@require_POST
@needs(Permission.RULES_EDIT)
def begin(request: Any, pk: int) -> HttpResponse:
    """Draft the next version, or go on with the draft that is there."""
    version = schemes.draft(scheme=get_object_or_404(Scheme, pk=pk), by=request.user, at=timezone.now())
    return _go(request, reverse("discipline:draft", args=[version.pk]))


@require_safe
@needs(Permission.RULES_EDIT)
def draft(request: Any, pk: int) -> HttpResponse:
    """The editor of a draft; htmx gets what changes on it. A published one leads to its scheme."""
    version = get_object_or_404(versions_of(request), pk=pk)
    if version.published_at is not None:
        return _go(request, reverse("discipline:scheme", args=[version.scheme_id]))
    if request.htmx:
        return render(request, "discipline/schemes/_draft.html", scheme_page.draft(version))
    above = (version.scheme.name, reverse("discipline:scheme", args=[version.scheme_id]))
    crumbs = [(_("Schemes"), reverse("discipline:scheme-list")), above, (_("Draft"), "")]
    return render(request, "discipline/schemes/draft.html", {**scheme_page.draft(version), "crumbs": crumbs})


@require_http_methods(["GET", "POST"])
@needs(Permission.RULES_EDIT)
def publish(request: Any, pk: int) -> HttpResponse:
    """Publish a draft from a day on; everybody who is scored by it is asked to sign."""
    version = get_object_or_404(versions_of(request), pk=pk)
    form = PublishDraft(sent(request), first=_today(request) + timedelta(days=1))
    if request.method == "POST":
        published = form.submit(schemes.publish_draft, version=version, by=request.user, at=timezone.now())
        if published is not None:
            said = _("Published. Everybody who is scored by it has been asked to sign.")
            messages.success(request, said)
            return _go(request, reverse("discipline:scheme", args=[version.scheme_id]))
    people = next((one.people for one in scheme_page.listed(_today(request)) if one.scheme.pk == version.scheme_id), 0)
    return asked(request, "discipline/schemes/publish.html", form, version=version, people=people)


@require_POST
@needs(Permission.RULES_EDIT)
def discard(request: Any, pk: int) -> HttpResponse:
    """Throw a draft away."""
    version = get_object_or_404(versions_of(request).filter(published_at__isnull=True), pk=pk)
    schemes.discard(version=version, by=request.user, at=timezone.now())
    messages.success(request, _("The draft is gone; what was published stays."))
    return _go(request, reverse("discipline:scheme-list"))


def versions_of(request: Any) -> Any:
    """The versions that somebody may edit or look at as the coordinator."""
    rows = SchemeVersion.objects.filter(scope(request.user, Permission.RULES_EDIT))
    return rows.select_related("scheme").prefetch_related("rules")


def _today(request: Any) -> date:
    return local_day(timezone.now(), request.user.zone)


def _go(request: Any, url: str) -> HttpResponse:
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)
