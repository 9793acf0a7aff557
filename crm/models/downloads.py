"""Files that are made ready for somebody in the background."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.policy import scope


class DownloadStatus(models.TextChoices):
    """How far a file has got. It moves only through `services.downloads`."""

    WAITING = "waiting", _("Waits for its turn")
    RUNNING = "running", _("Being written")
    DONE = "done", _("Ready")
    FAILED = "failed", _("Stopped")
    CANCELLED = "cancelled", _("Cancelled")


AT_WORK = (DownloadStatus.WAITING, DownloadStatus.RUNNING)


class DownloadQuerySet(models.QuerySet["Download"]):
    def visible_to(self, user: object, action: Permission = Permission.DOWNLOAD_VIEW) -> DownloadQuerySet:
        return self.filter(scope(user, action))

    def at_work(self) -> DownloadQuerySet:
        return self.filter(status__in=AT_WORK)


class Download(models.Model):
    """A file for one person. `key` names who writes it (`crm.downloads`), `params` say of what; `rows` of `total` are written.

    `error` says in the person's words why there is none. `attempts` counts how often it was begun.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="downloads")
    key = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    name = models.CharField(_("name"), max_length=200)
    status = models.CharField(_("status"), max_length=9, choices=DownloadStatus.choices, default=DownloadStatus.WAITING)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True, default="")
    file = models.FileField(_("file"), upload_to="downloads/%Y/%m/", blank=True, default="")
    size = models.PositiveBigIntegerField(default=0)
    asked_at = models.DateTimeField(_("asked for"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    expires_at = models.DateTimeField(_("kept until"))

    objects = DownloadQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(fields=["user", "-asked_at"], name="download_by_user"),
            models.Index(fields=["id"], name="download_at_work", condition=models.Q(status__in=AT_WORK)),
            models.Index(fields=["expires_at"], name="download_by_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.status})"

    @property
    def working(self) -> bool:
        return self.status in AT_WORK

    @property
    def ready(self) -> bool:
        return self.status == DownloadStatus.DONE
