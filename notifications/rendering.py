"""Words of a message, for the inbox and the mail, from the folder of its kind in templates/notifications/.

A kind is a folder: inbox.html (one or two short elements), subject.txt, body.txt and body.html. They get the message's
`context` with `recipient` and `url`; mails are written in the recipient's language and on his clock, and bring along what
`attachments` has for their kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.utils import timezone, translation

from notifications import attachments, links
from notifications.letters import Letter
from notifications.models import Delivery, Message


def inbox(message: Message) -> str:
    """The message as one entry of the inbox, in the language of this request."""
    return get_template(f"notifications/{message.kind}/inbox.html").render(_context(message))


def mail(delivery: Delivery, along: Sequence[Message] = ()) -> Letter:
    """The message as a mail, with what else had to wait (`along`) as a list of links below it.

    Its Message-ID is the delivery's, so that a second copy after a crash is known as one. Raises attachments.NotForHim.
    """
    message = delivery.message
    recipient = message.recipient
    with translation.override(recipient.language), timezone.override(ZoneInfo(recipient.zone)):
        enclosed = attachments.of(message)
        context = {**_context(message), **enclosed.facts, "along": [_line(other) for other in along]}
        parts = [f"{message.kind}/body.txt", *(["along.txt"] if along else [])]
        letter = Letter(
            subject=_subject(message, context),
            body="\n".join(_text(name, context) for name in parts),
            to=[recipient.email],
            headers={"Message-ID": f"<daybook-{delivery.pk}@{_host()}>", "Auto-Submitted": "auto-generated"},
        )
        letter.attach_alternative(get_template(f"notifications/{message.kind}/body.html").render(context), "text/html")
    letter.pictures = enclosed.pictures
    for file in enclosed.files:
        letter.attach(file.filename, file.content, file.content_type)
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


def _line(message: Message) -> dict[str, str]:
    """Another message in a word, with the address that it leads to."""
    context = _context(message)
    return {"title": _subject(message, context), "url": context["url"]}


def _subject(message: Message, context: dict[str, Any]) -> str:
    return " ".join(_text(f"{message.kind}/subject.txt", context).split())


def _text(name: str, context: dict[str, Any]) -> str:
    """Plain text: nothing is escaped, because nothing reads it as markup."""
    backend: Any = get_template(f"notifications/{name}")
    return str(backend.template.render(Context(context, autoescape=False))).strip() + "\n"


def _host() -> str:
    return str(settings.LINKS_URL).partition("://")[2].partition("/")[0].partition(":")[0]
