"""Corrections: the original line stays, and a signed entry with a reason says what changes."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.policy import scope
from crm.history.fields import StampField
from discipline.models.cards import Scorecard, ScoreLine


class AdjustmentKind(models.TextChoices):
    """Why points are corrected; all but the first two are proposed by the program itself."""

    MANUAL = "manual", _("correction")
    APPEAL = "appeal", _("appeal")
    LATE_CALLS = "late_calls", _("telephony came late")
    LATE_LEAVE = "late_leave", _("absence handed in later")
    LATE_OUTAGE = "late_outage", _("outage declared later")
    COMPANY_DELETED = "company_deleted", _("counted company deleted")
    WIN_REOPENED = "win_reopened", _("counted win opened again")


class AdjustmentStatus(models.TextChoices):
    PROPOSED = "proposed", _("waiting for the head")
    SIGNING = "signing", _("waiting for the owner's signature")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")


class AdjustmentQuerySet(models.QuerySet["Adjustment"]):
    def visible_to(self, user: object, action: Permission = Permission.ADJUSTMENT_VIEW) -> AdjustmentQuerySet:
        return self.filter(scope(user, action))

    def open(self) -> AdjustmentQuerySet:
        return self.filter(status__in=(AdjustmentStatus.PROPOSED, AdjustmentStatus.SIGNING))


class Adjustment(models.Model):
    """A change of `delta` points to what a card posted. Only once approved does it reach the ledger. `proposed_by` is empty when
    the program proposed it; `records` are the records behind it as evidence rows; `key` makes a proposal happen once."""

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=AdjustmentKind.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="adjustments")
    card = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="adjustments")
    line = models.ForeignKey(ScoreLine, null=True, blank=True, on_delete=models.PROTECT, related_name="adjustments")
    delta = models.SmallIntegerField(_("points"))
    text = models.CharField(_("reason"), max_length=500)
    records = models.JSONField(default=list, blank=True)
    status = models.CharField(max_length=8, choices=AdjustmentStatus.choices, default=AdjustmentStatus.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = StampField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(_("reason of the decision"), max_length=500, blank=True, default="")
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(null=True, blank=True)

    objects = AdjustmentQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(delta=0), name="adjustment_changes_points"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("user")), name="adjustment_nobody_his_own"
            ),
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True) | ~Q(signed_by=F("user")), name="adjustment_signed_by_another"
            ),
            models.CheckConstraint(
                condition=~Q(status="approved") | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="adjustment_approved_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["user", "-recorded_at"], name="adjustment_by_person")]

    def __str__(self) -> str:
        return f"{self.kind} {self.delta:+d} for {self.user_id}"


class AppealStatus(models.TextChoices):
    OPEN = "open", _("waiting for the head")
    ACCEPTED = "accepted", _("accepted")
    REFUSED = "refused", _("refused")


class AppealQuerySet(models.QuerySet["Appeal"]):
    def visible_to(self, user: object, action: Permission = Permission.APPEAL_VIEW) -> AppealQuerySet:
        return self.filter(scope(user, action))

    def open(self) -> AppealQuerySet:
        return self.filter(status=AppealStatus.OPEN)


class Appeal(models.Model):
    """A person's word against a line of his card. The head answers with a reason; accepted, it has an adjustment."""

    line = models.OneToOneField(ScoreLine, on_delete=models.PROTECT, related_name="appeal")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appeals")
    text = models.CharField(_("what is not right"), max_length=500)
    status = models.CharField(max_length=8, choices=AppealStatus.choices, default=AppealStatus.OPEN)
    recorded_at = StampField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=500, blank=True, default="")
    adjustment = models.OneToOneField(
        Adjustment, null=True, blank=True, on_delete=models.PROTECT, related_name="appeal"
    )

    objects = AppealQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("user")), name="appeal_nobody_his_own"
            )
        ]
        indexes = [models.Index(fields=["user", "-recorded_at"], name="appeal_by_person")]

    def __str__(self) -> str:
        return f"{self.user_id} on line {self.line_id}"
