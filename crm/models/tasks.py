"""Tasks: what somebody is to do next, and when."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.policy import scope
from crm.history.fields import StampField
from crm.history.timelines import timeline_of
from crm.models.base import UNTRACKED, Recorded, external_key
from crm.models.companies import Company
from crm.models.contacts import Contact
from crm.models.deals import Deal


class TaskKind(models.TextChoices):
    CALL = "call", _("Call")
    MEETING = "meeting", _("Meeting")
    EMAIL = "email", _("E-mail")
    TODO = "todo", _("To do")


class TaskStatus(models.TextChoices):
    OPEN = "open", _("open")
    DONE = "done", _("done")
    DROPPED = "dropped", _("dropped")


class TaskQuerySet(models.QuerySet["Task"]):
    def live(self) -> TaskQuerySet:
        return self.filter(deleted_at__isnull=True)

    def open(self) -> TaskQuerySet:
        return self.live().filter(status=TaskStatus.OPEN)

    def overdue(self, now: datetime) -> TaskQuerySet:
        return self.open().filter(due_at__lt=now)

    def visible_to(self, user: object, action: Permission = Permission.TASK_VIEW) -> TaskQuerySet:
        return self.live().filter(scope(user, action))

    def open_at(self, moment: datetime) -> TaskQuerySet:
        """Tasks that were open at `moment`, exactly; costs what was open then, not the history."""
        return self.filter(pk__in=TaskPeriod.objects.at(moment).values("task"))


class Task(Recorded):
    """A task. Due at an instant; with a date and no time (`due_has_time` false) at the end of the owner's local day."""

    kind = models.CharField(_("kind"), max_length=10, choices=TaskKind.choices, default=TaskKind.TODO)
    title = models.CharField(_("what"), max_length=200)
    note = models.TextField(_("note"), max_length=10_000, blank=True, default="")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="tasks"
    )
    due_at = models.DateTimeField(_("due"))
    due_has_time = models.BooleanField(default=True)
    company = models.ForeignKey(
        Company, verbose_name=_("company"), null=True, blank=True, on_delete=models.PROTECT, related_name="tasks"
    )
    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), null=True, blank=True, on_delete=models.PROTECT, related_name="tasks"
    )
    deal = models.ForeignKey(
        Deal, verbose_name=_("deal"), null=True, blank=True, on_delete=models.PROTECT, related_name="tasks"
    )
    status = models.CharField(_("status"), max_length=7, choices=TaskStatus.choices, default=TaskStatus.OPEN)
    result = models.CharField(_("result"), max_length=200, blank=True, default="")
    done_at = StampField(null=True)
    pushes = models.PositiveSmallIntegerField(_("moved"), default=0, editable=False)
    push_reason = models.CharField(_("why it was moved"), max_length=200, blank=True, default="")

    objects = TaskQuerySet.as_manager()

    class Meta:
        constraints = [
            external_key("task_external_key"),
            models.CheckConstraint(
                condition=Q(status="open", done_at__isnull=True) | Q(~Q(status="open"), done_at__isnull=False),
                name="task_done_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["owner", "due_at", "id"],
                name="task_open_by_owner",
                condition=Q(status="open", deleted_at__isnull=True),
            ),
            models.Index(
                fields=["deal", "due_at"], name="task_open_by_deal", condition=Q(status="open", deleted_at__isnull=True)
            ),
            models.Index(
                fields=["due_at", "id"], name="task_open_by_due", condition=Q(status="open", deleted_at__isnull=True)
            ),
            models.Index(
                fields=["owner", "-done_at", "-id"], name="task_done_by_owner", condition=Q(done_at__isnull=False)
            ),
            models.Index(fields=["created_by", "recorded_at"], name="task_by_creator"),
        ]

    def __str__(self) -> str:
        return self.title


TaskTimeline = timeline_of(Task, leave_out=UNTRACKED)


class TaskPeriodQuerySet(models.QuerySet["TaskPeriod"]):
    def at(self, moment: datetime) -> TaskPeriodQuerySet:
        return self.filter(from_at__lte=moment, to_at__gt=moment)


class TaskPeriod(models.Model):
    """A stretch `[from_at, to_at)` in which a task was open and kept owner, deal, company, kind and due date. Written by triggers."""

    task = models.ForeignKey(Task, on_delete=models.DO_NOTHING, related_name="periods", db_constraint=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
    )
    deal = models.ForeignKey(
        Deal, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    company = models.ForeignKey(
        Company, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=10)
    due_at = models.DateTimeField()
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()

    objects = TaskPeriodQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["owner", "to_at"], name="task_period_by_owner", include=["from_at", "due_at", "task", "deal"]
            ),
            models.Index(
                fields=["deal", "to_at"],
                name="task_period_by_deal",
                include=["from_at", "due_at"],
                condition=Q(deal__isnull=False),
            ),
            models.Index(
                fields=["company", "to_at"],
                name="task_period_by_company",
                include=["from_at"],
                condition=Q(company__isnull=False),
            ),
            models.Index(fields=["task", "to_at"], name="task_period_by_task"),
        ]

    def __str__(self) -> str:
        return f"task {self.task_id} open with {self.owner_id}"


class CleanTransfer(models.Model):
    """That a head gave an open task to somebody else through nobody's fault: overdue that day, it is charged to nobody. Only added,
    stamped by the database."""

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="clean_transfers")
    from_owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    to_owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = StampField()

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        indexes = [models.Index(fields=["task", "recorded_at"], name="clean_transfer_by_task")]

    def __str__(self) -> str:
        return f"task {self.task_id} to {self.to_owner_id}"
