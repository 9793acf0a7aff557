"""The head's review of a card: that he looked, from when until when, and what he wrote."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.refusals import Refused
from discipline.models import CardReview, Scorecard

LONGEST_LOOK = timedelta(hours=12)


class NotOpened(Refused):
    """What counts is that somebody looked."""

    code = "not_opened"
    message = _("This card was opened too long ago. Open it again, then mark it as reviewed.")


class AlreadyReviewed(Refused):
    """A review stays as it was written."""

    code = "already_reviewed"
    field = "note"
    message = _("You reviewed this card before, and a review stays as it is. Propose a correction instead.")


@transaction.atomic
def review(*, card: Scorecard, by: User, at: datetime, opened_at: datetime, note: str = "") -> CardReview:
    """Mark a card as reviewed by a head of its person, opened at `opened_at`; doing it again changes nothing.

    The end of the review is stamped by the database. Raises NotOpened, and AlreadyReviewed for a second note.
    """
    ensure(by, Permission.CARD_REVIEW, card)
    if not at - LONGEST_LOOK <= opened_at <= at:
        raise NotOpened
    written = note.strip()
    made, new = CardReview.objects.get_or_create(
        card=card, reviewer=by, defaults={"opened_at": opened_at, "note": written}
    )
    if not new and written not in ("", made.note):
        raise AlreadyReviewed
    return made
