"""Tasks past their due time, of whoever has them."""

from django.utils.translation import gettext_lazy as _

from reports.figures.base import Figure, Noun

FIGURE = Figure(
    key="overdue",
    label=_("Overdue tasks"),
    why=_("What was promised and is not done."),
    icon="hourglass",
    noun=Noun.TASK,
    records="""
SELECT task_id AS id, owner_id AS person, '' AS part, '' AS currency, NULL::bigint AS minor
FROM crm_taskperiod
WHERE from_at <= %(moment)s AND to_at > %(moment)s AND due_at < %(moment)s
""",
)
