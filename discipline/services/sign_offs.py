"""Signing the rules: who read which text, when, under his own name."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.refusals import Refused
from discipline import regulation
from discipline.models import Assignment, SchemeVersion, SignOff
from notifications.services.many import Telling, tell_many


class NotPublished(Refused):
    code = "not_published"
    message = _("These rules are still a draft. They can be signed once they are published.")


class TextChanged(Refused):
    """What was on the screen is not what would be signed."""

    code = "text_changed"
    message = _("The text has changed since you opened it. Read it again, then sign.")


@transaction.atomic
def sign(*, version: SchemeVersion, by: User, at: datetime, text_hash: str = "") -> SignOff:
    """Sign the text of a published version in one's own name and language; signing again gives the first signature.

    `text_hash` is the hash of the text that was read; when given it must be that of the text now. The moment is stamped by the
    database. Raises NotPublished and TextChanged.
    """
    ensure(by, Permission.RULES_SIGN)
    if version.published_at is None:
        raise NotPublished
    text = regulation.text(version, language=by.language)
    found = hash_of(text)
    if text_hash and text_hash != found:
        raise TextChanged
    facts = {"full_name": by.full_name, "text": text, "text_hash": found}
    return SignOff.objects.get_or_create(user=by, version=version, defaults=facts)[0]


def hash_of(text: str) -> str:
    """SHA-256 of a text, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def ask_to_sign(*, version: SchemeVersion, at: datetime) -> int:
    """Tell everybody who will be scored by a published version that it waits for his signature, once; the number of people."""
    assert version.effective_from is not None
    people = Assignment.objects.filter(scheme=version.scheme_id).between(version.effective_from, date.max)
    context = {
        "scheme": version.scheme.name,
        "number": version.number,
        "day": version.effective_from.isoformat(),
        "by": version.published_by.full_name if version.published_by else "",
    }
    url = f"{reverse('discipline:rules')}?version={version.pk}"
    tellings = [
        Telling(recipient_id=pk, key=f"rules:{version.pk}", context=context, url=url)
        for pk in people.values_list("user", flat=True).distinct().order_by("user")
    ]
    return tell_many(kind="rules_published", tellings=tellings, at=at)
