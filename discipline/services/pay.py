"""What a point is worth: rules by company or team from a day on, only ever added to."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max, Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.formats import NO_MINOR_UNITS
from accounts.models import Team, User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.refusals import Refused
from crm.models import CompanySettings
from discipline.models import NegativePolicy, PayRule, Settlement
from discipline.services.locks import lock_settling
from discipline.settling import half_up

LARGEST = 2_000_000_000
"""Minor units: what the column holds."""


class DaysSettled(Refused):
    """What held on a settled day stays."""

    code = "days_settled"
    field = "starts_on"


class OutOfRange(Refused):
    code = "out_of_range"


@transaction.atomic
def set_rule(
    *,
    team: Team | None = None,
    starts_on: date,
    rate: Decimal,
    pool: Decimal = Decimal(0),
    cap_percent: int = 100,
    negative: str = NegativePolicy.NONE,
    by: User,
    at: datetime,
) -> PayRule:
    """Say what a point is worth from a day on, to a team or (without one) to the company, in the company's currency.

    `rate` and `pool` are whole units ("1.50"), rounded half up to the minor unit. A rule for the same first day gives way to this
    one. Raises DaysSettled and OutOfRange.
    """
    ensure(by, Permission.PAY_EDIT)
    _check(cap_percent, negative)
    lock_settling()
    settled = settled_until(team)
    if settled is not None and starts_on <= settled:
        raise DaysSettled(
            _("Days up to %(day)s are in a settlement. Choose a later day.") % {"day": date_format(settled, "j M Y")}
        )
    currency = CompanySettings.current().currency
    return PayRule.objects.create(
        team=team,
        starts_on=starts_on,
        currency=currency,
        rate_minor=_minor(rate, currency, "rate"),
        pool_minor=_minor(pool, currency, "pool"),
        cap_percent=cap_percent,
        negative=negative,
        set_by=by,
    )


def settled_until(team: Team | None) -> date | None:
    """The last day of any settlement, drafts too, that a rule of this team (without one: of the company) is used in."""
    rows = Settlement.objects.all()
    if team is not None:
        above = [team.path[:n] for n in range(1, len(team.path) + 1)]
        rows = rows.filter(Q(team__isnull=True) | Q(team__path__in=above))
    return rows.aggregate(last=Max("last"))["last"]


def _minor(amount: Decimal, currency: str, field: str) -> int:
    found = half_up(amount if currency in NO_MINOR_UNITS else amount * 100)
    if not 0 <= found <= LARGEST:
        raise OutOfRange(_("Choose an amount from 0 to 20 000 000."), field=field)
    return found


def _check(cap_percent: int, negative: str) -> None:
    if not 0 <= cap_percent <= 100:
        raise OutOfRange(_("Choose a part of the pool from 0 to 100 per cent."), field="cap_percent")
    if negative not in NegativePolicy.values:
        raise OutOfRange(_("Choose what happens with points below zero."), field="negative")
