"""/tasks/"""

from __future__ import annotations

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from crm.api.base import Colleague, Readable, ReadableFilters, Within, Words, Working, Writable
from crm.api.words import DueField, Give, NextStep
from crm.models import Company, Contact, Deal, Task
from crm.services import tasks

PLAIN = ("title", "kind", "note", "company", "contact", "deal")


class TaskRead(Readable):
    """What somebody is to do next."""

    class Meta:
        model = Task
        fields = (
            "id", *PLAIN, "due_at", "due_has_time", "owner", "status", "result", "done_at", "pushes", "push_reason", "source",
            "created_by", "recorded_at", "changed_at",
        )  # fmt: skip


class TaskLinks(Writable):
    """The records that a task hangs on."""

    company = Within(queryset=Company.objects.all(), required=False, allow_null=True)
    contact = Within(queryset=Contact.objects.all(), required=False, allow_null=True)
    deal = Within(queryset=Deal.objects.all(), required=False, allow_null=True)


class TaskAdd(TaskLinks):
    """A task to be set."""

    due = DueField()
    owner = Colleague(required=False)
    external_id = serializers.CharField(max_length=120, required=False)

    class Meta:
        model = Task
        fields = (*PLAIN, "due", "owner", "external_id")


class TaskGive(Give):
    """To whom, and whether through nobody's fault."""

    clean = serializers.BooleanField(
        required=False, help_text="Overdue, it counts against nobody that day (heads only)"
    )


class TaskEdit(TaskLinks):
    """What may be changed in an open task."""

    next_step = NextStep(required=False)
    overridden = serializers.BooleanField(required=False, help_text="Go on without a next step")
    seen_at = serializers.DateTimeField(
        required=False, help_text="`changed_at` as it was read: 409 for what somebody else changed too"
    )

    class Meta:
        model = Task
        fields = (*PLAIN, "next_step", "overridden", "seen_at")


class TaskMove(Words):
    """The new due date."""

    due = DueField()
    reason = serializers.CharField(max_length=200, allow_blank=True, default="")


class TaskClose(Words):
    """What came out, and what follows."""

    result = serializers.CharField(max_length=200, allow_blank=True, default="")
    next_step = NextStep(required=False)
    overridden = serializers.BooleanField(required=False, help_text="Go on without a next step")


class TaskDelete(Words):
    """What follows."""

    next_step = NextStep(required=False)
    overridden = serializers.BooleanField(required=False)


class TaskFilters(ReadableFilters):
    due_before = django_filters.IsoDateTimeFilter(field_name="due_at", lookup_expr="lt")
    due_after = django_filters.IsoDateTimeFilter(field_name="due_at", lookup_expr="gte")
    changed_after = django_filters.IsoDateTimeFilter(field_name="changed_at", lookup_expr="gt")

    class Meta:
        model = Task
        fields = ("owner", "status", "kind", "company", "contact", "deal")


class Tasks(Working):
    """Tasks that the person may see."""

    model, noun, service = Task, "task", tasks
    view_permission, add_permission = Permission.TASK_VIEW, Permission.TASK_ADD
    serializer_class, adding, editing = TaskRead, TaskAdd, TaskEdit
    filterset_class = TaskFilters
    orderings = ("id", "due_at", "changed_at", "recorded_at")

    @extend_schema(request=TaskAdd)
    def create(self, request: Request) -> Response:
        return super().create(request)

    @extend_schema(request=TaskEdit)
    def partial_update(self, request: Request, pk: str) -> Response:
        return super().partial_update(request, pk)

    def destroy(self, request: Request, pk: str) -> Response:
        """Take it out of the lists, when it was set by mistake. Takes `next_step` and `overridden` like `drop`."""
        self.call(tasks.delete, self.words(TaskDelete))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=TaskMove)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """Move its due date; the third time needs a reason."""
        return self.do(tasks.move, TaskMove)

    @extend_schema(request=TaskClose)
    @action(detail=True, methods=["post"])
    def done(self, request: Request, pk: str) -> Response:
        """Finish it, with what follows."""
        return self.do(tasks.done, TaskClose)

    @extend_schema(request=TaskClose)
    @action(detail=True, methods=["post"])
    def drop(self, request: Request, pk: str) -> Response:
        """Give it up, with what follows."""
        return self.do(tasks.drop, TaskClose)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """Open a closed one again."""
        return self.do(tasks.reopen)

    @extend_schema(request=TaskGive)
    @action(detail=True, methods=["post"])
    def give(self, request: Request, pk: str) -> Response:
        """Give it to a colleague."""
        return self.do(tasks.give, TaskGive)
