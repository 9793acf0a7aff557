"""How the control system itself is doing: attempts to close a day, the nightly verification, heartbeats, heads of the ledger."""

from __future__ import annotations

from django.db import models

from accounts.models import Team
from discipline.models.cards import Scorecard
from discipline.models.ledger import LedgerEntry


class ClosingAttempt(models.Model):
    """How often a team's day was tried. Counted and committed before the work, so that a death in it counts; dead after three
    until somebody asks for another try."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="closing_attempts")
    day = models.DateField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_at = models.DateTimeField()
    error = models.CharField(max_length=300, blank=True, default="")
    dead_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["day", "team"]
        constraints = [models.UniqueConstraint(fields=["team", "day"], name="closing_attempt_once")]

    def __str__(self) -> str:
        return f"{self.team_id} on {self.day}: {self.attempts}"


class Verification(models.Model):
    """A night's look back: how many cards were computed again and how the ledger's chain stands."""

    ran_at = models.DateTimeField()
    first = models.DateField()
    last = models.DateField()
    cards = models.PositiveIntegerField()
    entries = models.PositiveIntegerField()
    chain_whole = models.BooleanField()

    class Meta:
        ordering = ["-ran_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.cards} cards on {self.ran_at:%Y-%m-%d}"


class Finding(models.Model):
    """A card that came out differently when it was computed again: what was stored and what was found. Nothing is overwritten."""

    verification = models.ForeignKey(Verification, on_delete=models.CASCADE, related_name="findings")
    card = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="findings")
    stored_hash = models.CharField(max_length=64)
    found_hash = models.CharField(max_length=64)
    differences = models.JSONField(default=list)
    settled_note = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["verification", "card"]
        constraints = [models.UniqueConstraint(fields=["verification", "card"], name="finding_once")]

    def __str__(self) -> str:
        return f"card {self.card_id}"


class Heartbeat(models.Model):
    """When a job last ran, by its name; a name that falls silent is told to coordinator and owner."""

    name = models.CharField(max_length=40, primary_key=True)
    beaten_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class LedgerHead(models.Model):
    """The last entry of the ledger at the end of a day, as sent out to the owners: proof outside of the database."""

    day = models.DateField(primary_key=True)
    entry = models.ForeignKey(LedgerEntry, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    entries = models.PositiveIntegerField()
    hash = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day}: {self.entries}"
