"""/contracts/"""

from __future__ import annotations

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from crm.api.base import Colleague, Readable, ReadableFilters, Within, Words, Working, Writable
from crm.models import Company, Contract, Deal
from crm.services import contracts
from crm.services.text import CURRENCY_LETTERS

PLAIN = (
    "company",
    "deal",
    "title",
    "number",
    "starts_on",
    "ends_on",
    "remind_days",
    "amount_minor",
    "currency",
    "note",
)


class ContractRead(Readable):
    """A contract; amounts are in minor units of its currency."""

    class Meta:
        model = Contract
        fields = ("id", *PLAIN, "owner", "status", "source", "created_by", "recorded_at", "changed_at")


class ContractEdit(Writable):
    """What may be changed in a contract; the task to renew it moves along."""

    company = Within(queryset=Company.objects.all(), required=False)
    deal = Within(queryset=Deal.objects.all(), required=False, allow_null=True)
    owner = Colleague(required=False)
    seen_at = serializers.DateTimeField(
        required=False, help_text="`changed_at` as it was read: 409 for what somebody else changed too"
    )

    class Meta:
        model = Contract
        fields = (*PLAIN, "owner", "seen_at")


class ContractAdd(ContractEdit):
    """A contract to be entered; its client's owner looks after it unless another is named."""

    seen_at = None  # type: ignore[assignment]
    company = Within(queryset=Company.objects.all())
    external_id = serializers.CharField(max_length=120, required=False)

    class Meta:
        model = Contract
        fields = (*PLAIN, "owner", "external_id")


class ContractRenew(Words):
    """In what the next one differs; without a last day it is as long as this one."""

    ends_on = serializers.DateField(required=False)
    title = serializers.CharField(max_length=200, required=False)
    number = serializers.CharField(max_length=60, allow_blank=True, required=False)
    amount_minor = serializers.IntegerField(min_value=0, allow_null=True, required=False)
    currency = serializers.CharField(max_length=CURRENCY_LETTERS, required=False)
    note = serializers.CharField(max_length=10_000, allow_blank=True, required=False)


class ContractEnd(Words):
    """Its last day, and why the client leaves."""

    on = serializers.DateField(required=False)
    reason = serializers.CharField(max_length=2000, allow_blank=True, default="")


class ContractFilters(ReadableFilters):
    ends_before = django_filters.DateFilter(field_name="ends_on", lookup_expr="lt")
    ends_after = django_filters.DateFilter(field_name="ends_on", lookup_expr="gte")
    changed_after = django_filters.IsoDateTimeFilter(field_name="changed_at", lookup_expr="gt")

    class Meta:
        model = Contract
        fields = ("owner", "company", "deal", "status", "number")


class Contracts(Working):
    """Contracts that the person may see."""

    model, noun, service = Contract, "contract", contracts
    view_permission, add_permission = Permission.CONTRACT_VIEW, Permission.CONTRACT_EDIT
    serializer_class, adding, editing = ContractRead, ContractAdd, ContractEdit
    filterset_class = ContractFilters
    orderings = ("id", "changed_at", "recorded_at")

    @extend_schema(request=ContractAdd)
    def create(self, request: Request) -> Response:
        return super().create(request)

    @extend_schema(request=ContractEdit)
    def partial_update(self, request: Request, pk: str) -> Response:
        return super().partial_update(request, pk)

    @extend_schema(request=ContractRenew)
    @action(detail=True, methods=["post"])
    def renew(self, request: Request, pk: str) -> Response:
        """Make the one that follows, from the day after; answers with the new one."""
        return self.do(contracts.renew, ContractRenew)

    @extend_schema(request=ContractEnd)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        """Say that it is not renewed."""
        return self.do(contracts.end, ContractEnd)
