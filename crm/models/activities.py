"""Activities: what happened between somebody and a client."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.policy import scope
from crm.history.timelines import timeline_of
from crm.models.base import UNTRACKED, Recorded, external_key
from crm.models.companies import Company
from crm.models.contacts import Contact
from crm.models.deals import Deal
from crm.models.tasks import Task


class ActivityKind(models.TextChoices):
    CALL = "call", _("Call")
    MEETING = "meeting", _("Meeting")
    EMAIL = "email", _("E-mail")
    MESSAGE = "message", _("Message")
    NOTE = "note", _("Note")


class Direction(models.TextChoices):
    OUT = "out", _("outgoing")
    IN = "in", _("incoming")


class ActivityResult(models.TextChoices):
    """How it ended. For a call the first four are the outcome chips; a meeting with any of the others was held."""

    REACHED = "reached", _("Reached")
    NO_ANSWER = "no_answer", _("No answer")
    BUSY = "busy", _("Busy")
    WRONG_NUMBER = "wrong_number", _("Wrong number")
    AGREED = "agreed", _("Agreed")
    FOLLOW_UP = "follow_up", _("To be continued")
    REFUSED = "refused", _("Refused")
    NOT_HELD = "not_held", _("Did not take place")


NOT_TALKED = (ActivityResult.NO_ANSWER, ActivityResult.BUSY, ActivityResult.WRONG_NUMBER, ActivityResult.NOT_HELD)

TALLIED = ["performed_by", "kind", "result", "deleted_at"]
"""What a client's card counts by: read from the index alone, however long the history."""


class ActivityQuerySet(models.QuerySet["Activity"]):
    def live(self) -> ActivityQuerySet:
        return self.filter(deleted_at__isnull=True)

    def visible_to(self, user: object, action: Permission = Permission.ACTIVITY_VIEW) -> ActivityQuerySet:
        return self.live().filter(scope(user, action))

    def latest_first(self) -> ActivityQuerySet:
        return self.order_by("-occurred_at", "-pk")


class Activity(Recorded):
    """A call, meeting, e-mail, message or note. `occurred_at` is when it ended, as the person says; who, when, what kind and from
    where cannot be changed once recorded: a mistake is deleted and entered again, with a new stamp."""

    kind = models.CharField(_("kind"), max_length=10, choices=ActivityKind.choices)
    direction = models.CharField(_("direction"), max_length=3, choices=Direction.choices, default=Direction.OUT)
    occurred_at = models.DateTimeField(_("ended"))
    seconds = models.PositiveIntegerField(_("length, seconds"), null=True, blank=True)
    result = models.CharField(_("result"), max_length=15, choices=ActivityResult.choices, blank=True, default="")
    note = models.TextField(_("note"), max_length=10_000, blank=True, default="")
    performed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("who"), on_delete=models.PROTECT, related_name="activities"
    )
    company = models.ForeignKey(
        Company, verbose_name=_("company"), null=True, blank=True, on_delete=models.PROTECT, related_name="activities"
    )
    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), null=True, blank=True, on_delete=models.PROTECT, related_name="activities"
    )
    others = models.ManyToManyField(Contact, verbose_name=_("also there"), blank=True, related_name="+")
    deal = models.ForeignKey(
        Deal, verbose_name=_("deal"), null=True, blank=True, on_delete=models.PROTECT, related_name="activities"
    )
    task = models.ForeignKey(
        Task, verbose_name=_("task"), null=True, blank=True, on_delete=models.PROTECT, related_name="activities"
    )

    device_at = models.DateTimeField(_("typed, by the device's clock"), null=True, blank=True, editable=False)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        constraints = [external_key("activity_external_key")]
        indexes = [
            models.Index(
                fields=["performed_by", "occurred_at"], name="activity_by_person", include=["kind", "recorded_at"]
            ),
            models.Index(fields=["performed_by", "recorded_at"], name="activity_by_stamp", include=["occurred_at"]),
            models.Index(
                fields=["company", "-occurred_at", "-id"],
                name="activity_by_company",
                condition=Q(company__isnull=False),
                include=TALLIED,
            ),
            models.Index(
                fields=["contact", "-occurred_at", "-id"],
                name="activity_by_contact",
                condition=Q(contact__isnull=False),
                include=TALLIED,
            ),
            models.Index(
                fields=["deal", "-occurred_at", "-id"], name="activity_by_deal", condition=Q(deal__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


ActivityTimeline = timeline_of(Activity, leave_out=UNTRACKED)
