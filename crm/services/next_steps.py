"""The next-step guard: an open deal may not lose its last open task without a new one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.refusals import Refused, Warned
from crm.models import CompanySettings, Deal, DealStatus, NextStep, Task, TaskKind


@dataclass(frozen=True)
class NextStepSpec:
    """What is to be done next. `due` is an instant, or a date for the end of the owner's day."""

    title: str
    due: datetime | date
    kind: str = TaskKind.TODO


class NextStepMissing(Refused):
    """An open deal may not lose its last task without a new one."""

    code = "next_step_missing"
    field = "next_step"
    message = _("This was the last task of an open deal. Set the next step first: what, and by when.")


class NextStepAsked(NextStepMissing, Warned):
    """The same where the company only asks for it: the person may go on without."""

    message = _("The deal is left without a next step. Set one: what, and by when. Or go on without it.")


def lock_deals(*keys: int | None) -> dict[int, Deal]:
    """Lock deals, always in the order of their keys, before any of their tasks: whoever changes a task of a deal comes
    through here, so two last tasks cannot be finished at once and nobody waits in a circle."""
    wanted = sorted({key for key in keys if key is not None})
    if not wanted:
        return {}
    rows = Deal._base_manager.select_for_update().filter(pk__in=wanted).order_by("pk")
    return {deal.pk: deal for deal in rows}


def guard(deal: Deal | None, *, leaving: Task, next_step: Any = None, overridden: bool = False) -> None:
    """Raise NextStepMissing when `leaving` is the last open task of an open deal (locked by the caller) and nothing follows.

    Where the settings only ask, NextStepAsked (a warning) is raised instead, unless `overridden`.
    """
    if deal is None or deal.status != DealStatus.OPEN or deal.deleted_at is not None or next_step is not None:
        return
    if Task.objects.open().filter(deal=deal).exclude(pk=leaving.pk).exists():
        return
    if CompanySettings.current().next_step == NextStep.MUST:
        raise NextStepMissing
    if not overridden:
        raise NextStepAsked
