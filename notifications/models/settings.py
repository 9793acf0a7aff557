"""What people decide about their mails: which kinds they want, and when they are not to be disturbed."""

from __future__ import annotations

from datetime import time

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

EVENING = time(20, 0)
MORNING = time(8, 0)


class AlertSetting(models.Model):
    """Whether somebody wants mails of a kind; without a row he gets them. The inbox has them in any case."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="alert_settings")
    kind = models.CharField(max_length=40)
    email = models.BooleanField(_("by e-mail"), default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="alert_setting_once")]

    def __str__(self) -> str:
        return f"{self.kind} for {self.user_id}"


class QuietHours(models.Model):
    """From when until when, on his own clock, somebody gets no mail; over midnight where `starts` is later than `ends`, never
    quiet where they are the same. Without a row it is from 20:00 to 8:00."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="quiet_hours")
    starts = models.TimeField(_("quiet from"), default=EVENING)
    ends = models.TimeField(_("quiet until"), default=MORNING)

    def __str__(self) -> str:
        return f"{self.starts:%H:%M} to {self.ends:%H:%M} for {self.user_id}"
