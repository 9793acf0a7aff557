"""Days without a single open deal to judge, beside a team that has some: nothing can be without a task where nothing is open.

The team's figure is the median of its people's open deals over these days. The records are the deals that left the person's
funnel since the day before the first one.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts import formats
from discipline.signals.base import Signal, record

LEAST = 3
USUAL = 3

FOUND = f"""
empty AS (
    SELECT d.user_id, count(DISTINCT d.day) AS n, min(d.opens) AS opens, max(d.cut_off) AS cut_off
    FROM days d
    JOIN discipline_scoreline l ON l.card_id = d.card_id AND l.metric = 'deals_without_task' AND l.reason = 'no_items'
    GROUP BY d.user_id HAVING count(DISTINCT d.day) >= {LEAST}
),
held AS (
    SELECT d.user_id, avg(s.value) AS deals
    FROM days d
    JOIN discipline_snapshot s ON s.user_id = d.user_id AND s.day = d.day AND s.metric = 'deals_in_progress' AND s.parameters = ''
    GROUP BY d.user_id
),
team AS (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY deals) AS median FROM held)
SELECT e.user_id, jsonb_build_object('n', e.n, 'median', team.median),
    COALESCE((
        SELECT jsonb_agg({record("deal", "p.deal_id", "left_funnel", "p.to_at")} ORDER BY p.to_at, p.deal_id)
        FROM crm_dealperiod p
        WHERE p.owner_id = e.user_id AND p.to_at > e.opens - interval '1 day' AND p.to_at <= e.cut_off
    ), '[]')
FROM empty e CROSS JOIN team WHERE team.median >= {USUAL} ORDER BY e.n DESC, e.user_id
"""

SIGNAL = Signal(
    key="emptied_funnel",
    label=_("Nothing open to judge"),
    icon="filter-off",
    asks=lambda n: (
        ngettext(
            "On %(n)s day there was no open deal, the team usually has %(median)s each: where do the next deals come from?",
            "On %(n)s days there was no open deal, the team usually has %(median)s each: where do the next deals come from?",
            n["n"],
        )
        % {**n, "median": formats.number(n["median"], 0)}
    ),
    found=FOUND,
)
