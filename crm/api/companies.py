"""/companies/"""

from __future__ import annotations

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from crm.api.base import Colleague, Readable, Within, Working, Writable
from crm.api.custom import FILTERED, OwnFilters, OwnValues
from crm.api.filters import Search
from crm.api.words import Give
from crm.models import Company
from crm.services import companies
from crm.services.companies import FACTS


class CompanyRead(Readable):
    """A client."""

    custom = OwnValues(read_only=True)

    class Meta:
        model = Company
        fields = ("id", "name", *FACTS, "tags", "custom", "owner", "source", "created_by", "recorded_at", "changed_at")


class CompanyEdit(Writable):
    """What may be changed in a company."""

    seen_at = serializers.DateTimeField(
        required=False, help_text="`changed_at` as it was read: 409 for what somebody else changed too"
    )
    parent = Within(queryset=Company.objects.all(), required=False, allow_null=True)  # type: ignore[assignment]
    custom = OwnValues()

    class Meta:
        model = Company
        fields = ("name", *FACTS, "tags", "custom", "seen_at")


class CompanyAdd(Writable):
    """A company to be entered."""

    parent = Within(queryset=Company.objects.all(), required=False, allow_null=True)  # type: ignore[assignment]
    custom = OwnValues()
    owner = Colleague(required=False)
    external_id = serializers.CharField(max_length=120, required=False)
    overridden = serializers.BooleanField(required=False, help_text="Enter it although one like it is there")

    class Meta:
        model = Company
        fields = ("name", *FACTS, "tags", "custom", "owner", "external_id", "overridden")


class CompanyFilters(OwnFilters):
    q = Search(field_name="name")
    changed_after = django_filters.IsoDateTimeFilter(field_name="changed_at", lookup_expr="gt")

    class Meta:
        model = Company
        fields = ("owner", "tags", "city", "country", "industry", "tax_number")


class Companies(Working):
    """Companies that the person may see."""

    model, noun, service = Company, "company", companies
    view_permission, add_permission = Permission.COMPANY_VIEW, Permission.COMPANY_ADD
    serializer_class, adding, editing = CompanyRead, CompanyAdd, CompanyEdit
    filterset_class = CompanyFilters
    orderings = ("id", "changed_at", "recorded_at")
    prefetch = ("tags",)

    @extend_schema(parameters=FILTERED)
    def list(self, request: Request) -> Response:
        return super().list(request)

    @extend_schema(request=CompanyAdd)
    def create(self, request: Request) -> Response:
        return super().create(request)

    @extend_schema(request=CompanyEdit)
    def partial_update(self, request: Request, pk: str) -> Response:
        return super().partial_update(request, pk)

    @extend_schema(request=Give)
    @action(detail=True, methods=["post"])
    def give(self, request: Request, pk: str) -> Response:
        """Give it to another owner; 204 when it is out of sight then."""
        return self.do(companies.give, Give)
