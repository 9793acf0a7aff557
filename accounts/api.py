"""Signing in to the API with a token: `Authorization: Bearer daybook_…`."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import ApiToken, User
from accounts.permissions import Permission
from accounts.services import tokens

SCHEME = "Bearer"
KNOWN = {permission.value: permission for permission in Permission}


class TokenAuthentication(BaseAuthentication):
    """The person of the token, narrowed to what it was made for: `policy.holds` reads `token_scopes` in one place for all."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """The person and the token; None without a token, so that a session may be tried. Raises AuthenticationFailed."""
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME.lower():
            return None
        token = tokens.use(secret=secret.strip(), at=timezone.now())
        if token is None:
            raise AuthenticationFailed(_("This token is not in force. Make a new one in your profile."))
        user = token.user
        # A scope whose permission was retired since opens nothing.
        user.token_scopes = frozenset(KNOWN[scope] for scope in token.scopes if scope in KNOWN)
        return user, token

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return SCHEME


class TokenScheme(OpenApiAuthenticationExtension):
    """Names the token in the API's description."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": SCHEME.lower(), "description": "A token made in your profile."}
