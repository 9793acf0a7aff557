"""Everybody's own page: name, language, zone, and the tokens that speak for him."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms.people import OwnerProfile, Profile
from accounts.forms.tokens import NewToken
from accounts.models import ApiToken, Role, User
from accounts.permissions import Permission
from accounts.policy import needs
from accounts.services import people, tokens


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@login_required
def profile(request: Any) -> HttpResponse:
    """What everybody decides for himself."""
    form = _form(request.user, request.POST or None)
    if request.method == "POST":
        person = form.submit(people.edit, person=request.user, by=request.user, at=timezone.now())
        if person is not None:
            return _saved(request, person)
    context = {"form": form, "tokens": ApiToken.objects.visible_to(request.user)}
    return render(request, "accounts/profile.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@needs(Permission.TOKEN_EDIT)
def token_new(request: Any) -> HttpResponse:
    """Make a token; its secret is in this one answer and nowhere else, ever."""
    form = NewToken(request.POST or None, user=request.user)
    if request.method == "POST":
        made = form.submit(tokens.make, by=request.user, at=timezone.now())
        if made is not None:
            token, secret = made
            return render(request, "accounts/token_made.html", {"token": token, "secret": secret})
    context = {"form": form, "action": reverse("accounts:tokens")}
    return render(request, "accounts/token_new.html", context, status=422 if form.errors else 200)


@require_POST
@needs(Permission.TOKEN_EDIT)
def token_revoke(request: Any, pk: int) -> HttpResponse:
    """End a token."""
    token = get_object_or_404(ApiToken.objects.visible_to(request.user), pk=pk)
    tokens.revoke(token=token, by=request.user, at=timezone.now())
    messages.success(request, _("The token no longer works."))
    return redirect("accounts:profile")


def _form(person: User, data: Any) -> Profile:
    initial = {name: getattr(person, name) for name in ("full_name", "language", "zone", "email")}
    if person.role == Role.OWNER:
        return OwnerProfile(data, initial=initial, person=person)
    return Profile(data, initial=initial)


def _saved(request: Any, person: User) -> HttpResponse:
    """The language chosen here is meant everywhere: what this browser was set to before no longer counts."""
    with translation.override(person.language):
        messages.success(request, _("Saved."))
    response = redirect("accounts:profile")
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, path=settings.LANGUAGE_COOKIE_PATH)
    return response
