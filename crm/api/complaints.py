"""/complaints/"""

from __future__ import annotations

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from crm.api.base import Colleague, Readable, ReadableFilters, Within, Words, Working, Writable
from crm.api.words import DueField
from crm.models import Company, Complaint, Contact, Deal
from crm.services import complaints

PLAIN = (
    "kind", "company", "contact", "deal", "product", "subject", "note", "amount_minor", "currency", "due_at",
)  # fmt: skip


class ComplaintRead(Readable):
    """A complaint or a return; amounts are in minor units of its currency."""

    class Meta:
        model = Complaint
        fields = (
            "id", *PLAIN, "owner", "status", "answer", "closed_at", "source", "created_by", "recorded_at", "changed_at",
        )  # fmt: skip


class ComplaintEdit(Writable):
    """What may be changed in a complaint; the task to answer it moves along."""

    company = Within(queryset=Company.objects.all(), required=False)
    contact = Within(queryset=Contact.objects.all(), required=False, allow_null=True)
    deal = Within(queryset=Deal.objects.all(), required=False, allow_null=True)
    owner = Colleague(required=False)
    due_at = DueField(required=False)
    seen_at = serializers.DateTimeField(
        required=False, help_text="`changed_at` as it was read: 409 for what somebody else changed too"
    )

    class Meta:
        model = Complaint
        fields = (*PLAIN, "owner", "seen_at")


class ComplaintAdd(ComplaintEdit):
    """A complaint to be taken down; it is to be answered by the end of the next working day unless another time is given."""

    seen_at = None  # type: ignore[assignment]
    external_id = serializers.CharField(max_length=120, required=False)

    class Meta:
        model = Complaint
        fields = (*PLAIN, "owner", "external_id")


class ComplaintAnswer(Words):
    """What the client was told or given."""

    answer = serializers.CharField(max_length=10_000)


class ComplaintReopen(Words):
    """By when it is answered then; by the end of the next working day when not given."""

    due_at = DueField(required=False)


class ComplaintFilters(ReadableFilters):
    due_before = django_filters.IsoDateTimeFilter(field_name="due_at", lookup_expr="lt")
    due_after = django_filters.IsoDateTimeFilter(field_name="due_at", lookup_expr="gte")
    changed_after = django_filters.IsoDateTimeFilter(field_name="changed_at", lookup_expr="gt")

    class Meta:
        model = Complaint
        fields = ("kind", "status", "owner", "company", "contact", "deal", "product")


class Complaints(Working):
    """Complaints and returns that the person may see."""

    model, noun, service = Complaint, "complaint", complaints
    view_permission, add_permission = Permission.COMPLAINT_VIEW, Permission.COMPLAINT_EDIT
    serializer_class, adding, editing = ComplaintRead, ComplaintAdd, ComplaintEdit
    filterset_class = ComplaintFilters
    orderings = ("id", "due_at", "changed_at", "recorded_at")

    @extend_schema(request=ComplaintAdd)
    def create(self, request: Request) -> Response:
        return super().create(request)

    @extend_schema(request=ComplaintEdit)
    def partial_update(self, request: Request, pk: str) -> Response:
        return super().partial_update(request, pk)

    @extend_schema(request=ComplaintAnswer)
    @action(detail=True, methods=["post"])
    def settle(self, request: Request, pk: str) -> Response:
        """It was put right."""
        return self.do(complaints.settle, ComplaintAnswer)

    @extend_schema(request=ComplaintAnswer)
    @action(detail=True, methods=["post"])
    def refuse(self, request: Request, pk: str) -> Response:
        """The client was told no."""
        return self.do(complaints.refuse, ComplaintAnswer)

    @extend_schema(request=ComplaintReopen)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """Open it again."""
        return self.do(complaints.reopen, ComplaintReopen)
