"""Reports about tasks."""

from __future__ import annotations

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from crm.lists import Asker, choices, days, record, toggle
from crm.lists.filters import Rows
from crm.models import Company, Contact, Deal, Task, TaskKind, TaskStatus
from crm.models import Source as CameFrom
from reports.builder import dimensions, figures
from reports.builder.activities import leads
from reports.builder.parts import Date, Shown, Source


def _late(asker: Asker) -> Q:
    return Q(status=TaskStatus.OPEN, due_at__lt=asker.at)


def _overdue(rows: Rows, asker: Asker) -> Rows:
    return rows.filter(_late(asker))


TASKS = Source(
    key="tasks",
    label=_("Tasks"),
    model=Task,
    icon="checkbox",
    rows=lambda user: Task.objects.visible_to(user),
    dates=[
        Date(key="due", label=_("Due"), column="due_at", field="due_at", ahead=True),
        Date(key="done", label=_("Done"), column="done_at", field="done_at"),
        Date(key="recorded", label=_("Added"), column="recorded_at", field="recorded_at"),
    ],
    dimensions=[
        dimensions.person("owner", _("Owner"), "owner"),
        dimensions.team_of("owner"),
        dimensions.choice("status", _("Status"), "status", TaskStatus.choices),
        dimensions.choice("kind", _("Kind"), "kind", TaskKind.choices),
        *dimensions.client(),
        dimensions.seen("contact", _("Contact"), Contact, Permission.CONTACT_VIEW),
        dimensions.seen("deal", _("Deal"), Deal, Permission.DEAL_VIEW, name="title"),
        dimensions.person("created_by", _("Given by"), "created_by"),
        dimensions.choice("source", _("Source"), "source", CameFrom.choices),
    ],
    figures=[
        figures.count(_("Tasks")),
        figures.rate("done_rate", _("Done, of all"), lambda asker: Q(status=TaskStatus.DONE), field="status"),
        figures.rate(
            "in_time_rate", _("Done in time"), lambda asker: Q(done_at__lte=F("due_at")), field="done_at", among=Q(status=TaskStatus.DONE)
        ),
        figures.rate("overdue_rate", _("Overdue, of those open"), _late, field="due_at", among=Q(status=TaskStatus.OPEN)),
        figures.total("pushes_sum", _("Times moved"), lambda asker: F("pushes"), field="pushes"),
        figures.average("pushes_average", _("Times moved on average"), lambda asker: F("pushes"), field="pushes"),
    ],
    filters=lambda user: [
        record("owner", _("Owner"), User, named_by="full_name", suggest="person", mine=_("Mine"), quick=True),
        choices("status", _("Status"), TaskStatus.choices, quick=True),
        choices("kind", _("Kind"), TaskKind.choices),
        toggle("overdue", _("Overdue"), _overdue, field="due_at", icon="hourglass"),
        record("company", _("Company"), Company, named_by="name", suggest="company", empty=True),
        days("due", _("Due"), column="due_at", ahead=True),
        days("done", _("Done"), column="done_at"),
    ],
    shown=Shown(heading=_("Task"), title="title", whom="company__name", person="owner__full_name", leads=leads()),
)  # fmt: skip
