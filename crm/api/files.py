"""/files/"""

from __future__ import annotations

from typing import Any

from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.permissions import Permission
from crm.api.base import Readable, ReadableFilters, Reading, Within, Words
from crm.downloads import served
from crm.models import Company, Contact, Deal, File, Task
from crm.services import files

RECORDS = ("company", "contact", "deal", "task")


class FileRead(Readable):
    """A file on a record."""

    class Meta:
        model = File
        fields = ("id", "name", "size", *RECORDS, "uploaded_by", "uploaded_at")


class FileAttach(Words):
    """A file and the one record that it hangs on."""

    upload = serializers.FileField(allow_empty_file=True)
    company = Within(queryset=Company.objects.all(), required=False)
    contact = Within(queryset=Contact.objects.all(), required=False)
    deal = Within(queryset=Deal.objects.all(), required=False)
    task = Within(queryset=Task.objects.all(), required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if sum(name in attrs for name in RECORDS) != 1:
            raise serializers.ValidationError(_("Name exactly one record: a company, contact, deal or task."))
        return attrs


class FileFilters(ReadableFilters):
    class Meta:
        model = File
        fields = RECORDS


class Files(Reading):
    """Files on records that the person may see."""

    model = File
    view_permission = Permission.FILE_VIEW
    serializer_class = FileRead
    filterset_class = FileFilters
    parser_classes = (MultiPartParser,)

    @extend_schema(request={"multipart/form-data": FileAttach}, responses={201: FileRead})
    def create(self, request: Request) -> Response:
        """Attach a file."""
        self.need(Permission.FILE_ADD)
        sent = FileAttach(data=request.data, context=self.get_serializer_context())
        sent.is_valid(raise_exception=True)
        file = files.attach(by=self.person, at=timezone.now(), **sent.validated_data)
        return Response(self.get_serializer(file).data, status=status.HTTP_201_CREATED)

    def destroy(self, request: Request, pk: str) -> Response:
        """Remove a file and its content."""
        files.delete(file=self.get_object(), by=self.person, at=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True)
    def content(self, request: Request, pk: str) -> FileResponse:
        """The bytes."""
        return served(self.get_object())
