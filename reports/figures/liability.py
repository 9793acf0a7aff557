"""What would be paid for points that no approved settlement has paid yet: how many of them, and what they come to."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from discipline.unsettled import standings
from reports.figures.base import Figure, Holds, Noun, Tallied
from reports.moments import Span


def people(span: Span) -> Iterator[Tallied]:
    """Who has points above zero, and what his team's rate makes of them."""
    for one in standings(day=span.day, free=False, until=span.moment):
        if one.points > 0:
            currency = one.rule.currency if one.rule else ""
            yield one.user_id, "", currency, one.points, one.worked.amount_minor if one.worked else 0


FIGURE = Figure(
    key="liability",
    label=_("Bonus to pay"),
    why=_("Points that are earned and not paid out yet, at the rates of today."),
    icon="coins",
    noun=Noun.PERSON,
    holds=Holds.MONEY,
    counts_points=True,
    people=people,
)
