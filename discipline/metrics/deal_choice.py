"""Which deals a rule looks at: those of a pipeline, a segment or a product group, each as they stood at the cut-off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from discipline.metrics.parameters import PIPELINE, PRODUCT_GROUP, SEGMENT, quoted, whole

DEALS = (PIPELINE, SEGMENT, PRODUCT_GROUP)
"""The parameters of metrics about deals."""


def of_deals(given: Mapping[str, Any], deal: str, at: str = "cut_off") -> str:
    """SQL conditions, each with its AND, on the alias `deal` (id, stage_id, company_id) as of the column `at` beside it."""
    at = at if "." in at else f"{deal}.{at}"
    parts = []
    if "pipeline" in given:
        parts.append(
            f"""AND EXISTS (
    SELECT FROM crm_stageperiod s
    WHERE s.stage_id = {deal}.stage_id AND s.pipeline_id = {whole(given["pipeline"])} AND s.from_at <= {at} AND s.to_at > {at}
)"""
        )
    if "segment" in given:
        parts.append(of_segment(given, f"{deal}.company_id", at))
    if "product_group" in given:
        parts.append(
            f"""AND EXISTS (
    SELECT FROM crm_dealproductperiod l
    JOIN crm_productgroupperiod g ON g.product_id = l.product_id AND g.from_at <= {at} AND g.to_at > {at}
    WHERE l.deal_id = {deal}.id AND g."group" = {quoted(given["product_group"])} AND l.from_at <= {at} AND l.to_at > {at}
)"""
        )
    return "\n".join(parts)


def of_segment(given: Mapping[str, Any], company: str, at: str) -> str:
    """The condition on a company's column that its tag was there at a moment; nothing when no segment was chosen."""
    if "segment" not in given:
        return ""
    return f"""AND EXISTS (
    SELECT FROM crm_companytagperiod t
    WHERE t.company_id = {company} AND t.tag_id = {whole(given["segment"])} AND t.from_at <= {at} AND t.to_at > {at}
)"""


def open_deals(given: Mapping[str, Any]) -> str:
    """What to read in place of `open_deals`: all of them, or those chosen."""
    if not given:
        return "open_deals"
    return f"""(
    SELECT o.* FROM open_deals o
    JOIN crm_deal_timeline d ON d.id = o.deal_id AND d.from_at <= o.cut_off AND d.to_at > o.cut_off
    WHERE true {of_deals(given, "d", "o.cut_off")}
)"""
