"""/activities/"""

from __future__ import annotations

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from crm.api.base import Readable, ReadableFilters, Within, Working, Writable
from crm.api.words import NextStep
from crm.models import Activity, Company, Contact, Deal, Task
from crm.services import activities

CHANGING = ("note", "result", "direction", "seconds", "company", "contact", "others", "deal", "task")


class ActivityRead(Readable):
    """What happened between somebody and a client."""

    class Meta:
        model = Activity
        fields = (
            "id", "kind", "occurred_at", *CHANGING, "performed_by", "source", "created_by", "recorded_at", "changed_at",
        )  # fmt: skip


class ActivityEdit(Writable):
    """What may be changed in an activity."""

    company = Within(queryset=Company.objects.all(), required=False, allow_null=True)
    contact = Within(queryset=Contact.objects.all(), required=False, allow_null=True)
    others = Within(queryset=Contact.objects.all(), many=True, required=False)
    deal = Within(queryset=Deal.objects.all(), required=False, allow_null=True)
    task = Within(queryset=Task.objects.all(), required=False, allow_null=True)
    seen_at = serializers.DateTimeField(
        required=False, help_text="`changed_at` as it was read: 409 for what somebody else changed too"
    )

    class Meta:
        model = Activity
        fields = (*CHANGING, "seen_at")


class ActivityLog(ActivityEdit):
    """What happened, to be logged."""

    seen_at = None  # type: ignore[assignment]
    next_step = NextStep(required=False)
    external_id = serializers.CharField(max_length=120, required=False)
    overridden = serializers.BooleanField(required=False, help_text="Finish the task without a next step")

    class Meta:
        model = Activity
        fields = ("kind", "occurred_at", *CHANGING, "next_step", "external_id", "overridden")


class ActivityFilters(ReadableFilters):
    after = django_filters.IsoDateTimeFilter(field_name="occurred_at", lookup_expr="gte")
    before = django_filters.IsoDateTimeFilter(field_name="occurred_at", lookup_expr="lt")
    changed_after = django_filters.IsoDateTimeFilter(field_name="changed_at", lookup_expr="gt")

    class Meta:
        model = Activity
        fields = ("kind", "result", "direction", "performed_by", "company", "contact", "deal", "task")


class Activities(Working):
    """Activities that the person may see. Who, what kind, when and from where stay as they were recorded."""

    model, noun, service = Activity, "activity", activities
    view_permission, add_permission = Permission.ACTIVITY_VIEW, Permission.ACTIVITY_ADD
    serializer_class, adding, editing = ActivityRead, ActivityLog, ActivityEdit
    filterset_class = ActivityFilters
    orderings = ("id", "occurred_at", "changed_at", "recorded_at")
    prefetch = ("others",)

    def add(self, **words: Any) -> Activity:
        return activities.log(**words)

    @extend_schema(request=ActivityLog)
    def create(self, request: Request) -> Response:
        """Log what the person did; with `task` that task is finished, with `next_step` the next one is set."""
        return super().create(request)

    @extend_schema(request=ActivityEdit)
    def partial_update(self, request: Request, pk: str) -> Response:
        return super().partial_update(request, pk)
