"""The mails of signing in go through the outbox, like all others: no page waits for a mail server.

That also keeps a secret: asking for a new password takes equally long whether the address is known or not.
"""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.base_user import AbstractBaseUser
from django.urls import reverse
from django.utils import timezone

from accounts.adapter import AccountAdapter
from accounts.models import User
from notifications.services.messages import tell

CHANGED = frozenset({"account/email/password_changed", "account/email/password_reset", "account/email/password_set"})


class PostingAdapter(AccountAdapter):
    """Tells people through notifications what django-allauth would mail by itself."""

    def send_password_reset_mail(self, user: AbstractBaseUser, email: str, context: dict[str, Any]) -> None:
        """Have the link sent to the person's own address; it is made when the mail is."""
        now = timezone.now()
        person = User.objects.get(pk=user.pk)
        tell(recipient=person, kind="password_reset", key=f"password_reset:{now.isoformat()}", at=now)

    def send_notification_mail(
        self,
        template_prefix: str,
        user: AbstractBaseUser,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """A changed password is told to its person, whoever changed it."""
        if template_prefix not in CHANGED:
            return
        now = timezone.now()
        tell(
            recipient=User.objects.get(pk=user.pk),
            kind="password_changed",
            key=f"password_changed:{now.isoformat()}",
            at=now,
            context={"network": self.get_client_ip(self.request)},
            url=reverse("account_reset_password"),
        )

    def send_mail(self, template_prefix: str, email: str | EmailAddress, context: dict[str, Any]) -> None:
        """Nothing else is sent: above all no mail to an address that nobody signs in with."""
