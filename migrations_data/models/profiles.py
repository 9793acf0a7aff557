"""What is remembered of a kind of file, so that the next one like it needs no questions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportProfile(models.Model):
    """How tables with certain headers are read, under a name.

    `sheets` is a list of {headers: [folded header, ...], kind, columns: {folded header: {field, dates, unit, policy}}}; `matches` what
    the words of the old tables mean: {what: {folded text: [decision, target id]}}.
    """

    name = models.CharField(_("name"), max_length=100, unique=True)
    sheets = models.JSONField(default=list)
    matches = models.JSONField(default=dict)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
