"""Words of a message, for the inbox and the mail, from the folder of its kind in templates/notifications/.

A kind is a folder: inbox.html (one or two short elements), subject.txt, body.txt and body.html. They get the message's
`context` with `recipient` and `url`; mails are written in the recipient's language and on his clock.
"""

from __future__ import annotations

from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone, translation

from notifications import links
from notifications.models import Delivery, Message


def inbox(message: Message) -> str:
    """The message as one entry of the inbox, in the language of this request."""
    return get_template(f"notifications/{message.kind}/inbox.html").render(_context(message))


def mail(delivery: Delivery) -> EmailMultiAlternatives:
    """The message as a mail. Its Message-ID is the delivery's, so that a second copy after a crash is known as one."""
    message = delivery.message
    recipient = message.recipient
    with translation.override(recipient.language), timezone.override(ZoneInfo(recipient.zone)):
        context = _context(message)
        letter = EmailMultiAlternatives(
            subject=" ".join(_text(message.kind, "subject", context).split()),
            body=_text(message.kind, "body", context),
            to=[recipient.email],
            headers={"Message-ID": f"<daybook-{delivery.pk}@{_host()}>", "Auto-Submitted": "auto-generated"},
        )
        letter.attach_alternative(get_template(f"notifications/{message.kind}/body.html").render(context), "text/html")
    return letter


def _context(message: Message) -> dict[str, Any]:
    recipient = message.recipient
    return {
        **message.context,
        "recipient": recipient,
        "message": message,
        "url": links.absolute(message.url) if message.url else "",
        "home_url": links.absolute("/"),
        "choose_password_url": partial(links.choose_password, recipient),
    }


def _text(kind: str, part: str, context: dict[str, Any]) -> str:
    """Plain text: nothing is escaped, because nothing reads it as markup."""
    backend: Any = get_template(f"notifications/{kind}/{part}.txt")
    return str(backend.template.render(Context(context, autoescape=False))).strip() + "\n"


def _host() -> str:
    return str(settings.LINKS_URL).partition("://")[2].partition("/")[0].partition(":")[0]
