"""/contacts/"""

from __future__ import annotations

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from crm.api.base import Colleague, Readable, Within, Words, Working, Writable
from crm.api.custom import FILTERED, OwnFilters, OwnValues
from crm.api.filters import Search
from crm.api.words import Give, Phone
from crm.models import Company, Contact, ContactPhone
from crm.services import contacts

PLAIN = ("name", "title", "company", "city", "note", "tags")


class PhoneRead(serializers.ModelSerializer[ContactPhone]):
    """A phone of a contact."""

    class Meta:
        model = ContactPhone
        fields = ("number", "label")


class ContactRead(Readable):
    """A person at a client."""

    phones = PhoneRead(many=True, read_only=True)
    emails = serializers.SerializerMethodField()
    custom = OwnValues(read_only=True)

    class Meta:
        model = Contact
        fields = (
            "id",
            *PLAIN,
            "phones",
            "emails",
            "custom",
            "owner",
            "source",
            "created_by",
            "recorded_at",
            "changed_at",
        )

    @extend_schema_field(serializers.ListField(child=serializers.EmailField()))
    def get_emails(self, contact: Any) -> list[str]:
        return [email.address for email in contact.emails.all()]


class ContactEdit(Writable):
    """What may be changed in a contact; phones and e-mails become exactly those sent."""

    company = Within(queryset=Company.objects.all(), required=False, allow_null=True)
    phones = serializers.ListField(child=Phone(), required=False, max_length=20)
    emails = serializers.ListField(child=serializers.EmailField(), required=False, max_length=20)
    custom = OwnValues()
    seen_at = serializers.DateTimeField(
        required=False, help_text="`changed_at` as it was read: 409 for what somebody else changed too"
    )

    class Meta:
        model = Contact
        fields = (*PLAIN, "phones", "emails", "custom", "seen_at")


class ContactAdd(ContactEdit):
    """A contact to be entered."""

    seen_at = None  # type: ignore[assignment]
    owner = Colleague(required=False)
    external_id = serializers.CharField(max_length=120, required=False)
    overridden = serializers.BooleanField(required=False, help_text="Enter it although one like it is there")

    class Meta:
        model = Contact
        fields = (*PLAIN, "phones", "emails", "custom", "owner", "external_id", "overridden")


class ContactMove(Words):
    """Where somebody works from a day on; nowhere when `to` is null."""

    to = Within(queryset=Company.objects.all(), allow_null=True)
    title = serializers.CharField(max_length=120, allow_blank=True, default="")
    on = serializers.DateField()


class ContactFilters(OwnFilters):
    q = Search(field_name="name")
    email = django_filters.CharFilter(field_name="emails", lookup_expr="address__iexact")
    changed_after = django_filters.IsoDateTimeFilter(field_name="changed_at", lookup_expr="gt")

    class Meta:
        model = Contact
        fields = ("owner", "company", "tags", "city")


class Contacts(Working):
    """Contacts that the person may see."""

    model, noun, service = Contact, "contact", contacts
    view_permission, add_permission = Permission.CONTACT_VIEW, Permission.CONTACT_ADD
    serializer_class, adding, editing = ContactRead, ContactAdd, ContactEdit
    filterset_class = ContactFilters
    orderings = ("id", "changed_at", "recorded_at")
    prefetch = ("tags", "phones", "emails")

    @extend_schema(parameters=FILTERED)
    def list(self, request: Request) -> Response:
        return super().list(request)

    @extend_schema(request=ContactAdd)
    def create(self, request: Request) -> Response:
        return super().create(request)

    @extend_schema(request=ContactEdit)
    def partial_update(self, request: Request, pk: str) -> Response:
        return super().partial_update(request, pk)

    @extend_schema(request=ContactMove)
    @action(detail=True, methods=["post"])
    def move(self, request: Request, pk: str) -> Response:
        """Let somebody work for another company from a day on."""
        return self.do(contacts.move, ContactMove)

    @extend_schema(request=Give)
    @action(detail=True, methods=["post"])
    def give(self, request: Request, pk: str) -> Response:
        """Give it to another owner; 204 when it is out of sight then."""
        return self.do(contacts.give, Give)
