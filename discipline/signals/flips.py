"""Deals that were closed, opened again and closed once more. A slip that is taken back within ten minutes is none.

A deal's open stretches follow each other without a gap when it only changes hands; a gap is the time in which it was closed.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from discipline.signals.base import Signal, record

FOUND = f"""
ended AS (
    SELECT DISTINCT p.deal_id, d.user_id
    FROM days d JOIN crm_dealperiod p ON p.owner_id = d.user_id AND p.to_at > d.opens AND p.to_at <= d.cut_off
),
stretches AS (
    SELECT deal_id, to_at, lead(from_at) OVER (PARTITION BY deal_id ORDER BY from_at) AS next_at
    FROM crm_dealperiod WHERE deal_id IN (SELECT deal_id FROM ended)
),
closings AS (
    SELECT deal_id, to_at AS at, next_at
    FROM stretches
    WHERE to_at < 'infinity' AND (next_at IS NULL OR next_at > to_at + interval '10 minutes')
),
flipped AS (
    SELECT deal_id, count(*) AS closed, max(at) AS at FROM closings GROUP BY deal_id
    HAVING count(*) >= 2 AND bool_or(next_at IS NOT NULL)
)
SELECT e.user_id, jsonb_build_object('n', count(*)),
    jsonb_agg({record("deal", "f.deal_id", "closed_again", "f.at", "f.closed")} ORDER BY f.closed DESC, f.deal_id)
FROM flipped f JOIN ended e ON e.deal_id = f.deal_id
GROUP BY e.user_id ORDER BY count(*) DESC, e.user_id
"""

SIGNAL = Signal(
    key="flips",
    label=_("Closed and opened again"),
    icon="repeat",
    asks=lambda n: (
        ngettext(
            "%(n)s deal was closed, opened again and closed once more: what happened in between?",
            "%(n)s deals were closed, opened again and closed once more: what happened in between?",
            n["n"],
        )
        % n
    ),
    found=FOUND,
)
