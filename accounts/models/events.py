"""Who changed what a person may do: the trace that every write in this app leaves."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models.teams import Team


class EventKind(models.TextChoices):
    ADDED = "added", _("added")
    INVITED = "invited", _("invited")
    EDITED = "edited", _("details changed")
    ROLE = "role", _("role changed")
    OFF = "off", _("switched off")
    ON = "on", _("switched on")
    PLACED = "placed", _("placed in a team")
    TEAM_ADDED = "team_added", _("team added")
    TEAM_RENAMED = "team_renamed", _("team renamed")
    TEAM_HEADED = "team_headed", _("head of the team changed")
    TEAM_MOVED = "team_moved", _("team moved")
    MODE = "mode", _("scoring mode changed")
    TOKEN_MADE = "token_made", _("API token made")
    TOKEN_REVOKED = "token_revoked", _("API token revoked")
    EXPORTED = "exported", _("list taken out as a file")
    FEED_MADE = "feed_made", _("calendar address made")
    FEED_REMOVED = "feed_removed", _("calendar address removed")
    LIVE_MADE = "live_made", _("live connection made")
    LIVE_REVOKED = "live_revoked", _("live connection ended")


class AccessEvent(models.Model):
    """One change, written in its transaction, stamped by the database, and refused any change of its own by it.

    `detail` holds plain values from before and after: {"role": ["manager", "head"]}.
    """

    kind = models.CharField(max_length=15, choices=EventKind.choices)
    at = models.DateTimeField(db_default=Now(), editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="access_events"
    )
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="access_events")
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["person", "-at"], name="access_event_by_person"),
            models.Index(fields=["kind", "at"], name="access_event_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.by_id} at {self.at}"
