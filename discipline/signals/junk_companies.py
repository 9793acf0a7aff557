"""New companies that did not count, because they were there before or their card is nearly empty: three at least, and a third
of those added.

Read from the scored lines: what counts was decided there, as of the cut-off.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from discipline.signals.base import Signal

LEAST = 3

FOUND = f"""
added AS (
    SELECT DISTINCT ON (d.user_id, e.row ->> 1) d.user_id, e.row,
        e.row ->> 2 = 'excluded' AND e.row ->> 3 IN ('not_unique', 'poor_card') AS poor
    FROM days d
    JOIN discipline_scoreline l ON l.card_id = d.card_id AND l.metric = 'companies_added'
    CROSS JOIN LATERAL jsonb_array_elements(l.evidence) AS e (row)
    ORDER BY d.user_id, e.row ->> 1
)
SELECT user_id, jsonb_build_object('n', count(*) FILTER (WHERE poor), 'of', count(*)),
    jsonb_agg(row ORDER BY row ->> 5) FILTER (WHERE poor)
FROM added GROUP BY user_id
HAVING count(*) FILTER (WHERE poor) >= {LEAST} AND 3 * count(*) FILTER (WHERE poor) >= count(*)
ORDER BY count(*) FILTER (WHERE poor) DESC, user_id
"""

SIGNAL = Signal(
    key="junk_companies",
    label=_("Companies that do not count"),
    icon="building",
    asks=lambda n: (
        ngettext(
            "%(n)s of %(of)s new company did not count: where does this address come from?",
            "%(n)s of %(of)s new companies did not count: where do these addresses come from?",
            n["of"],
        )
        % n
    ),
    found=FOUND,
)
