"""What people say about rows that may be somebody: one by one, all alike together, taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.refusals import Refused
from migrations_data.models import LOADED, Answer, Import, ImportQuestion, Status
from migrations_data.services import imports

OPEN = (Status.READ, Status.PREVIEWED, Status.DONE, Status.CANCELLED, Status.FAILED)
SAID = ("answer", "record_id", "other_row", "answered_by", "answered_at")
BATCH = 1000


class NotNow(Refused):
    code = "not_now"
    message = _("The import is at work. Wait until it is through, then decide.")


class Settled(Refused):
    """The import is closed, or was undone."""

    code = "settled"
    message = _("This import is closed or was undone. Nothing in it can be decided any more.")


class TakenAlready(Refused):
    code = "taken_already"
    message = _("This row is in already. Change the record itself, or merge it with the other one.")


class NobodyLike(Refused):
    code = "nobody_like"
    message = _("This one is not among those that the row may be. Open the page again.")


@transaction.atomic
def answer(
    *,
    of: Import,
    pks: Sequence[int],
    answer: Answer,
    by: User,
    at: datetime,
    candidate: int = 0,
    background: bool = True,
) -> list[ImportQuestion]:
    """Say of questions what their rows are: the same as the candidate at that place, another one, or left out. Saying it again
    changes nothing; a row that is loaded already keeps what it became. The rows are judged again.

    Raises NotNow, Settled, TakenAlready, NobodyLike.
    """
    locked = _lock(of, by)
    asked = (
        ImportQuestion.objects.select_for_update(of=("self",)).select_related("row").filter(of_import=of, pk__in=pks)
    )
    changed = [one for one in asked.order_by("pk") if _put(one, answer, candidate, by, at)]
    _write(locked, changed, by, at, background)
    return changed


@transaction.atomic
def answer_group(
    *, of: Import, group: str, answer: Answer, by: User, at: datetime, background: bool = True
) -> list[ImportQuestion]:
    """Say the same of all open questions that ask the same for the same reasons: each is the likeliest of its own, or none.

    Raises NotNow, Settled.
    """
    locked = _lock(of, by)
    asked = ImportQuestion.objects.select_for_update(of=("self",)).select_related("row")
    asked = asked.filter(of_import=of, group=group, answer=Answer.OPEN).order_by("pk")
    changed = [one for one in asked if _put(one, answer, 0, by, at)]
    _write(locked, changed, by, at, background)
    return changed


@transaction.atomic
def take_back(*, of: Import, by: User, at: datetime, background: bool = True) -> list[ImportQuestion]:
    """Take back what the person decided last, all of it when it was decided together. Rows that are loaded stay as they are.

    Raises NotNow, Settled, TakenAlready.
    """
    locked = _lock(of, by)
    decided = ImportQuestion.objects.filter(of_import=of, answered_by=by).exclude(answer=Answer.OPEN)
    last = decided.order_by("-answered_at").values_list("answered_at", flat=True).first()
    if last is None:
        return []
    asked = decided.select_for_update(of=("self",)).select_related("row").filter(answered_at=last).order_by("pk")
    changed = [one for one in asked if not _is_in(locked, one)]
    if not changed:
        raise TakenAlready
    for one in changed:
        one.answer, one.record_id, one.other_row_id = Answer.OPEN, None, None
        one.answered_by, one.answered_at = None, None
    _write(locked, changed, by, at, background)
    return changed


def _lock(of: Import, by: User) -> Import:
    """Answers and work on an import wait for each other."""
    ensure(by, Permission.IMPORT_RUN, of)
    locked = Import.objects.select_for_update().get(pk=of.pk)
    if locked.working:
        raise NotNow
    if locked.status not in OPEN or locked.closed_at is not None:
        raise Settled
    return locked


def _put(question: ImportQuestion, answer: Answer, candidate: int, by: User, at: datetime) -> bool:
    """Put an answer on a question, unsaved; whether that says anything new. Raises NobodyLike."""
    record = row = None
    if answer == Answer.SAME:
        if not 0 <= candidate < len(question.candidates):
            raise NobodyLike
        meant = question.candidates[candidate]
        record, row = meant["record"], meant["row"]
    if (question.answer, question.record_id, question.other_row_id) == (answer, record, row):
        return False
    question.answer, question.record_id, question.other_row_id = answer, record, row
    question.answered_by, question.answered_at = by, at
    return True


def _is_in(of: Import, question: ImportQuestion) -> bool:
    """Whether a row became a record for good; a preview's verdict is only what it would become."""
    return of.status not in (Status.READ, Status.PREVIEWED) and question.row.outcome in LOADED


def _write(of: Import, changed: Sequence[ImportQuestion], by: User, at: datetime, background: bool) -> None:
    """Save answers and have their rows judged again. Raises TakenAlready."""
    if any(_is_in(of, one) for one in changed):
        raise TakenAlready
    if changed:
        ImportQuestion.objects.bulk_update(changed, SAID, batch_size=BATCH)
        rows = _with_copies(of, [one.row_id for one in changed])
        imports.judge_again(of=of, rows=rows, by=by, at=at, background=background)


def _with_copies(of: Import, rows: Iterable[int]) -> list[int]:
    """The rows, and those that are said to be the same as one of them: they come to something together."""
    found = set(rows)
    said = ImportQuestion.objects.filter(of_import=of, other_row__isnull=False)
    pairs = list(said.values_list("row_id", "other_row_id"))
    while more := {row for row, other in pairs if other in found and row not in found}:
        found |= more
    return sorted(found)
