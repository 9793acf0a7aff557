"""Pieces of SQL that several figures are made of."""

from __future__ import annotations


def then(row: str) -> str:
    """The condition that a version, or a period, was the one in force at the moment."""
    return f"{row}.from_at <= %(moment)s AND {row}.to_at > %(moment)s"


def open_deals(*, part: str = "''", minor: str = "d.amount_minor", also: str = "", beside: str = "") -> str:
    """Deals that were open, of whoever had them. Person by person from the periods, which know what was open with somebody however
    long the history."""
    return f"""
SELECT d.id, u.id AS person, {part} AS part, d.currency, {minor} AS minor
FROM accounts_user u
CROSS JOIN LATERAL (SELECT deal_id FROM crm_dealperiod p WHERE p.owner_id = u.id AND {then("p")} OFFSET 0) AS p
JOIN crm_deal_timeline d ON d.id = p.deal_id AND {then("d")}
{beside}
WHERE true {also}
"""


def lost_deals(*, part: str, beside: str = "") -> str:
    """Deals lost in the month, of whoever has them. What an import brought lost counts on the day that its source gave, if any."""
    return f"""
SELECT d.id, d.owner_id AS person, {part} AS part, d.currency, d.amount_minor AS minor
FROM crm_deal_timeline d
{beside}
WHERE {then("d")} AND d.status = 'lost' AND d.deleted_at IS NULL AND d.closed_at >= %(month)s AND d.closed_at <= %(moment)s
    AND NOT (d.source = 'import' AND d.closed_at = d.recorded_at)
"""


def complaints(*, also: str) -> str:
    """Complaints and returns, of whoever is to answer them."""
    return f"""
SELECT c.id, c.owner_id AS person, c.kind AS part, c.currency, c.amount_minor AS minor
FROM crm_complaint_timeline c
WHERE {then("c")} AND c.deleted_at IS NULL AND {also}
"""


def visits(*, part_of: str, also: str, minor: str, currency: str = "v.currency", beside: str = "") -> str:
    """Deals in the stages that they came through, each with its last stay there (`reports.services.visits`); `part_of` says which
    instant of the stay lies in the last half year. Later stays are looked up deal by deal (OFFSET 0 keeps it so)."""
    return f"""
SELECT v.deal_id AS id, v.person_id AS person, v.stage_id::text AS part, {currency} AS currency, {minor} AS minor
FROM reports_stagevisit v
{beside}
WHERE v.entered_at <= %(moment)s AND {part_of} > %(days_180)s {also}
    AND NOT EXISTS (
        SELECT FROM reports_stagevisit w
        WHERE w.deal_id = v.deal_id AND w.stage_id = v.stage_id AND w.place > v.place AND w.entered_at <= %(moment)s
        OFFSET 0
    )
"""


def shipments(*, since: str, until: str) -> str:
    """What a company `c` bought between two days, by currency: how many shipments, and their sum."""
    return f"""
SELECT s.currency, count(*) AS bought, sum(s.amount_minor) AS sum
FROM crm_purchase_timeline s
WHERE s.company_id = c.id AND s.kind = 'shipment' AND s.deleted_at IS NULL AND {then("s")}
    AND s.day > {since} AND s.day <= {until}
GROUP BY s.currency
"""
