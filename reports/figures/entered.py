"""Activities that somebody entered by hand today, whenever they happened."""

from django.utils.translation import gettext_lazy as _

from reports.figures.base import Figure, Noun
from reports.figures.pieces import then

FIGURE = Figure(
    key="entered",
    label=_("Entered today"),
    why=_("What is not entered is in no report."),
    icon="pencil",
    noun=Noun.ACTIVITY,
    records=f"""
SELECT a.id, u.id AS person, '' AS part, '' AS currency, NULL::bigint AS minor
FROM accounts_user u
CROSS JOIN LATERAL (
    SELECT id FROM crm_activity_timeline a
    WHERE a.performed_by_id = u.id AND a.recorded_at >= %(today)s AND a.recorded_at <= %(moment)s AND {then("a")}
        AND a.deleted_at IS NULL AND a.source = 'manual'
    OFFSET 0
) AS a
""",
)
