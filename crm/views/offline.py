"""Entries that were typed without a network and arrive later."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.http import JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import needs
from crm.forms.activities import LogActivity
from crm.forms.quick_log import QuickLog
from crm.models import Activity
from crm.services import activities
from crm.services.next_steps import NextStepSpec
from crm.when import due as due_of
from crm.when import next_steps

FORMS = {"log": QuickLog, "composer": LogActivity}
OLDEST = timedelta(days=60)


@require_POST
@needs(Permission.ACTIVITY_ADD)
def log(request: Any) -> JsonResponse:
    """One entry as its form was filled in, with the device's clock when it was typed and when it was sent.

    The device's clock may be wrong: only how long the entry waited is taken from it. The server's stamp decides whether it came
    in time. The form's key makes one record of an entry however often it is sent.
    """
    now = timezone.now()
    typed = _typed(request.POST, now)
    if typed is None:
        return JsonResponse({"message": _("This entry has no time. Log it again.")}, status=422)
    form = FORMS.get(request.POST.get("form", ""), QuickLog)(request.POST, user=request.user, at=typed)
    logged = form.submit(_log, by=request.user, at=now, device_at=typed)
    if logged is None:
        reasons = [str(error) for errors in form.errors.values() for error in errors]
        return JsonResponse({"message": " ".join(reasons)}, status=422)
    return JsonResponse({"activity": logged.pk})


def _log(
    *, by: User, at: datetime, opened: Any = None, next_step: NextStepSpec | None = None, **words: Any
) -> Activity:
    """Log it as if it was typed now, but for its time. How long its form was open says nothing; a next step whose time passed
    while the entry waited comes at the next usual time, or it would be overdue before anybody could do it."""
    if next_step is not None and not _ahead(next_step.due, by, at):
        next_step = replace(next_step, due=next(iter(next_steps(at, by.zone).values())))
    return activities.log(by=by, at=at, next_step=next_step, **words)


def _ahead(due: datetime | date, by: User, at: datetime) -> bool:
    return due_of(due, by.zone)[0] > at


def _typed(values: Any, now: datetime) -> datetime | None:
    """When it was typed, by the server's clock: as long ago as the device says; None for what makes no sense."""
    try:
        typed, sent = (datetime.fromisoformat(values.get(name, "")) for name in ("typed_at", "sent_at"))
        waited = sent - typed
    except (TypeError, ValueError):
        return None
    return now - waited if timedelta(0) <= waited <= OLDEST else None
