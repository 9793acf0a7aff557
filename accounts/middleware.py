"""What every request takes from the person who makes it: his language and his clock; and every answer: whose it is."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from accounts import devices


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
