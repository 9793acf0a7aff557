"""What every request takes from the person who makes it: his language and his clock; and every answer: whose it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone, translation

from accounts import devices


class SignInFirst(LoginRequiredMiddleware):
    """Sends whoever is not signed in to the sign-in page. A part of a page that asks (htmx) has its whole page sent there, to come
    back to that page, instead of showing the sign-in form in its place."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        answer = super().handle_no_permission(request, view_func)
        if "HX-Request" not in request.headers:
            return answer
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
        back = urlunsplit(("", "", f"/{page.path.lstrip('/')}", page.query, ""))
        to = redirect_to_login(back)
        return HttpResponse(status=401, headers={"HX-Redirect": to.url})


class PersonalMiddleware:
    """Answers in the person's language, unless this browser chose another one, and with the times of his zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        if not request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME):
            translation.activate(user.language)  # until LocaleMiddleware activates that of the next request
            request.LANGUAGE_CODE = user.language
        with timezone.override(ZoneInfo(user.zone)):
            response = self.get_response(request)
        response[devices.OWNER_HEADER] = devices.owner_of(user)
        return response
