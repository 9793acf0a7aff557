"""How good a company's card is: 35 completeness + 25 validity + 15 uniqueness + 15 freshness + 10 next step, each part from 0 to 1.

Freshness is 1 up to 90 days after the last contact, falls evenly to 0 at 365 and is 0 without any; changing fields is no contact.
"""

from __future__ import annotations

from discipline.metrics.shared import NOT_REACHED

COMPANY = "c.id, c.recorded_at, c.deleted_at, c.completeness, c.validity, c.tax_key, c.domain_key, c.phone_reversed"
"""What of a company's version is looked at, beside the n and cut_off of a window."""
TWIN = """EXISTS (
        SELECT FROM crm_company_timeline t
        WHERE t.{key} = a.{key} AND a.{key} <> '' AND t.{key} <> '' AND t.deleted_at IS NULL
            AND t.from_at <= a.cut_off AND t.to_at > a.cut_off AND (t.recorded_at, t.id) < (a.recorded_at, a.id)
    )"""
FRESHNESS = """CASE WHEN last_contact IS NULL THEN 0 ELSE
        GREATEST(0, LEAST(1, (365 - extract(epoch FROM cut_off - last_contact) / 86400) / (365 - 90))) END"""


def judged(companies: str) -> str:
    """Two queries for a WITH: `judged` has the rows of the query `companies`, each with `twin` and `quality` at its cut-off."""
    return f"""
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
    FROM {companies} a
),
judged AS (
    SELECT *, 35 * completeness + 25 * validity + CASE WHEN twin THEN 0 ELSE 15 END
        + 15 * {FRESHNESS} + CASE WHEN next_step THEN 10 ELSE 0 END AS quality
    FROM looked_at
)"""
