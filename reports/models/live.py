"""Addresses from which a spreadsheet reads by itself."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.policy import scope


class LiveSource(models.TextChoices):
    LIST = "list", _("a list")
    REPORT = "report", _("a report")
    CONTROL = "control", _("the daily control table")


class LiveAddressQuerySet(models.QuerySet["LiveAddress"]):
    def visible_to(self, user: object, action: Permission = Permission.LIVE_EDIT) -> LiveAddressQuerySet:
        return self.filter(scope(user, action))


class LiveAddress(models.Model):
    """An address with a secret, of which only the hash is kept, that gives one table as its person sees it at the moment.

    `asked` says which: {"noun", "query"} of a list, {"report"} of a saved one, {"team", "days"} of the control table.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="live_addresses")
    name = models.CharField(_("name"), max_length=80)
    source = models.CharField(max_length=7, choices=LiveSource.choices)
    asked = models.JSONField(default=dict)
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    beginning = models.CharField(max_length=8, editable=False)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = LiveAddressQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["user", "-created_at"], name="live_address_by_user")]

    def __str__(self) -> str:
        return f"{self.name} ({self.beginning}…)"
