"""Reports about activities: calls, meetings, letters, notes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import ExpressionWrapper, F, Q, Value
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from crm.lists import Asker, choices, record
from crm.models import Activity, ActivityKind, ActivityResult, Company, Contact, Deal, Direction
from crm.models import Source as CameFrom
from crm.models.activities import NOT_TALKED
from reports.builder import dimensions, expressions, figures
from reports.builder.parts import Date, Shown, Source

TALKS = Q(kind__in=[ActivityKind.CALL, ActivityKind.MEETING]) & ~Q(result="")


def minutes(asker: Asker) -> Any:
    return ExpressionWrapper(F("seconds") / Value(60.0, output_field=expressions.NUMBER), expressions.NUMBER)


def leads() -> list[Any]:
    """What an activity or a task is about, where the reader sees it: the deal, the person, the company."""
    return [
        ("crm:deal", lambda asker: expressions.seen(Deal, Permission.DEAL_VIEW, "deal", "id", asker)),
        ("crm:contact", lambda asker: expressions.seen(Contact, Permission.CONTACT_VIEW, "contact", "id", asker)),
        ("crm:company", lambda asker: expressions.seen(Company, Permission.COMPANY_VIEW, "company", "id", asker)),
    ]


ACTIVITIES = Source(
    key="activities",
    label=_("Activities"),
    model=Activity,
    icon="phone",
    rows=lambda user: Activity.objects.visible_to(user),
    dates=[
        Date(key="occurred", label=_("When it was"), column="occurred_at", field="occurred_at"),
        Date(key="recorded", label=_("When it was entered"), column="recorded_at", field="recorded_at"),
    ],
    dimensions=[
        dimensions.person("performed_by", _("Who"), "performed_by"),
        dimensions.team_of("performed_by"),
        dimensions.choice("kind", _("Kind"), "kind", ActivityKind.choices),
        dimensions.choice("result", _("Result"), "result", ActivityResult.choices),
        dimensions.choice("direction", _("Direction"), "direction", Direction.choices),
        *dimensions.client(),
        dimensions.seen("contact", _("Contact"), Contact, Permission.CONTACT_VIEW),
        dimensions.seen("deal", _("Deal"), Deal, Permission.DEAL_VIEW, name="title"),
        dimensions.choice("source", _("Source"), "source", CameFrom.choices),
    ],
    figures=[
        figures.count(_("Activities")),
        figures.rate(
            "reached_rate", _("Reached of those tried"), lambda asker: ~Q(result__in=NOT_TALKED), field="result", among=TALKS,
            note=_("Calls and meetings with a result."),
        ),
        figures.total("minutes_sum", _("Minutes"), minutes, field="seconds"),
        figures.average("minutes_average", _("Minutes on average"), minutes, field="seconds"),
        figures.rate(
            "same_day_rate", _("Entered within a day"), lambda asker: Q(recorded_at__lt=F("occurred_at") + timedelta(days=1)),
            field="recorded_at",
        ),
    ],
    filters=lambda user: [
        record("performed_by", _("Who"), User, named_by="full_name", suggest="person", mine=_("Mine"), quick=True),
        choices("kind", _("Kind"), ActivityKind.choices, quick=True),
        choices("result", _("Result"), ActivityResult.choices),
        choices("direction", _("Direction"), Direction.choices),
        record("company", _("Company"), Company, named_by="name", suggest="company", empty=True),
        choices("source", _("Source"), CameFrom.choices),
    ],
    shown=Shown(
        heading=_("Activity"), title="kind", whom="company__name", person="performed_by__full_name", leads=leads(),
        words=lambda kind: str(ActivityKind(kind).label),
    ),
)  # fmt: skip
