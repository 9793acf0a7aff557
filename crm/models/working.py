"""Traces of the work itself: how long entry takes, who was mentioned, many records changed at once, one's place in the queue."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.policy import scope
from crm.models.activities import Activity
from crm.models.custom import Noun


class EntryForm(models.TextChoices):
    """The forms whose time is taken."""

    LOG = "log", _("quick log")
    LINE = "line", _("a line of text")
    TASK = "task", _("task finished")
    COMPOSER = "composer", _("on the card")
    OFFLINE = "offline", _("without a network")


class EntryTime(models.Model):
    """How long one entry took, from opening the form to saving it, by the server's clock; nothing of what was entered."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    form = models.CharField(max_length=8, choices=EntryForm.choices)
    opened_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    on_phone = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(saved_at__gte=models.F("opened_at")), name="entry_took_time"),
            models.UniqueConstraint(fields=["user", "opened_at"], name="entry_time_once"),
        ]
        indexes = [models.Index(fields=["saved_at", "user"], name="entry_time_by_day")]

    def __str__(self) -> str:
        return f"{self.form} of {self.user_id}"


class Mention(models.Model):
    """A colleague named in the note of an activity, who is told."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mentions")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "user"], name="mention_once")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.activity_id}"


class BulkChangeQuerySet(models.QuerySet["BulkChange"]):
    def visible_to(self, user: object, action: Permission = Permission.RECORD_BULK) -> BulkChangeQuerySet:
        return self.filter(scope(user, action))


class BulkChange(models.Model):
    """Many records changed in one go. `before` keeps what is needed to take it back; `count` how many were changed."""

    noun = models.CharField(max_length=10, choices=Noun.choices)
    verb = models.CharField(max_length=20)
    facts = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    count = models.PositiveIntegerField(default=0)
    key = models.CharField(max_length=60, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bulk_changes")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    objects = BulkChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.verb} {self.count} {self.noun}"


class QueueMark(models.Model):
    """What somebody did with an entry of today's queue, so that he goes on where he was, on any device."""

    class Mark(models.TextChoices):
        DONE = "done", _("done")
        LATER = "later", _("later today")
        SKIPPED = "skipped", _("not today")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    noun = models.CharField(max_length=10)
    record = models.BigIntegerField()
    mark = models.CharField(max_length=7, choices=Mark.choices)
    marked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "day", "noun", "record"], name="queue_mark_once")]

    def __str__(self) -> str:
        return f"{self.noun} {self.record}: {self.mark}"


class CalendarFeed(models.Model):
    """The secret address under which a calendar program reads somebody's tasks; only its hash is kept."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feed")
    secret_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"feed of {self.user_id}"
