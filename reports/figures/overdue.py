"""Tasks past their due time, of whoever has them."""

from django.utils.translation import gettext_lazy as _

from reports.figures.base import Figure, Noun
from reports.figures.pieces import then

FIGURE = Figure(
    key="overdue",
    label=_("Overdue tasks"),
    why=_("What was promised and is not done."),
    icon="hourglass",
    noun=Noun.TASK,
    records=f"""
SELECT p.task_id AS id, u.id AS person, '' AS part, '' AS currency, NULL::bigint AS minor
FROM accounts_user u
CROSS JOIN LATERAL (
    SELECT task_id FROM crm_taskperiod p WHERE p.owner_id = u.id AND {then("p")} AND p.due_at < %(moment)s OFFSET 0
) AS p
""",
)
