"""Appeals: a person's word against a line of his own card, answered by whoever leads him.

Accepted, it becomes a correction; above the limit that one waits for the owner's signature. The line itself stays.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.refusals import Refused
from crm.when import local_day
from discipline.models import Appeal, AppealStatus, ControlSettings, Result, Scorecard, ScoreLine
from discipline.services import adjustments, correction_news
from discipline.timetable import Timetable

AT_MOST_DAYS = 120
"""Further ahead nobody looks for the last day of an appeal: somebody without workdays has them all."""


class TextMissing(Refused):
    code = "text_missing"
    field = "text"
    message = gettext_lazy("Say in a few words what is not right, so that it can be looked up.")


class AnswerMissing(Refused):
    code = "answer_missing"
    field = "answer"
    message = gettext_lazy("Answer in a few words: the person will read it.")


class NothingToAppeal(Refused):
    code = "nothing_to_appeal"
    message = gettext_lazy("This rule was kept or is only shown, so there is nothing to win by an appeal.")


class TooLate(Refused):
    code = "appeal_too_late"

    def __init__(self, last: date) -> None:
        message = _(
            "Appeals against this day were possible until %(day)s. Ask whoever leads you to enter a correction."
        )
        super().__init__(message % {"day": date_format(last, "j F Y")})


class AlreadyAppealed(Refused):
    code = "already_appealed"
    message = gettext_lazy("There is an appeal against this line already. Its answer will stand in its place.")


class AlreadyDecided(Refused):
    code = "appeal_decided"
    message = gettext_lazy("This appeal has been answered meanwhile. Load the page again to see how it stands.")


class OnlyGives(Refused):
    code = "only_gives"
    field = "delta"
    message = gettext_lazy("An accepted appeal takes no points. Enter zero or more, or refuse it.")


@transaction.atomic
def open(*, line: ScoreLine, text: str, by: User, at: datetime) -> Appeal:
    """Appeal against a line of one's own card that was missed or did not apply, once, within some workdays.

    Raises TextMissing, NothingToAppeal, TooLate and AlreadyAppealed.
    """
    ensure(by, Permission.APPEAL_ADD, line)
    if not text.strip():
        raise TextMissing
    if not may_be_appealed(line):
        raise NothingToAppeal
    last = last_day(line.card)
    if local_day(at, line.card.zone) > last:
        raise TooLate(last)
    appeal, new = Appeal.objects.get_or_create(line=line, defaults={"user": by, "text": text.strip()})
    if not new:
        raise AlreadyAppealed
    correction_news.appeal_opened(appeal, at=at)
    return appeal


@transaction.atomic
def decide(*, appeal: Appeal, accept: bool, answer: str, delta: int | None = None, by: User, at: datetime) -> Appeal:
    """Answer an appeal. Accepted, it gives `delta` points, by default all that the line could still have given.

    Nobody answers his own. The same answer of the same person again changes nothing. Raises AnswerMissing, AlreadyDecided, OnlyGives
    and, for too many points, OutOfBounds.
    """
    ensure(by, Permission.APPEAL_DECIDE, appeal)
    appeal = Appeal.objects.select_for_update().get(pk=appeal.pk)
    status = AppealStatus.ACCEPTED if accept else AppealStatus.REFUSED
    if appeal.status != AppealStatus.OPEN:
        if (appeal.status, appeal.decided_by_id) == (status, by.pk):
            return appeal
        raise AlreadyDecided
    if not answer.strip():
        raise AnswerMissing
    gives = (worth(appeal.line) if delta is None else delta) if accept else 0
    if gives < 0:
        raise OnlyGives
    if gives:
        appeal.adjustment = adjustments.grant(
            line=appeal.line, delta=gives, text=appeal.text, key=f"appeal:{appeal.pk}", to=appeal.user, decision=answer, by=by,
            at=at,
        )  # fmt: skip
    appeal.status, appeal.answer, appeal.decided_by, appeal.decided_at = status, answer.strip(), by, at
    appeal.save(update_fields=["status", "answer", "decided_by", "decided_at", "adjustment"])
    correction_news.appeal_decided(appeal, at=at)
    return appeal


def may_be_appealed(line: ScoreLine) -> bool:
    """Whether there is something to win: the rule is scored, not on trial itself, and was missed or did not apply."""
    return line.rule.scored and not line.rule.trial and line.result in (Result.MISSED, Result.NOT_APPLICABLE)


def last_day(card: Scorecard) -> date:
    """The last day on which one may appeal against a card: so many workdays of the person after it."""
    days = ControlSettings.current().appeal_days
    until = card.day + timedelta(days=AT_MOST_DAYS)
    timetable = Timetable.of_people([card.user_id], until=until)
    for ahead in range(1, AT_MOST_DAYS + 1):
        day = card.day + timedelta(days=ahead)
        if timetable.workdays(card.user_id, day, day):
            days -= 1
        if days < 0:
            return day - timedelta(days=1)
    return until


def worth(line: ScoreLine) -> int:
    """What a line could still give: all of it missed or not judged, less what corrections gave already; nothing where nothing counts."""
    within, now = adjustments.room(line.card, line)
    return max(0, within.high - now)
