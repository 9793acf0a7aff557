"""The rules of the game: read by everybody, signed by those who are scored by them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.permissions import Permission
from accounts.policy import holds, needs, scope
from crm.when import local_day
from discipline import regulation, signing
from discipline.forms.rules import Sign
from discipline.models import SchemeVersion, SignOff
from discipline.services import sign_offs


@require_safe
@needs(Permission.RULES_VIEW)
def rules(request: Any) -> HttpResponse:
    """The text of one's own rules, or of a version that was asked for; those still to be signed come first."""
    now = timezone.now()
    waiting = signing.to_sign(request.user, now)
    version = _asked(request) or _own(request, now, waiting)
    if version is None:
        return render(request, "discipline/rules/page.html", {"version": None, "may_edit": _edits(request)})
    return _page(request, version, now, waiting)


@require_POST
@needs(Permission.RULES_SIGN)
def sign(request: Any, pk: int) -> HttpResponse:
    """Sign the text that is on the screen."""
    now = timezone.now()
    version = get_object_or_404(_published(request), pk=pk)
    waiting = signing.to_sign(request.user, now)
    if version not in waiting and not _signature(request, version):
        raise Http404
    form = Sign(request.POST)
    if form.submit(sign_offs.sign, version=version, by=request.user, at=now):
        messages.success(request, _("Signed. Thank you."))
        return redirect(f"{reverse('discipline:rules')}?version={version.pk}")
    return _page(request, version, now, waiting, form)


def _page(
    request: Any, version: SchemeVersion, now: datetime, waiting: list[SchemeVersion], form: Sign | None = None
) -> HttpResponse:
    """The text in the reader's own language, as he would sign it."""
    with translation.override(request.user.language):
        articles, heading = regulation.articles(version), regulation.heading(version)
        found = sign_offs.hash_of(regulation.plain(version, articles))
    siblings = list(_published(request).filter(scheme=version.scheme_id))
    day = local_day(now, request.user.zone)
    context = {
        "version": version,
        "heading": heading,
        "articles": articles,
        "hash": found,
        "signature": _signature(request, version),
        "form": form or Sign(initial={"text_hash": found}),
        "may_sign": version in waiting,
        "waiting": [one for one in waiting if one != version],
        "signers": signing.signers(version, request.user, day) if _leads(request) else None,
        "versions": siblings,
        "current": signing.in_force(siblings, day),
        "schemes": _schemes(request),
        "may_edit": _edits(request),
    }
    return render(request, "discipline/rules/page.html", context, status=422 if form and form.errors else 200)


def _published(request: Any) -> Any:
    visible = SchemeVersion.objects.published().filter(scope(request.user, Permission.RULES_VIEW))
    return visible.select_related("scheme", "published_by").prefetch_related("rules")


def _asked(request: Any) -> SchemeVersion | None:
    """The version that the address names, or what holds now of the scheme that it names."""
    for key, field in (("version", "pk"), ("scheme", "scheme")):
        text = request.GET.get(key, "")
        if not text:
            continue
        if not (text.isascii() and text.isdigit() and len(text) < 19):
            raise Http404
        found = list(_published(request).filter(**{field: int(text)}))
        if not found:
            raise Http404
        return signing.in_force(found, timezone.localdate()) or found[0]
    return None


def _own(request: Any, now: datetime, waiting: list[SchemeVersion]) -> SchemeVersion | None:
    """What waits for the reader's signature, else what he is scored by, else what the company has."""
    if waiting:
        return waiting[0]
    day = local_day(now, request.user.zone)
    scheme = signing.scheme_of(request.user, day)
    found = list(_published(request).filter(scheme=scheme) if scheme else _published(request))
    own = [one for one in found if one.scheme_id == found[0].scheme_id]
    return signing.in_force(own, day) or (own[-1] if own else None)


def _schemes(request: Any) -> list[tuple[int, str]]:
    rows = _published(request).order_by("scheme__name").values_list("scheme", "scheme__name").distinct()
    return list(rows)


def _signature(request: Any, version: SchemeVersion) -> SignOff | None:
    return SignOff.objects.filter(user=request.user.pk, version=version).first()


def _leads(request: Any) -> bool:
    return holds(request.user, Permission.TEAM_DAY_VIEW) or _edits(request)


def _edits(request: Any) -> bool:
    return holds(request.user, Permission.RULES_EDIT)
