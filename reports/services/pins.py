"""What stands on somebody's board, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.refusals import NotAllowed, Refused
from reports.models import Pin, Report

MOST = 24


class BoardFull(Refused):
    code = "board_full"
    message = _("As many reports stand on your dashboard as fit. Take one off first.")


@transaction.atomic
def pin(*, report: Report, by: User, at: datetime) -> Pin:
    """Put a report that one may open at the end of one's board; one that stands there stays in its place. Raises BoardFull."""
    ensure(by, Permission.REPORT_VIEW, report)
    mine = _locked(by)
    if found := next((one for one in mine if one.report_id == report.pk), None):
        return found
    if len(mine) >= MOST:
        raise BoardFull
    last = Pin.objects.filter(user=by).aggregate(last=Max("place"))["last"]
    return Pin.objects.create(user=by, report=report, place=0 if last is None else last + 1)


@transaction.atomic
def unpin(*, report: Report, by: User, at: datetime) -> None:
    """Take a report off one's board; nothing happens where it is not there."""
    ensure(by, Permission.REPORT_VIEW)
    Pin.objects.filter(user=by, report=report).delete()


@transaction.atomic
def arrange(*, pins: Sequence[int], by: User, at: datetime) -> None:
    """Bring the pins of one's board into this order, by their keys; those that are not named come behind, as they stood."""
    ensure(by, Permission.REPORT_VIEW)
    mine = {one.pk: one for one in _locked(by)}
    named = [mine.pop(pk) for pk in dict.fromkeys(pins) if pk in mine]
    for place, one in enumerate([*named, *mine.values()]):
        one.place = place
        one.save(update_fields=["place"])


@transaction.atomic
def widen(*, pin: Pin, wide: bool, by: User, at: datetime) -> Pin:
    """Give a pin the whole width of the board, or half of it."""
    ensure(by, Permission.REPORT_VIEW)
    if pin.user_id != by.pk:
        raise NotAllowed
    pin.wide = wide
    pin.save(update_fields=["wide"])
    return pin


def _locked(by: User) -> list[Pin]:
    """One's pins in their order; whoever changes them second waits, also where there is none yet."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    return list(Pin.objects.filter(user=by))
