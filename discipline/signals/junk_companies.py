"""New companies that did not count because they were there before, or because their card is nearly empty.

Read from the scored lines: what counts was decided there, as of the cut-off.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from discipline.signals.base import Signal

LEAST = 3

FOUND = f"""
poor AS (
    SELECT DISTINCT ON (d.user_id, e.row ->> 1) d.user_id, e.row, e.row ->> 3 AS reason
    FROM days d
    JOIN discipline_scoreline l ON l.card_id = d.card_id AND l.metric = 'companies_added'
    CROSS JOIN LATERAL jsonb_array_elements(l.evidence) AS e (row)
    WHERE e.row ->> 2 = 'excluded' AND e.row ->> 3 IN ('not_unique', 'poor_card')
    ORDER BY d.user_id, e.row ->> 1
)
SELECT user_id,
    jsonb_build_object('n', count(*), 'twins', count(*) FILTER (WHERE reason = 'not_unique')), jsonb_agg(row ORDER BY row ->> 5)
FROM poor GROUP BY user_id HAVING count(*) >= {LEAST} ORDER BY count(*) DESC, user_id
"""

SIGNAL = Signal(
    key="junk_companies",
    label=_("Companies that do not count"),
    icon="building",
    asks=lambda n: (
        ngettext(
            "%(n)s new company did not count, %(twins)s of them was there before: where do these addresses come from?",
            "%(n)s new companies did not count, %(twins)s of them were there before: where do these addresses come from?",
            n["n"],
        )
        % n
    ),
    found=FOUND,
)
