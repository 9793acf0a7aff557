"""What was done with clients today, entered by hand or captured, by kind; notes are no talks."""

from django.utils.translation import gettext_lazy as _

from reports.figures.base import Figure, Noun, Part
from reports.figures.pieces import then

FIGURE = Figure(
    key="talks",
    label=_("Talks today"),
    why=_("Calls, meetings, e-mails and messages of today."),
    icon="messages",
    noun=Noun.ACTIVITY,
    part=Part.KIND,
    records=f"""
SELECT a.id, u.id AS person, a.kind AS part, '' AS currency, NULL::bigint AS minor
FROM accounts_user u
CROSS JOIN LATERAL (
    SELECT id, kind FROM crm_activity_timeline a
    WHERE a.performed_by_id = u.id AND a.occurred_at >= %(today)s AND a.occurred_at <= %(moment)s AND {then("a")}
        AND a.deleted_at IS NULL AND a.source <> 'import' AND a.kind <> 'note'
    OFFSET 0
) AS a
""",
)
"""Person by person: activities are found by who did them, and the database would otherwise read those of all years."""
