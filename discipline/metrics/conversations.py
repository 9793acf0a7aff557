"""Calls in which somebody was talked to, at most one per contact in ten minutes.

Of calls with the same contact the first counts, then the first at least ten minutes after the last one counted. A new count
starts wherever two calls are ten minutes apart, so only the runs of closer ones are walked through one by one. Calls of the hour
before the window take part in the walk, so that one on either side of a cut-off are one conversation, of the earlier day.
"""

from django.utils.translation import gettext_lazy as _

from discipline.metrics.base import Better, Kind, Metric
from discipline.metrics.shared import NOT_REACHED

FACTS = f"""
WITH RECURSIVE judged AS (
    SELECT n, id, contact_id, company_id, occurred_at, earlier,
        CASE
            WHEN late THEN 'late'
            WHEN deleted_at IS NOT NULL THEN 'deleted'
            WHEN result IN ({NOT_REACHED}) THEN 'not_reached'
            WHEN source = 'manual' AND result = '' AND btrim(note) = '' THEN 'no_note'
            WHEN source <> 'manual' AND COALESCE(seconds, 0) < 30 THEN 'too_short'
            ELSE '' END AS reason,
        COALESCE(contact_id * 3, company_id * 3 + 1, id * 3 + 2) AS with_whom
    FROM performed WHERE kind = 'call'
),
gaps AS (
    SELECT n, id, with_whom, occurred_at,
        COALESCE(occurred_at - lag(occurred_at) OVER whom >= interval '10 minutes', true) AS apart,
        COALESCE(lead(occurred_at) OVER whom - occurred_at < interval '10 minutes', false) AS followed,
        row_number() OVER whom AS place
    FROM judged WHERE reason = ''
    WINDOW whom AS (PARTITION BY n, with_whom ORDER BY occurred_at, id)
),
runs AS MATERIALIZED (SELECT * FROM gaps WHERE followed OR NOT apart),
walked AS (
    SELECT n, id, with_whom, place, occurred_at AS last, true AS counts FROM runs WHERE apart
    UNION ALL
    SELECT c.n, c.id, c.with_whom, c.place, CASE WHEN far.enough THEN c.occurred_at ELSE p.last END, far.enough
    FROM walked p
    JOIN runs c ON c.n = p.n AND c.with_whom = p.with_whom AND c.place = p.place + 1 AND NOT c.apart
    CROSS JOIN LATERAL (SELECT c.occurred_at - p.last >= interval '10 minutes') AS far (enough)
)
SELECT j.n, 'activity' AS type, j.id, CASE WHEN verdict.reason = '' THEN 'counted' ELSE 'excluded' END AS role, verdict.reason,
    1 AS counts, NULL::numeric AS value, j.occurred_at AS at
FROM judged j
LEFT JOIN walked k ON k.n = j.n AND k.id = j.id AND NOT k.counts
CROSS JOIN LATERAL (SELECT CASE WHEN k.id IS NOT NULL THEN 'repeat' ELSE j.reason END) AS verdict (reason)
WHERE NOT j.earlier
"""

METRIC = Metric(
    key="conversations",
    version=2,
    kind=Kind.FLOW,
    unit=_("conversations"),
    label=_("Conversations"),
    why=_(
        "A call counts when you talked to somebody and wrote a word about it; a recorded one when it took 30 seconds."
    ),
    icon="phone",
    better=Better.MORE,
    facts=FACTS,
    looks_at=("performed",),
    sources=frozenset({"telephony"}),
    daily=True,
)
