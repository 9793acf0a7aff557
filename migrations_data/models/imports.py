"""Imports: files that came in together, and how far they have got."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.policy import scope
from migrations_data.models.profiles import ImportProfile


class Status(models.TextChoices):
    """How far an import has got. It moves only through `services.imports` and `services.work`."""

    UPLOADED = "uploaded", _("Being read")
    LOCKED = "locked", _("Waits for a password")
    READ = "read", _("Columns to confirm")
    PREVIEWING = "previewing", _("Being checked")
    PREVIEWED = "previewed", _("Ready to import")
    RUNNING = "running", _("Being imported")
    DONE = "done", _("Imported")
    FAILED = "failed", _("Stopped")
    CANCELLED = "cancelled", _("Cancelled")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")


WORKING = (Status.UPLOADED, Status.PREVIEWING, Status.RUNNING, Status.UNDOING)
"""What a worker is at, or takes up again when the one before it died."""


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, user: object, action: Permission = Permission.IMPORT_VIEW) -> ImportQuerySet:
        return self.filter(scope(user, action))

    def at_work(self) -> ImportQuerySet:
        return self.filter(status__in=WORKING)

    def latest_first(self) -> ImportQuerySet:
        return self.order_by("-created_at", "-pk")


class Import(models.Model):
    """Files imported together, so that deals find the companies, people and products beside them.

    `origin` names the old system: keys of two systems are kept apart by it. Amounts without a currency of their own are in
    `currency`. `error` says in words why it was refused. `rows_done` of `rows_in` shows how far the work has got since
    `started_at`. `profile` is what its columns were recognised by. An import is closed by a person once every important client in it
    is accounted for.
    """

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), on_delete=models.PROTECT, related_name="imports"
    )
    created_at = models.DateTimeField(_("started"))
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    profile = models.ForeignKey(ImportProfile, on_delete=models.SET_NULL, null=True, blank=True, related_name="imports")
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.UPLOADED)
    error_code = models.CharField(max_length=40, blank=True, default="")
    error = models.TextField(blank=True, default="")
    origin = models.CharField(_("old system"), max_length=30, blank=True, default="")
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    rows_in = models.PositiveIntegerField(_("rows"), default=0)
    rows_done = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0)

    objects = ImportQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="import_by_date"),
            models.Index(fields=["id"], name="import_at_work", condition=models.Q(status__in=WORKING)),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.status}"

    @property
    def working(self) -> bool:
        return self.status in WORKING
