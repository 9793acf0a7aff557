"""What a scored day leaves behind. Every row here is inserted once and refused any change by the database.

Closing writes a dozen rows a person here every day, so a key has no index of its own where a longer index begins with it.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from accounts.permissions import Permission
from accounts.policy import scope
from crm.history.fields import DaybookNow, StampField
from discipline.models.calendars import Mode
from discipline.models.schemes import Comparison, Rule, SchemeVersion


class Snapshot(models.Model):
    """A figure of a person and day, by one version of a metric with its parameters (their canonical JSON; "" for none)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="snapshots", db_index=False
    )  # snapshot_once begins with it
    day = models.DateField()
    metric = models.CharField(max_length=40)
    metric_version = models.PositiveSmallIntegerField()
    parameters = models.CharField(max_length=400, blank=True, default="")
    value = models.DecimalField(max_digits=18, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "day", "metric", "metric_version", "parameters"], name="snapshot_once"
            )
        ]
        indexes = [models.Index(fields=["day", "metric"], name="snapshot_by_day")]

    def __str__(self) -> str:
        return f"{self.metric} {self.value}"


class ScorecardQuerySet(models.QuerySet["Scorecard"]):
    def visible_to(self, user: object) -> ScorecardQuerySet:
        return self.filter(scope(user, Permission.CARD_VIEW))


class Scorecard(models.Model):
    """A person's day. The window is `(window_from, cut_off]`; captured events counted until `horizon`. `points` is the sum of
    the lines, `posted` what reached the ledger by the mode, and nothing when the rules were not `signed` before the window opened;
    `inputs_hash` lets the night compute it again. Of `scheduled` minutes the person was away `absent`; a new hire's thresholds are
    at `ramp` per cent."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="scorecards", db_index=False
    )  # scorecard_once begins with it
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, related_name="scorecards", db_index=False
    )  # scorecard_by_team begins with it
    day = models.DateField()
    version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(max_length=5, choices=Mode.choices)
    zone = models.CharField(max_length=60)
    window_from = models.DateTimeField()
    cut_off = models.DateTimeField()
    horizon = models.DateTimeField()
    scheduled = models.PositiveSmallIntegerField(default=0)
    absent = models.PositiveSmallIntegerField(default=0)
    ramp = models.PositiveSmallIntegerField(default=100)
    signed = models.BooleanField(default=True)
    points = models.IntegerField()
    posted = models.IntegerField()
    inputs_hash = models.CharField(max_length=64)
    closed_at = models.DateTimeField(db_default=DaybookNow())

    objects = ScorecardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "day"], name="scorecard_once"),
            models.CheckConstraint(
                condition=models.Q(window_from__lt=models.F("cut_off")), name="scorecard_has_window"
            ),
        ]
        indexes = [models.Index(fields=["team", "day"], name="scorecard_by_team")]

    def __str__(self) -> str:
        return f"{self.user_id} on {self.day}: {self.points}"


class Result(models.TextChoices):
    MET = "met", _("Met")
    MISSED = "missed", _("Missed")
    NOT_APPLICABLE = "n/a", _("Does not apply")


class ScoreLine(models.Model):
    """One rule on one card, with its evidence copied: `[type, id, role, reason, value, instant]` per record, readable for ever.
    Roles: counted, excluded, breach. `threshold` is what was asked of this person that day; a weekly line looks back to `opens`.

    That the card is there and the rule is a published one of its version is looked at once for all lines that are written together
    (discipline.sql.LINES_BELONG): neither can go away, and a constraint would look them up for every line."""

    card = models.ForeignKey(
        Scorecard, on_delete=models.PROTECT, related_name="lines", db_index=False, db_constraint=False
    )  # score_line_once begins with it
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    code = models.CharField(max_length=20)
    metric = models.CharField(max_length=40)
    metric_version = models.PositiveSmallIntegerField()
    value = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    comparison = models.CharField(max_length=2, choices=Comparison.choices)
    threshold = models.DecimalField(max_digits=14, decimal_places=2)
    result = models.CharField(max_length=6, choices=Result.choices)
    reason = models.CharField(max_length=40, blank=True, default="")
    points = models.SmallIntegerField()
    opens = models.DateTimeField(null=True)
    position = models.PositiveSmallIntegerField()
    evidence = models.JSONField(default=list)

    class Meta:
        ordering = ["card", "position"]
        constraints = [models.UniqueConstraint(fields=["card", "code"], name="score_line_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.result}"


class DaySheet(models.Model):
    """A card in one short row, for pages that show many of them side by side: the lines without their evidence, each as
    `[code, metric, own name, value, result, points, scored, on trial]`. Written with the card; `name` is the person's on that day."""

    card = models.OneToOneField(Scorecard, primary_key=True, on_delete=models.PROTECT, related_name="sheet")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    name = models.CharField(max_length=150)
    points = models.IntegerField()
    lines = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="day_sheet_once")]
        indexes = [models.Index(fields=["team", "day"], name="day_sheet_by_team")]

    def __str__(self) -> str:
        return f"{self.name} on {self.day}: {self.points}"


class TeamDay(models.Model):
    """A team's day that is closed for everybody, with its sums; the planner looks for what has no such row."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="days")
    day = models.DateField()
    cards = models.PositiveIntegerField()
    points = models.IntegerField()
    met = models.PositiveIntegerField()
    missed = models.PositiveIntegerField()
    closed_at = models.DateTimeField(db_default=DaybookNow())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "day"], name="team_day_once")]

    def __str__(self) -> str:
        return f"{self.team_id} on {self.day}"


class CardReview(models.Model):
    """That a head has looked at a card: when he opened the review, when he was done with it, and what he wrote. Only added."""

    card = models.ForeignKey(Scorecard, on_delete=models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="card_reviews")
    opened_at = models.DateTimeField()
    reviewed_at = StampField()
    note = models.CharField(_("note"), max_length=500, blank=True, default="")

    class Meta:
        ordering = ["card", "reviewed_at"]
        constraints = [models.UniqueConstraint(fields=["card", "reviewer"], name="card_review_once")]
        indexes = [models.Index(fields=["reviewer", "reviewed_at"], name="card_review_by_head")]

    def __str__(self) -> str:
        return f"{self.card_id} by {self.reviewer_id}"
