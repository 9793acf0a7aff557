"""What records choose from: /pipelines/, /stages/, /loss-reasons/, /products/, /tags/, /people/. They are only read here."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from accounts.permissions import Permission
from crm.api.base import Readable, ReadableFilters, Reading
from crm.models import LossReason, Pipeline, Product, Stage, Tag


class PipelineRead(Readable):
    """A funnel."""

    class Meta:
        model = Pipeline
        fields = ("id", "name", "position")


class StageRead(Readable):
    """A step of a funnel."""

    class Meta:
        model = Stage
        fields = (
            "id", "pipeline", "name", "position", "probability", "cold_after_days", "required_fields", "colour",
        )  # fmt: skip


class LossReasonRead(Readable):
    """Why deals are lost."""

    class Meta:
        model = LossReason
        fields = ("id", "name", "asks_competitor", "position", "is_active")


class ProductRead(Readable):
    """Something that is sold."""

    class Meta:
        model = Product
        fields = ("id", "name", "group", "price_minor", "currency", "is_active")


class TagRead(Readable):
    """A word that marks records."""

    class Meta:
        model = Tag
        fields = ("id", "name")


class PersonRead(Readable):
    """A colleague."""

    class Meta:
        model = User
        fields = ("id", "full_name", "role", "is_active", "email", "language", "zone")


class StageFilters(ReadableFilters):
    class Meta:
        model = Stage
        fields = ("pipeline",)


class PersonFilters(ReadableFilters):
    class Meta:
        model = User
        fields = ("role", "is_active")


class Reference(Reading):
    """The same for everybody who works here."""

    view_permission = Permission.REFERENCE_VIEW

    def rows(self) -> QuerySet[Any]:
        rows: Any = self.model._default_manager
        return rows.all()


class Pipelines(Reference):
    model, serializer_class = Pipeline, PipelineRead


class Stages(Reference):
    model, serializer_class, filterset_class = Stage, StageRead, StageFilters


class LossReasons(Reference):
    model, serializer_class = LossReason, LossReasonRead


class Products(Reference):
    model, serializer_class = Product, ProductRead


class Tags(Reference):
    model, serializer_class = Tag, TagRead


class People(Reference):
    view_permission = Permission.PEOPLE_VIEW
    model, serializer_class, filterset_class = User, PersonRead, PersonFilters
