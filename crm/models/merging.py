"""Clients that may be there twice, and those that were made one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.policy import holds, scope
from crm.models.companies import Company
from crm.models.contacts import Contact
from crm.models.custom import Noun

CLIENTS: dict[str, tuple[Any, Permission]] = {
    "company": (Company, Permission.COMPANY_EDIT),
    "contact": (Contact, Permission.CONTACT_EDIT),
}
"""What can be there twice, and who may make it one: whoever may edit both."""


class PairStatus(models.TextChoices):
    OPEN = "open", _("to decide")
    DIFFERENT = "different", _("not the same")
    MERGED = "merged", _("merged")


class DuplicatePairQuerySet(models.QuerySet["DuplicatePair"]):
    def to_decide(self) -> DuplicatePairQuerySet:
        return self.filter(status=PairStatus.OPEN)

    def visible_to(self, user: object, action: Permission = Permission.RECORD_MERGE) -> DuplicatePairQuerySet:
        return self.filter(scope(user, action))


class DuplicatePair(models.Model):
    """Two clients that may be the same, the older first. `reasons` are keys of `duplicates.WHY`; `score` goes from 0 to 100."""

    noun = models.CharField(max_length=10, choices=Noun.choices)
    first = models.BigIntegerField()
    second = models.BigIntegerField()
    reasons = ArrayField(models.CharField(max_length=20))
    score = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=9, choices=PairStatus.choices, default=PairStatus.OPEN)
    found_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = DuplicatePairQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["noun", "first", "second"], name="duplicate_pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="duplicate_pair_in_order"),
        ]
        indexes = [
            models.Index(fields=["noun", "-score", "id"], name="duplicate_pair_to_decide", condition=Q(status="open")),
            models.Index(fields=["noun", "second"], name="duplicate_pair_second"),
        ]

    def __str__(self) -> str:
        return f"{self.noun} {self.first} = {self.second}"


class DuplicateSearch(models.Model):
    """How far the search for duplicates has come: the last client compared, by the stamp and the key of its version."""

    noun = models.CharField(max_length=10, choices=Noun.choices, unique=True)
    changed_at = models.DateTimeField(null=True)
    record = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.noun} until {self.changed_at}"


class MergeQuerySet(models.QuerySet["Merge"]):
    def visible_to(self, user: Any) -> MergeQuerySet:
        """Those whose survivor somebody may edit."""
        found = Q()
        for noun, (model, action) in CLIENTS.items():
            rows = model._base_manager.filter(scope(user, action), pk=OuterRef("survivor"))
            found |= Q(Exists(rows), noun=noun)
        return self.filter(found) if holds(user, Permission.RECORD_MERGE) else self.none()

    def named(self) -> MergeQuerySet:
        """With the name of the survivor, as `kept`, and whether that is there still, as `kept_lives`."""
        names, lives = [], []
        for noun, (model, _action) in CLIENTS.items():
            row = model._base_manager.filter(pk=OuterRef("survivor"))
            names.append(When(noun=noun, then=Subquery(row.values("name"))))
            lives.append(When(noun=noun, then=Exists(row.filter(deleted_at__isnull=True))))
        return self.annotate(kept=Case(*names, default=Value("")), kept_lives=Case(*lives, default=Value(False)))


class Merge(models.Model):
    """A client that became part of another. `moved` keeps, by relation, the keys of what went over; `before` the survivor's values
    that were replaced: with these it is undone."""

    noun = models.CharField(max_length=10, choices=Noun.choices)
    survivor = models.BigIntegerField()
    merged = models.BigIntegerField()
    name = models.CharField(max_length=200)
    moved = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["noun", "merged"], condition=Q(undone_at__isnull=True), name="merged_once")
        ]
        indexes = [models.Index(fields=["noun", "survivor"], name="merge_by_survivor")]

    def __str__(self) -> str:
        return f"{self.noun} {self.merged} into {self.survivor}"
