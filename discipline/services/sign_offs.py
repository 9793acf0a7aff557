"""Signing the rules: who read which text, when, under his own name."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.refusals import Refused
from discipline import regulation
from discipline.models import SchemeVersion, SignOff


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
