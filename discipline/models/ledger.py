"""The ledger of points: double entry, only ever added to, each entry sealed with the hash of the one before."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from discipline.models.cards import Scorecard


class EntryKind(models.TextChoices):
    CARD = "card", _("score of a day")
    ADJUSTMENT = "adjustment", _("correction")
    REWARD = "reward", _("reward")
    REWARD_BACK = "reward_back", _("reward returned")
    SETTLEMENT = "settlement", _("settled")


class LedgerEntry(models.Model):
    """Points moved from one account to another, so every entry balances by itself. Accounts are "company", "paid",
    "rewards" and "person:<id>"; `key` makes a posting happen once; `previous_hash`, `hash` and `posted_at` are written by the database.

    Nearly all entries are those of cards: the indexes by what else an entry may come from leave them out."""

    key = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=EntryKind.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="ledger_entries", db_index=False
    )  # ledger_by_person begins with it
    card = models.ForeignKey(Scorecard, null=True, blank=True, on_delete=models.PROTECT, related_name="postings")
    adjustment = models.ForeignKey(
        "discipline.Adjustment",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="postings",
        db_index=False,
    )
    claim = models.ForeignKey(
        "discipline.RewardClaim",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="postings",
        db_index=False,
    )
    settlement = models.ForeignKey(
        "discipline.Settlement",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="postings",
        db_index=False,
    )
    day = models.DateField()
    debit = models.CharField(max_length=40)
    credit = models.CharField(max_length=40)
    points = models.PositiveIntegerField()
    previous_hash = models.CharField(max_length=64, editable=False, default="")
    hash = models.CharField(max_length=64, editable=False, default="")
    posted_at = models.DateTimeField(editable=False, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="ledger_once"),  # unique=True would add an index for LIKE
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="ledger_two_accounts"),
            models.CheckConstraint(condition=Q(points__gt=0), name="ledger_moves_points"),
        ]
        indexes = [
            models.Index(fields=["user", "day"], name="ledger_by_person"),
            models.Index(fields=["adjustment"], condition=Q(adjustment__isnull=False), name="ledger_by_adjustment"),
            models.Index(fields=["claim"], condition=Q(claim__isnull=False), name="ledger_by_claim"),
            models.Index(fields=["settlement"], condition=Q(settlement__isnull=False), name="ledger_by_settlement"),
        ]

    def __str__(self) -> str:
        return f"{self.points}: {self.debit} to {self.credit}"
