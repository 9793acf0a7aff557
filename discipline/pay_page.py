"""Pay rules as the owner's page shows them: which hold today, with an example, and which were ever set. One statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts import formats
from discipline.models import NegativePolicy, PayRule
from discipline.settling import money_for

EXAMPLE = 100
MOST = 200
"""So many rules are shown; the oldest beyond them are history that statements quote anyway."""


@dataclass(frozen=True)
class PayPage:
    """Rows as the tables draw them."""

    in_force: list[dict[str, Any]]
    others: list[dict[str, Any]]


def read(today: date) -> PayPage:
    """The rule in force of the company and of each team that has its own, then the coming and the past ones."""
    rules = list(PayRule.objects.select_related("team", "set_by").order_by("team__path", "-starts_on", "-pk")[:MOST])
    rules.sort(key=lambda rule: rule.team is not None)
    holding: dict[int | None, PayRule] = {}
    for rule in rules:
        if rule.starts_on <= today:
            holding.setdefault(rule.team_id, rule)
    now = {rule.pk for rule in holding.values()}
    return PayPage(
        in_force=[_row(rule, today) for rule in rules if rule.pk in now],
        others=[_row(rule, today) for rule in rules if rule.pk not in now],
    )


def _row(rule: PayRule, today: date) -> dict[str, Any]:
    won, lost = money_for(EXAMPLE, rule), money_for(-EXAMPLE, rule)
    example = _("%(n)s points pay %(amount)s") % {
        "n": EXAMPLE,
        "amount": formats.money(won.amount_minor, rule.currency),
    }
    taken = _("−%(n)s take %(amount)s off the pool") % {
        "n": EXAMPLE,
        "amount": formats.money(-lost.amount_minor, rule.currency),
    }
    return {
        "rule": rule,
        "reduces": rule.negative == NegativePolicy.REDUCE,
        "example": example,
        "taken": taken if lost.amount_minor else _("points below zero take nothing"),
        "coming": rule.starts_on > today,
    }
