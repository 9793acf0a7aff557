"""What a person's open points would pay today: the figure on My day. One statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from accounts import formats
from accounts.models import User
from discipline.models import NegativePolicy
from discipline.settling import Worked
from discipline.unsettled import standings


@dataclass(frozen=True, kw_only=True)
class SoFar:
    """Points that no settlement has taken yet, and what they come to in `currency`."""

    worked: Worked
    currency: str

    @property
    def amount(self) -> str:
        return formats.money(self.worked.amount_minor, self.currency)

    @property
    def formula(self) -> str:
        """How the figure comes about, in a line."""
        rate = formats.money(self.worked.rate_minor, self.currency)
        said = _("%(points)s points × %(rate)s") % {"points": formats.number(self.worked.points), "rate": rate}
        if self.worked.points >= 0:
            return said
        if self.worked.negative == NegativePolicy.NONE:
            return _("%(formula)s: points below zero take nothing") % {"formula": said}
        return _("%(formula)s, off the bonus not earned yet") % {"formula": said}


def read(user: User, day: date) -> SoFar | None:
    """What `user` has earned on `day` since his last settlement; None for who has no team or no rate."""
    for one in standings(day=day, people=[user.pk]):
        if one.rule is not None and one.worked is not None:
            return SoFar(worked=one.worked, currency=one.rule.currency)
    return None
