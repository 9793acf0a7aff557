"""What the deals won bring, in whole units of the company's currency."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.formats import NO_MINOR_UNITS
from discipline.metrics.base import Better, Kind, Metric
from discipline.metrics.deal_choice import DEALS, of_deals

WITHOUT_CENTS = ", ".join(f"'{currency}'" for currency in sorted(NO_MINOR_UNITS))


def facts(given: Mapping[str, Any]) -> str:
    return f"""
WITH home AS (SELECT COALESCE((SELECT currency FROM crm_companysettings WHERE id = 1), 'EUR') AS currency),
priced AS (
    SELECT won.n, won.id, won.first_won_at,
        CASE
            WHEN won.reason <> '' THEN won.reason
            WHEN won.amount_minor IS NULL THEN 'no_amount'
            WHEN won.currency <> home.currency THEN 'other_currency'
            ELSE '' END AS reason,
        won.amount_minor / CASE WHEN won.currency IN ({WITHOUT_CENTS}) THEN 1.00 ELSE 100.00 END AS amount
    FROM won CROSS JOIN home
    WHERE true {of_deals(given, "won")}
)
SELECT n, 'deal' AS type, id, CASE WHEN reason = '' THEN 'counted' ELSE 'excluded' END AS role, reason,
    amount AS counts, round(amount, 2) AS value, first_won_at AS at
FROM priced
"""


METRIC = Metric(
    key="sum_won",
    version=1,
    kind=Kind.FLOW,
    unit=_("money"),
    label=_("Sum won"),
    why=_("The amounts of the deals won, as they stood at the cut-off."),
    icon="coins",
    better=Better.MORE,
    facts=facts,
    looks_at=("won",),
    daily=True,
    parameters=DEALS,
)
