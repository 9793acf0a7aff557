"""Cards closed in the last fortnight that no head has looked at."""

from django.utils.translation import gettext_lazy as _

from reports.figures.base import Figure, Noun

FIGURE = Figure(
    key="unreviewed",
    label=_("Cards not reviewed"),
    why=_("A card that no head looks at teaches nobody anything."),
    icon="eye-off",
    noun=Noun.CARD,
    records="""
SELECT c.id, c.user_id AS person, '' AS part, '' AS currency, NULL::bigint AS minor
FROM discipline_scorecard c
WHERE c.day > %(day)s - 14 AND c.day <= %(day)s AND c.closed_at <= %(moment)s AND NOT EXISTS (
    SELECT FROM discipline_cardreview r WHERE r.card_id = c.id AND r.reviewed_at <= %(moment)s
)
""",
)
