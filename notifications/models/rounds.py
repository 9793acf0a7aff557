"""Which kinds were looked at for which period, so that each is looked at once."""

from __future__ import annotations

from django.db import models


class Round(models.Model):
    """That it was worked out who is told of a kind for a period. Written in the transaction that tells, so that of several
    programs at once one does it, and one that dies leaves it to the next."""

    kind = models.CharField(max_length=40)
    period = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "period"], name="round_once")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.period}"
