"""What waits for somebody: tasks due, people to call back, deals that nobody moves, complaints, contracts that end. Reads only.

All of it is read by one statement, whatever there is (see accounts.together): `WorkLeft.read`, or `queries` for a page that reads
more in the same trip.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import (
    DateField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.permissions import Permission
from accounts.together import together
from crm import agenda, when
from crm.may import may
from crm.models import (
    Activity,
    ActivityKind,
    ActivityResult,
    Company,
    Complaint,
    ComplaintStatus,
    Contact,
    Contract,
    ContractStatus,
    Deal,
    Task,
)

MOST = 100
"""Of each kind: more than anybody does in a day."""
CALLED_WITHIN = timedelta(days=14)
"""A call that nobody took is tried again within these days; later it is no call back but a new call."""
NEXT_STEP_DAYS = 30
"""A task further away is no next step of a deal."""
Rows = list[dict[str, Any]]
ABOUT = ("company_id", "company__name")
DEAL = ("pk", "title", "amount_minor", "currency", "next_task_due", "stage_since", "stage__name", *ABOUT)


@dataclass(frozen=True)
class WorkLeft:
    """Each kind of work as plain rows, the most pressing first."""

    tasks: Rows
    calls: Rows
    bare: Rows
    cold: Rows
    complaints: Rows
    contracts: Rows

    @classmethod
    def read(cls, user: User, now: datetime) -> WorkLeft:
        """Everything that waits for `user` at `now`, in one statement."""
        return cls(*together(*queries(user, now)))


def queries(user: User, now: datetime) -> tuple[QuerySet[Any, Any], ...]:
    """The reads behind WorkLeft, in the order of its fields."""
    today = when.local_day(now, user.zone)
    until = when.end_of_day(today, user.zone)
    return (
        tasks(user, until), calls(user, now), bare(user, today), cold(user, now, today), complaints(user, until),
        contracts(user, today),
    )  # fmt: skip


def tasks(user: User, until: datetime) -> QuerySet[Any, Any]:
    """One's own open tasks due by `until`, as crm.agenda draws them, with what is at stake."""
    mine = Task.objects.visible_to(user).open().filter(owner=user, due_at__lte=until).order_by("due_at", "pk")
    columns = (*agenda.COLUMNS, "may_edit", "deal__amount_minor", "deal__currency")
    return mine.annotate(may_edit=may(user, Permission.TASK_EDIT)).values(*columns)[:MOST]


def calls(user: User, now: datetime) -> QuerySet[Any, Any]:
    """Calls that ended busy or with no answer, the last one with each client, where nobody talked or planned anything since."""
    tried = Activity.objects.live().filter(
        performed_by=user, kind=ActivityKind.CALL, result__in=(ActivityResult.NO_ANSWER, ActivityResult.BUSY),
        occurred_at__gt=now - CALLED_WITHIN,
    )  # fmt: skip
    with_person, with_company = Q(contact__isnull=False), Q(contact__isnull=True, company__isnull=False)
    mine = tried.filter(
        (with_person & Q(contact__in=Contact.objects.visible_to(user).values("pk")) & ~_followed("contact"))
        | (with_company & Q(company__in=Company.objects.visible_to(user).values("pk")) & ~_followed("company")),
        ~Exists(Task.objects.open().filter(deal=OuterRef("deal"))),
    )
    columns = ("pk", "occurred_at", "result", "contact_id", "contact__name", *ABOUT, "deal_id", "deal__title")
    return mine.order_by("-occurred_at", "-pk").values(*columns)[:MOST]


def bare(user: User, today: date) -> QuerySet[Any, Any]:
    """Open deals without a task within the days that count as a next step, the largest first; `since` when the last task ended."""
    done = Task.objects.live().filter(deal=OuterRef("pk"), done_at__isnull=False).order_by("-done_at").values("done_at")
    rows = _deals(user).filter(_without_step(user, today))
    return rows.values(*DEAL, since=Coalesce(Subquery(done[:1]), F("opened_at")))[:MOST]


def cold(user: User, now: datetime, today: date) -> QuerySet[Any, Any]:
    """Open deals with a next step that have stood in their stage for longer than it takes, the largest first."""
    allowed = ExpressionWrapper(F("stage__cold_after_days") * timedelta(days=1), output_field=DurationField())
    rows = _deals(user).exclude(_without_step(user, today)).filter(stage_since__lt=Value(now) - allowed)
    return rows.values(*DEAL)[:MOST]


def complaints(user: User, until: datetime) -> QuerySet[Any, Any]:
    """Complaints that are to be answered by `until`."""
    mine = Complaint.objects.visible_to(user).filter(owner=user, status=ComplaintStatus.OPEN, due_at__lte=until)
    columns = (
        "pk",
        "kind",
        "subject",
        "note",
        "due_at",
        "contact_id",
        "contact__name",
        *ABOUT,
        "deal_id",
        "deal__title",
        "task_id",
    )
    return mine.order_by("due_at", "pk").values(*columns)[:MOST]


def contracts(user: User, today: date) -> QuerySet[Any, Any]:
    """Running contracts whose end is as near as they ask to be reminded of, or past."""
    last = ExpressionWrapper(Value(today, output_field=DateField()) + F("remind_days"), output_field=DateField())
    mine = Contract.objects.visible_to(user).filter(owner=user, status=ContractStatus.RUNNING, ends_on__lte=last)
    columns = ("pk", "title", "ends_on", "amount_minor", "currency", *ABOUT, "deal_id", "deal__title", "reminder_id")
    return mine.order_by("ends_on", "pk").values(*columns)[:MOST]


def _followed(noun: str) -> Exists:
    """Whether somebody called or met the client again, or means to."""
    again = Q(kind=ActivityKind.CALL) | (Q(kind=ActivityKind.MEETING) & ~Q(result=ActivityResult.NOT_HELD))
    later = Activity.objects.live().filter(again, **{noun: OuterRef(noun)}, occurred_at__gt=OuterRef("occurred_at"))
    return Exists(later) | Exists(Task.objects.open().filter(**{noun: OuterRef(noun)}))  # type: ignore[return-value]


def _deals(user: User) -> QuerySet[Deal]:
    mine = Deal.objects.visible_to(user).open().filter(owner=user)
    return mine.order_by(F("amount_minor").desc(nulls_last=True), "pk")


def _without_step(user: User, today: date) -> Q:
    until = when.end_of_day(today + timedelta(days=NEXT_STEP_DAYS), user.zone)
    return Q(next_task_due__isnull=True) | Q(next_task_due__gt=until)
