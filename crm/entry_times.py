"""How long entry takes: a signed stamp of when a form was opened, carried by the form itself. Nothing of what is entered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core import signing

from crm.models import EntryForm

SALT = "crm.entry"
LONGEST = timedelta(minutes=30)
"""A form left open for longer was left alone, not filled in."""


@dataclass(frozen=True)
class Opened:
    """When a form was opened by the server's clock, and which one."""

    at: datetime
    form: EntryForm


def stamp(at: datetime, form: EntryForm) -> str:
    """What a form carries from its opening to its saving."""
    return signing.dumps([at.isoformat(), form.value], salt=SALT)


def read(text: str) -> Opened | None:
    """The stamp as it was written; None for one that is not ours."""
    try:
        moment, form = signing.loads(text, salt=SALT)
        return Opened(datetime.fromisoformat(moment), EntryForm(form))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def by_line(text: str) -> str:
    """The same stamp once a line of text was read into the form."""
    opened = read(text)
    return stamp(opened.at, EntryForm.LINE) if opened else ""


def on_phone(request: Any) -> bool:
    """Whether the browser says that it runs on a phone."""
    return request.headers.get("Sec-CH-UA-Mobile") == "?1" or "Mobi" in request.headers.get("User-Agent", "")
