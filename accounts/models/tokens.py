"""Keys with which another program speaks for a person."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.policy import scope


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def visible_to(self, user: object, action: Permission = Permission.TOKEN_EDIT) -> ApiTokenQuerySet:
        return self.filter(scope(user, action))

    def in_force(self) -> ApiTokenQuerySet:
        return self.filter(revoked_at__isnull=True)


class ApiToken(models.Model):
    """A key, of which only the hash is kept. It opens what its person may do, narrowed to `scopes` (permissions' values)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=80)
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    beginning = models.CharField(max_length=16, editable=False)
    scopes = ArrayField(models.CharField(max_length=40), verbose_name=_("may do"))
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["user", "-created_at"], name="api_token_by_user")]

    def __str__(self) -> str:
        return f"{self.name} ({self.beginning}…)"
