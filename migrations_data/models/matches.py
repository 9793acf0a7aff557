"""What the words of an old table mean here: its people, stages and other lists, confirmed by the coordinator."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from migrations_data.models.imports import Import


class What(models.TextChoices):
    """Lists of ours that tables name in their own words."""

    OWNER = "owner", _("people")
    STAGE = "stage", _("stages")
    LOSS_REASON = "reason", _("reasons of a loss")
    ACTIVITY = "activity", _("kinds of activity")


class Decision(models.TextChoices):
    """What becomes of a word: ours is used, a new one is made, somebody who cannot sign in is made, or whoever imports takes it."""

    UNDECIDED = "", _("to decide")
    USE = "use", _("is")
    MAKE = "make", _("new")
    INACTIVE = "inactive", _("a person who left")
    MINE = "mine", _("mine")


class ImportMatch(models.Model):
    """A word of the tables and what it stands for. `text` is folded, `said` as written; `target_id` is one of ours when `decision`
    is to use it. `sure` ones were found by name or by a profile; the others wait for the coordinator."""

    of_import = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="matches")
    what = models.CharField(max_length=8, choices=What.choices)
    text = models.CharField(max_length=200)
    said = models.CharField(max_length=200)
    count = models.PositiveIntegerField(default=0)
    decision = models.CharField(max_length=8, choices=Decision.choices, blank=True, default="")
    target_id = models.BigIntegerField(null=True)
    sure = models.BooleanField(default=False)

    class Meta:
        ordering = ["what", "-count", "text"]
        constraints = [models.UniqueConstraint(fields=["of_import", "what", "text"], name="import_match_once")]

    def __str__(self) -> str:
        return f"{self.what} {self.said}"
