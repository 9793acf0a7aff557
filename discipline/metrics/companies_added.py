"""New companies that are worth having: not there before, and with a card somebody can work with.

Card quality = 35 completeness + 25 validity + 15 uniqueness + 15 freshness + 10 next step, each part from 0 to 1. Freshness is
1 up to 90 days after the last contact, falls to 0 at 365 and is 0 without any. A company counts from quality 60.
"""

from django.utils.translation import gettext_lazy as _

from discipline.metrics.base import Better, Kind, Metric
from discipline.metrics.shared import NOT_REACHED

TWIN = """EXISTS (
        SELECT FROM crm_company_timeline t
        WHERE t.{key} = a.{key} AND a.{key} <> '' AND t.{key} <> '' AND t.deleted_at IS NULL
            AND t.from_at <= a.cut_off AND t.to_at > a.cut_off AND (t.recorded_at, t.id) < (a.recorded_at, a.id)
    )"""
FRESHNESS = """CASE WHEN last_contact IS NULL THEN 0 ELSE
        GREATEST(0, LEAST(1, (365 - extract(epoch FROM cut_off - last_contact) / 86400) / (365 - 90))) END"""

FACTS = f"""
WITH added AS MATERIALIZED (
    SELECT w.n, w.cut_off, c.id, c.recorded_at, c.deleted_at, c.completeness, c.validity, c.tax_key, c.domain_key, c.phone_reversed
    FROM windows w
    JOIN crm_company_timeline c
        ON c.created_by_id = w.person AND c.recorded_at > w.opens AND c.recorded_at <= w.cut_off
        AND c.recorded_at > %(first_opens)s AND c.recorded_at <= %(last_cut_off)s
        AND c.from_at <= w.cut_off AND c.to_at > w.cut_off
    WHERE c.source <> 'import'
),
looked_at AS MATERIALIZED (
    SELECT a.*,
        {TWIN.format(key="tax_key")} OR {TWIN.format(key="domain_key")} OR {TWIN.format(key="phone_reversed")} AS twin,
        EXISTS (
            SELECT FROM crm_taskperiod p WHERE p.company_id = a.id AND p.from_at <= a.cut_off AND p.to_at > a.cut_off
        ) AS next_step,
        (
            SELECT max(t.occurred_at) FROM crm_activity_timeline t
            WHERE t.company_id = a.id AND t.occurred_at <= a.cut_off AND t.from_at <= a.cut_off AND t.to_at > a.cut_off
                AND t.deleted_at IS NULL AND t.kind <> 'note' AND t.result NOT IN ({NOT_REACHED})
        ) AS last_contact
    FROM added a
),
judged AS (
    SELECT *, 35 * completeness + 25 * validity + CASE WHEN twin THEN 0 ELSE 15 END
        + 15 * {FRESHNESS} + CASE WHEN next_step THEN 10 ELSE 0 END AS quality
    FROM looked_at
)
SELECT n, 'company' AS type, id, CASE WHEN reason = '' THEN 'counted' ELSE 'excluded' END AS role, reason,
    1 AS counts, round(quality, 1) AS value, recorded_at AS at
FROM judged
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN deleted_at IS NOT NULL THEN 'deleted'
        WHEN twin THEN 'not_unique'
        WHEN quality < 60 THEN 'poor_card'
        ELSE '' END
) AS verdict (reason)
"""

METRIC = Metric(
    key="companies_added",
    version=1,
    kind=Kind.FLOW,
    unit=_("companies"),
    label=_("Companies added"),
    why=_("A new company counts when it was not there before and its card is filled in."),
    icon="building-plus",
    better=Better.MORE,
    facts=FACTS,
    daily=True,
)
