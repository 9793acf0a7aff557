"""Addresses for mails: whole ones, because a mail is read elsewhere."""

from __future__ import annotations

from urllib.parse import urljoin

from allauth.account import app_settings
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from accounts.models import User


def absolute(path: str) -> str:
    """ "/cards/7/" -> "https://crm.example.com/cards/7/". Only paths of ours: anything else becomes the first page."""
    inside = path if path.startswith("/") and not path.startswith("//") else "/"
    return urljoin(settings.LINKS_URL, inside)


def choose_password(person: User) -> str:
    """Where the person sets a new password. Made when the mail is, so that no message ever stores what opens an account."""
    key = app_settings.PASSWORD_RESET_TOKEN_GENERATOR().make_token(person)
    words = {"uidb36": user_pk_to_url_str(person), "key": key}
    return absolute(reverse("account_reset_password_from_key", kwargs=words))
