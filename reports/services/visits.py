"""The stays of deals in the stages of their funnel, followed from their history. Only this module writes them."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

FOLLOW = """
WITH versions AS (
    SELECT t.id, t.from_at, t.to_at, t.stage_id, t.owner_id, t.currency, t.amount_minor, t.status,
        t.source = 'import' AND t.from_at = t.recorded_at AS brought, t.status = 'open' AND t.deleted_at IS NULL AS stands
    FROM crm_deal c
    JOIN crm_deal_timeline t ON t.id = c.id
    WHERE (%(since)s::timestamptz IS NULL OR c.changed_at > %(since)s) AND t.from_at <= %(until)s
),
marked AS (
    SELECT *, lead(stands) OVER history AS stands_next, lead(stage_id) OVER history AS stage_next,
        lead(status) OVER history AS status_next,
        stands AND (lag(stands) OVER history IS DISTINCT FROM true OR lag(stage_id) OVER history <> stage_id) AS comes,
        stands AND (lead(stands) OVER history IS DISTINCT FROM true OR lead(stage_id) OVER history <> stage_id) AS goes
    FROM versions WINDOW history AS (PARTITION BY id ORDER BY from_at)
),
placed AS (
    SELECT *, sum(comes::int) OVER (PARTITION BY id ORDER BY from_at) AS place FROM marked
),
stays AS (
    SELECT id, place, stage_id, min(from_at) AS entered_at, NOT bool_or(brought) AS known,
        min(owner_id) FILTER (WHERE comes) AS person_id,
        min(to_at) FILTER (WHERE goes AND to_at <= %(until)s) AS left_at,
        min(currency) FILTER (WHERE goes) AS currency, min(amount_minor) FILTER (WHERE goes) AS amount_minor,
        bool_or(stands_next) FILTER (WHERE goes) AS stands_next, min(stage_next) FILTER (WHERE goes) AS stage_next,
        min(status_next) FILTER (WHERE goes) AS status_next
    FROM placed WHERE stands GROUP BY id, place, stage_id
)
INSERT INTO reports_stagevisit
    (deal_id, place, stage_id, person_id, entered_at, left_at, outcome, known, currency, amount_minor)
SELECT s.id, s.place, s.stage_id, s.person_id, s.entered_at, s.left_at,
    CASE
        WHEN s.left_at IS NULL THEN ''
        WHEN s.stands_next AND there.pipeline_id = here.pipeline_id
            THEN CASE WHEN (there.position, there.id) > (here.position, here.id) THEN 'on' ELSE 'back' END
        WHEN NOT s.stands_next AND s.status_next IN ('won', 'lost') THEN s.status_next
        ELSE 'gone' END,
    s.known, s.currency, s.amount_minor
FROM stays s
JOIN crm_stage here ON here.id = s.stage_id
LEFT JOIN crm_stage there ON there.id = s.stage_next
ON CONFLICT (deal_id, place) DO UPDATE SET
    left_at = EXCLUDED.left_at, outcome = EXCLUDED.outcome, currency = EXCLUDED.currency, amount_minor = EXCLUDED.amount_minor
WHERE reports_stagevisit.left_at IS NULL
    AND (EXCLUDED.left_at IS NOT NULL OR (reports_stagevisit.currency, reports_stagevisit.amount_minor)
        IS DISTINCT FROM (EXCLUDED.currency, EXCLUDED.amount_minor))
"""
"""A stay is a row of versions of an open deal in one stage: it begins where the deal was closed, elsewhere or not there before, and
ends likewise. What is over is over: a stay that has ended is never written again, also when the stages change places later."""


@transaction.atomic
def follow(*, since: datetime | None, until: datetime) -> int:
    """Write down, as known at `until`, the stays of the deals that have changed after `since` (None: of all deals).

    May be called again for the same time. Gives how many stays are new or have ended.
    """
    with connection.cursor() as cursor:
        cursor.execute(FOLLOW, {"since": since, "until": until})
        return int(cursor.rowcount)
