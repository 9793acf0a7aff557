"""What every tracked record has: who made it, where it came from, and stamps that only the database writes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.history.fields import StampField


class Source(models.TextChoices):
    """Where a record came from. Captured ones (telephony, mail, API with a device) may arrive until the horizon."""

    MANUAL = "manual", _("entered by hand")
    TELEPHONY = "telephony", _("telephony")
    MAIL = "mail", _("mail")
    API = "api", _("another program")
    IMPORT = "import", _("import")


class Recorded(models.Model):
    """Base of the tracked records: `crm.history.sql.tracked` keeps all their versions."""

    source = models.CharField(max_length=10, choices=Source.choices, default=Source.MANUAL)
    external_id = models.CharField(max_length=120, blank=True, default="")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = StampField()
    changed_at = StampField()
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True


def external_key(name: str) -> models.UniqueConstraint:
    """One record per key of its source, so that loading a file or an event again finds it instead of doubling it."""
    return models.UniqueConstraint(fields=["source", "external_id"], condition=~models.Q(external_id=""), name=name)


def revision() -> models.PositiveIntegerField[int, int]:
    """Counts the changes of what a record keeps in rows of its own (phones, tags, products): so each is a version of the record."""
    return models.PositiveIntegerField(default=0, db_default=0, editable=False)


UNTRACKED = frozenset({"folded", "search", "next_task_due"})
"""Fields derived from others: their changes are no versions."""
