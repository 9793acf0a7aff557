"""/deals/"""

from __future__ import annotations

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from crm.api.base import Colleague, Readable, Within, Words, Working, Writable
from crm.api.custom import FILTERED, OwnFilters, OwnValues
from crm.api.filters import Has, Search
from crm.api.words import Give, Line, NextStep
from crm.models import Company, Contact, Deal, DealProduct, LossReason, Stage
from crm.services import deals

PLAIN = ("title", "company", "contacts", "amount_minor", "currency", "expected_close", "note", "tags")


class LineRead(serializers.ModelSerializer[DealProduct]):
    """A product in a deal."""

    class Meta:
        model = DealProduct
        fields = ("product", "quantity", "price_minor")


class DealRead(Readable):
    """A deal; amounts are in minor units of its currency."""

    lines = LineRead(many=True, read_only=True)
    custom = OwnValues(read_only=True)

    class Meta:
        model = Deal
        fields = (
            "id", *PLAIN, "lines", "custom", "owner", "stage", "stage_since", "status", "opened_at", "closed_at", "loss_reason", "competitor",
            "next_task_due", "source", "created_by", "recorded_at", "changed_at",
        )  # fmt: skip


class DealEdit(Writable):
    """What may be changed in a deal; contacts, lines and tags become exactly those sent."""

    company = Within(queryset=Company.objects.all(), required=False, allow_null=True)
    contacts = Within(queryset=Contact.objects.all(), many=True, required=False)
    lines = serializers.ListField(child=Line(), required=False, max_length=200)
    custom = OwnValues()
    seen_at = serializers.DateTimeField(
        required=False, help_text="`changed_at` as it was read: 409 for what somebody else changed too"
    )

    class Meta:
        model = Deal
        fields = (*PLAIN, "lines", "custom", "seen_at")


class DealAdd(DealEdit):
    """A deal to be opened; it begins at the first stage unless another is named."""

    seen_at = None  # type: ignore[assignment]
    stage = serializers.PrimaryKeyRelatedField(queryset=Stage.objects.all(), required=False)
    owner = Colleague(required=False)
    first_task = NextStep(required=False)
    external_id = serializers.CharField(max_length=120, required=False)

    class Meta:
        model = Deal
        fields = (*PLAIN, "lines", "custom", "stage", "owner", "first_task", "external_id")


class DealMove(Words):
    """To which stage."""

    stage = serializers.PrimaryKeyRelatedField(queryset=Stage.objects.all(), source="to")


class DealLose(Words):
    """Why it was lost; some reasons ask for the competitor."""

    reason = serializers.PrimaryKeyRelatedField(queryset=LossReason.objects.all(), allow_null=True, default=None)
    competitor = serializers.CharField(max_length=120, allow_blank=True, default="")


class DealReopen(Words):
    """At which stage; where it stood when not given."""

    stage = serializers.PrimaryKeyRelatedField(queryset=Stage.objects.all(), required=False)


class DealFilters(OwnFilters):
    q = Search(field_name="title")
    pipeline = django_filters.NumberFilter(field_name="stage", lookup_expr="pipeline")
    has_next_task = Has(field_name="next_task_due")
    closed_after = django_filters.IsoDateTimeFilter(field_name="closed_at", lookup_expr="gt")
    changed_after = django_filters.IsoDateTimeFilter(field_name="changed_at", lookup_expr="gt")

    class Meta:
        model = Deal
        fields = ("owner", "company", "contacts", "stage", "status", "loss_reason", "tags")


class Deals(Working):
    """Deals that the person may see."""

    model, noun, service = Deal, "deal", deals
    view_permission, add_permission = Permission.DEAL_VIEW, Permission.DEAL_ADD
    serializer_class, adding, editing = DealRead, DealAdd, DealEdit
    filterset_class = DealFilters
    orderings = ("id", "changed_at", "recorded_at")
    prefetch = ("tags", "contacts", "lines")

    @extend_schema(parameters=FILTERED)
    def list(self, request: Request) -> Response:
        return super().list(request)

    @extend_schema(request=DealAdd)
    def create(self, request: Request) -> Response:
        return super().create(request)

    @extend_schema(request=DealEdit)
    def partial_update(self, request: Request, pk: str) -> Response:
        return super().partial_update(request, pk)

    @extend_schema(request=DealMove)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """Move it to another stage of its pipeline."""
        return self.do(deals.move, DealMove)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def win(self, request: Request, pk: str) -> Response:
        """Win it."""
        return self.do(deals.win)

    @extend_schema(request=DealLose)
    @action(detail=True, methods=["post"])
    def lose(self, request: Request, pk: str) -> Response:
        """Lose it, for a reason."""
        return self.do(deals.lose, DealLose)

    @extend_schema(request=DealReopen)
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str) -> Response:
        """Open a closed one again."""
        return self.do(deals.reopen, DealReopen)

    @extend_schema(request=Give)
    @action(detail=True, methods=["post"])
    def give(self, request: Request, pk: str) -> Response:
        """Give it to a colleague, with its owner's open tasks; 204 when it is out of sight then."""
        return self.do(deals.give, Give)
