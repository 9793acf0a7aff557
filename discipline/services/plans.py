"""Personal plans: what somebody is to reach of a figure in a month. Only added to."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.reach import people_of
from accounts.refusals import NotAllowed, Refused
from crm.when import local_day
from discipline.metrics import METRICS, Kind
from discipline.models import Plan

LARGEST = Decimal("999999999999.99")
CENT = Decimal("0.01")


class BadTarget(Refused):
    code = "bad_target"
    field = "target"
    message = _("Give a target above 0, with at most two places after the point.")


class NotPlanned(Refused):
    """Only what is done can be planned."""

    code = "not_planned"
    field = "metric"
    message = _("This figure cannot be planned. Choose one that counts what is done.")


class MonthOver(Refused):
    code = "month_over"
    field = "month"
    message = _("This month is over, its days are scored. Plan the present month or a later one.")


@transaction.atomic
def set_plan(
    *,
    user: User,
    metric: str,
    month: date,
    target: Decimal,
    by: User,
    at: datetime,
    parameters: Mapping[str, Any] | None = None,
) -> Plan:
    """Say what somebody is to reach of a figure in the month of a day; it counts in windows that open from now on.

    Saying the same again adds nothing. Nobody plans for himself. Raises NotPlanned, BadTarget, MonthOver and BadParameter.
    """
    ensure(by, Permission.PLAN_EDIT)
    if user.pk == by.pk or not people_of(by).filter(pk=user.pk).exists():
        raise NotAllowed
    known = METRICS.get(metric)
    if known is None or known.kind != Kind.FLOW:
        raise NotPlanned
    if not target.is_finite() or not 0 < target <= LARGEST or target != target.quantize(CENT):
        raise BadTarget
    first, last = month_of(month)
    if last < local_day(at, by.zone):
        raise MonthOver
    checked = known.check(parameters or {})
    User.objects.select_for_update().get(pk=user.pk)
    there = in_force(Plan.objects.filter(user=user, metric=metric, parameters=checked, first=first, last=last))
    before = there.get((user.pk, first))
    if before is not None and before.target == target:
        return before
    facts = {"metric": metric, "parameters": checked, "first": first, "last": last, "target": target}
    plan = Plan.objects.create(user=user, set_by=by, **facts)
    plan.refresh_from_db()
    return plan


@transaction.atomic
def set_table(*, metric: str, targets: Mapping[tuple[int, date], Decimal], by: User, at: datetime) -> int:
    """Set a whole table at once, by person's id and first day of the month; how many plans are new. Raises what `set_plan` does."""
    ensure(by, Permission.PLAN_EDIT)
    people = people_of(by).in_bulk({person for person, _month in targets})
    before = in_force(Plan.objects.filter(user__in=people, metric=metric, parameters={}))
    changed = 0
    for (person, month), target in targets.items():
        if person not in people:
            raise NotAllowed
        held = before.get((person, month))
        if held is None or held.target != target:
            set_plan(user=people[person], metric=metric, month=month, target=target, by=by, at=at)
            changed += 1
    return changed


def in_force(plans: QuerySet[Plan]) -> dict[tuple[int, date], Plan]:
    """By person and first day, of the plans of whole months the one recorded last."""
    rows = plans.order_by("recorded_at", "pk")
    return {(plan.user_id, plan.first): plan for plan in rows if (plan.first, plan.last) == month_of(plan.first)}


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day of a day's month."""
    return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
