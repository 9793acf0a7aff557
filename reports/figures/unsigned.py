"""People who are scored and have not signed the rules that were published last."""

from django.utils.translation import gettext_lazy as _

from reports.figures.base import Figure, Noun

FIGURE = Figure(
    key="unsigned",
    label=_("Rules not signed"),
    why=_("Whose rules are not signed, his day posts nothing."),
    icon="signature",
    noun=Noun.PERSON,
    records="""
SELECT a.user_id AS id, a.user_id AS person, '' AS part, '' AS currency, NULL::bigint AS minor
FROM discipline_assignment a
JOIN LATERAL (
    SELECT v.id FROM discipline_schemeversion v
    WHERE v.scheme_id = a.scheme_id AND v.published_at <= %(moment)s ORDER BY v.number DESC LIMIT 1
) AS newest ON true
WHERE a.starts_on <= %(day)s AND (a.ends_on IS NULL OR a.ends_on > %(day)s) AND NOT EXISTS (
    SELECT FROM discipline_signoff s WHERE s.user_id = a.user_id AND s.version_id = newest.id AND s.signed_at <= %(moment)s
)
""",
)
