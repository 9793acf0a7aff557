"""What people are told: one message a recipient, cause and period; one delivery a channel."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.policy import scope


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: object, action: Permission = Permission.MESSAGE_VIEW) -> MessageQuerySet:
        """What somebody may read; what was withdrawn was never told."""
        return self.filter(scope(user, action), withdrawn_at__isnull=True)

    def of(self, user: object) -> MessageQuerySet:
        return self.filter(recipient=user)

    def unread(self) -> MessageQuerySet:
        return self.filter(read_at__isnull=True)

    def latest_first(self) -> MessageQuerySet:
        return self.order_by("-created_at", "-pk")


class Message(models.Model):
    """Something a person is told. `kind` names the templates that say it in his language, `context` holds plain values for
    them, `key` makes it one per recipient, cause and period. What was mended meanwhile is withdrawn: it leaves the inbox."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    context = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recipient", "key"], name="message_once")]
        indexes = [
            models.Index(fields=["recipient", "-created_at", "-id"], name="message_by_recipient"),
            models.Index(fields=["recipient"], name="message_unread", condition=Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipient_id}"


class Channel(models.TextChoices):
    EMAIL = "email", _("e-mail")


class DeliveryStatus(models.TextChoices):
    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    WITHDRAWN = "withdrawn", _("withdrawn")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def claimable(self, now: datetime) -> DeliveryQuerySet:
        """Due, in no relay's hands and on their own: not carried by another that is still on its way. Rows that another relay
        has locked are passed over."""
        alone = Q(carried_by__isnull=True) | ~Q(carried_by__status=DeliveryStatus.WAITING)
        return (
            self.free(now)
            .filter(alone, due_at__lte=now)
            .order_by("due_at", "pk")
            .select_for_update(skip_locked=True, of=("self",))
        )

    def free(self, now: datetime) -> DeliveryQuerySet:
        """Waiting, and in no relay's hands."""
        free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)
        return self.filter(free, status=DeliveryStatus.WAITING)


class Delivery(models.Model):
    """The outbox: a message on its way through one channel, written in the transaction that caused it.

    After `expires_at` it is no use any more. One that was put off (quiet hours, or too many that day) is `held`: it travels with the
    person's next letter, and `carried_by` names that.
    """

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    status = models.CharField(max_length=9, choices=DeliveryStatus.choices, default=DeliveryStatus.WAITING)
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    held = models.BooleanField(default=False)
    carried_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="carries")
    claimed_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True, default="")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "channel"], name="delivery_once_a_channel")]
        indexes = [
            models.Index(fields=["due_at", "id"], name="delivery_waiting", condition=Q(status="waiting")),
            models.Index(fields=["sent_at"], name="delivery_sent", condition=Q(status="sent")),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} by {self.channel}"
