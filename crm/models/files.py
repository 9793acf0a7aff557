"""Files that hang on records."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.policy import scope
from crm.models.companies import Company
from crm.models.contacts import Contact
from crm.models.deals import Deal
from crm.models.tasks import Task


def exactly_one(*names: str) -> Q:
    """A condition: one of the columns is set, the others are empty."""
    return reduce(or_, (Q(**{f"{name}__isnull": name != chosen for name in names}) for chosen in names))


class FileQuerySet(models.QuerySet["File"]):
    def visible_to(self, user: object, action: Permission = Permission.FILE_VIEW) -> FileQuerySet:
        return self.filter(scope(user, action))


class File(models.Model):
    """A document on one record; served only through the policy, under its own name, never by its path."""

    company = models.ForeignKey(Company, null=True, blank=True, on_delete=models.PROTECT, related_name="files")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="files")
    deal = models.ForeignKey(Deal, null=True, blank=True, on_delete=models.PROTECT, related_name="files")
    task = models.ForeignKey(Task, null=True, blank=True, on_delete=models.PROTECT, related_name="files")
    content = models.FileField(_("file"), upload_to="files/%Y/%m/")
    name = models.CharField(_("name"), max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    objects = FileQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=exactly_one("company", "contact", "deal", "task"), name="file_on_one_record"
            )
        ]

    def __str__(self) -> str:
        return self.name
