"""What belonged to what, and when: written by triggers (`crm.history.presence`), so that a past day finds it as it was."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from crm.models.companies import Company
from crm.models.deals import Deal
from crm.models.files import File
from crm.models.pipelines import Pipeline, Product, Stage, Tag
from crm.models.tasks import Task


class PresenceQuerySet(models.QuerySet[Any]):
    def at(self, moment: datetime) -> PresenceQuerySet:
        """What was there at `moment`."""
        return self.filter(from_at__lte=moment, to_at__gt=moment)


class Presence(models.Model):
    """Base: a stretch `[from_at, to_at)` in which something was there; `to_at` is infinity while it is."""

    from_at = models.DateTimeField()
    to_at = models.DateTimeField()

    objects = PresenceQuerySet.as_manager()

    class Meta:
        abstract = True


def _link(to: Any, **facts: Any) -> Any:
    """A reference that outlives what it names."""
    return models.ForeignKey(
        to, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False, **facts
    )


class CompanyTagPeriod(Presence):
    """A tag on a company: the segment that it belonged to."""

    company = _link(Company)
    tag = _link(Tag)

    class Meta:
        indexes = [models.Index(fields=["company", "tag"], name="company_tag_period")]

    def __str__(self) -> str:
        return f"tag {self.tag_id} on company {self.company_id}"


class DealProductPeriod(Presence):
    """A product in a deal."""

    deal = _link(Deal)
    product = _link(Product)

    class Meta:
        indexes = [models.Index(fields=["deal", "product"], name="deal_product_period")]

    def __str__(self) -> str:
        return f"product {self.product_id} in deal {self.deal_id}"


class ProductGroupPeriod(Presence):
    """The group that a product belonged to."""

    product = _link(Product)
    group = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(fields=["product"], name="product_group_period")]

    def __str__(self) -> str:
        return f"product {self.product_id} of {self.group}"


class StagePeriod(Presence):
    """The pipeline that a stage belonged to, how likely deals in it were to be won, and when they went cold there."""

    stage = _link(Stage)
    pipeline = _link(Pipeline)
    probability = models.PositiveSmallIntegerField(default=0)
    cold_after_days = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["stage", "pipeline"], name="stage_period")]

    def __str__(self) -> str:
        return f"stage {self.stage_id} of pipeline {self.pipeline_id}"


class FilePeriod(Presence):
    """A file on a record, with who attached it; it was attached when its first stretch began."""

    file = _link(File)
    name = models.CharField(max_length=200)
    deal = _link(Deal, null=True)
    task = _link(Task, null=True)
    uploaded_by = _link(settings.AUTH_USER_MODEL)

    class Meta:
        indexes = [
            models.Index(fields=["file", "from_at"], name="file_period"),
            models.Index(fields=["uploaded_by", "from_at"], name="file_period_by_person"),
            models.Index(fields=["deal"], name="file_period_by_deal", condition=Q(deal__isnull=False)),
            models.Index(fields=["task"], name="file_period_by_task", condition=Q(task__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"file {self.file_id}"
