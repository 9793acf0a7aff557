"""Files hung on deals and tasks in the window, by whoever attached them; each counts once, and only while it is there."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from discipline.metrics.base import Better, Kind, Metric
from discipline.metrics.deal_choice import DEALS, of_deals
from discipline.metrics.parameters import Parameter, ParameterKind

HUNG_ON = {
    "deals": "f.deal_id IS NOT NULL",
    "tasks": "f.task_id IS NOT NULL",
}


def facts(given: Mapping[str, Any]) -> str:
    on = HUNG_ON.get(given.get("on", ""), "(f.deal_id IS NOT NULL OR f.task_id IS NOT NULL)")
    chosen = of_deals(given, "d", "h.cut_off")
    deals = f"""AND EXISTS (
    SELECT FROM crm_deal_timeline d
    WHERE d.id = h.deal_id AND d.from_at <= h.cut_off AND d.to_at > h.cut_off {chosen}
)"""
    return f"""
WITH hung AS (
    SELECT w.n, w.cut_off, f.file_id, f.from_at, COALESCE(f.deal_id, t.deal_id) AS deal_id
    FROM windows w
    CROSS JOIN LATERAL (
        SELECT * FROM crm_fileperiod f
        WHERE f.uploaded_by_id = w.person AND f.from_at > w.opens AND f.from_at <= w.cut_off OFFSET 0
    ) AS f
    LEFT JOIN crm_task_timeline t ON t.id = f.task_id AND t.from_at <= w.cut_off AND t.to_at > w.cut_off
    WHERE {on} AND NOT EXISTS (SELECT FROM crm_fileperiod e WHERE e.file_id = f.file_id AND e.from_at < f.from_at)
)
SELECT n, 'file' AS type, file_id AS id, CASE WHEN reason = '' THEN 'counted' ELSE 'excluded' END AS role, reason,
    1 AS counts, NULL::numeric AS value, from_at AS at
FROM hung h
CROSS JOIN LATERAL (
    SELECT CASE WHEN EXISTS (
        SELECT FROM crm_fileperiod k WHERE k.file_id = h.file_id AND k.from_at <= h.cut_off AND k.to_at > h.cut_off
    ) THEN '' ELSE 'deleted' END
) AS verdict (reason)
WHERE true {deals if chosen else ""}
"""


METRIC = Metric(
    key="files_delivered",
    version=1,
    kind=Kind.FLOW,
    unit=_("files"),
    label=_("Files delivered"),
    why=_("Offers, contracts and reports count once they hang where colleagues find them."),
    icon="paperclip",
    better=Better.MORE,
    facts=facts,
    parameters=(
        Parameter(
            key="on",
            label=_("attached to"),
            kind=ParameterKind.CHOICE,
            choices=(("deals", _("deals")), ("tasks", _("tasks"))),
        ),
        *DEALS,
    ),
)
