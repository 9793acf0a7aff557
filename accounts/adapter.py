"""How sign-in behaves where it differs from django-allauth's own way."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by himself: people are made by the coordinator. What sends mail is added by notifications."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Somebody switched off gets the same answer as a wrong password, so that nobody learns whose account exists."""
        user = super().authenticate(request, **credentials)
        return user if user is not None and user.is_active else None

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:profile")
