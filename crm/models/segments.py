"""Segments: clients chosen by conditions; and the tasks that everybody gets for one of them in one go."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.policy import scope
from crm.models.companies import Company
from crm.models.tasks import Task, TaskKind


class SegmentQuerySet(models.QuerySet["Segment"]):
    def visible_to(self, user: object, action: Permission = Permission.SEGMENT_VIEW) -> SegmentQuerySet:
        return self.filter(scope(user, action))


class Segment(models.Model):
    """Companies that meet all of `conditions`: a list of {"key": ..., values}, read by `crm.segments`. Always as of now."""

    name = models.CharField(_("name"), max_length=80)
    conditions = models.JSONField(default=list)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="segments")
    is_shared = models.BooleanField(_("for everybody"), default=False)
    made_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = SegmentQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="segment_name_once")]

    def __str__(self) -> str:
        return self.name


class MassAssignmentQuerySet(models.QuerySet["MassAssignment"]):
    def visible_to(self, user: object, action: Permission = Permission.TASK_ASSIGN) -> MassAssignmentQuerySet:
        return self.filter(scope(user, action))


class MassAssignment(models.Model):
    """One task for each client of a segment or of another list, given to whoever looks after it. `conditions` are those of the
    segment at the moment it was given."""

    segment = models.ForeignKey(Segment, null=True, on_delete=models.SET_NULL, related_name="assignments")
    name = models.CharField(_("name"), max_length=80)
    conditions = models.JSONField(default=list)
    kind = models.CharField(_("kind"), max_length=10, choices=TaskKind.choices, default=TaskKind.CALL)
    title = models.CharField(_("what"), max_length=200)
    note = models.TextField(_("note"), max_length=10_000, blank=True, default="")
    due_at = models.DateTimeField(_("due"))
    key = models.CharField(max_length=60, unique=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mass_assignments")
    given_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)

    objects = MassAssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["-given_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class MassTask(models.Model):
    """A task of a mass assignment, with the company that it is about; one about a contact or deal says so itself."""

    mass = models.ForeignKey(MassAssignment, on_delete=models.CASCADE, related_name="tasks")
    task = models.OneToOneField(Task, on_delete=models.PROTECT, related_name="mass")
    company = models.ForeignKey(Company, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["mass", "company"], name="mass_task_once")]

    def __str__(self) -> str:
        return f"task {self.task_id} of {self.mass_id}"
