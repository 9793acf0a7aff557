"""How sign-in behaves where it differs from django-allauth's own way."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up by himself: people are made by the coordinator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
