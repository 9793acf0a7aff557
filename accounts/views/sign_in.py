"""Signing out; the rest of signing in is django-allauth's."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LogoutView
from django.http import HttpResponseBase


class SignOut(LogoutView):
    """Ends the session and has the browser forget every page it kept, so that "back" shows nothing."""

    def post(self, *args: Any, **words: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().post(*args, **words)
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response


sign_out = SignOut.as_view()
