"""How deals went through the funnel, taken from their history."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.models import Deal, Stage


class Outcome(models.TextChoices):
    """How a visit to a stage ended."""

    ON = "on", _("moved on")
    BACK = "back", _("moved back")
    WON = "won", _("won")
    LOST = "lost", _("lost")
    GONE = "gone", _("deleted or moved to another funnel")


class StageVisit(models.Model):
    """A stretch in which an open deal stood in one stage, derived from its history; `person` is whoever had it when it came in.

    `left_at` is empty and `outcome` "" while it stands there. `known` is false where the history begins with the visit because an
    import brought the deal: nobody knows since when it stood there. The amount is that of the moment it left (or of now).
    """

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False)
    place = models.PositiveSmallIntegerField()
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=4, choices=Outcome.choices, blank=True, default="")
    known = models.BooleanField(default=True)
    currency = models.CharField(max_length=3, blank=True, default="")
    amount_minor = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deal", "place"], name="stage_visit_once")]
        indexes = [
            models.Index(fields=["stage", "entered_at"], name="stage_visit_by_stage"),
            models.Index(fields=["person", "stage", "entered_at"], name="stage_visit_by_person"),
        ]

    def __str__(self) -> str:
        return f"deal {self.deal_id} in stage {self.stage_id}"
