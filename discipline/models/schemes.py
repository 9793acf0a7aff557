"""Schemes: which rules a team is scored by, in published versions that never change."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.history.fields import StampField


class Scheme(models.Model):
    """A named set of rules; its versions say what held when."""

    name = models.CharField(_("name"), max_length=80, unique=True)

    def __str__(self) -> str:
        return self.name


class SchemeVersionQuerySet(models.QuerySet["SchemeVersion"]):
    def published(self) -> SchemeVersionQuerySet:
        """All that were ever in force, the latest first."""
        return self.filter(published_at__isnull=False).order_by("-effective_from", "-number")


class SchemeVersion(models.Model):
    """A draft until published; from then on immutable (the database refuses). It is in force from `effective_from` until the next
    one begins (of two that begin on one day the later number), and only in windows that opened after it was published."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    effective_from = models.DateField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = SchemeVersionQuerySet.as_manager()

    class Meta:
        ordering = ["scheme", "number"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "number"], name="scheme_version_number"),
            models.CheckConstraint(
                condition=models.Q(published_at__isnull=True)
                | models.Q(effective_from__isnull=False, published_by__isnull=False),
                name="scheme_version_published_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.number}"


class Comparison(models.TextChoices):
    AT_LEAST = "ge", _("at least")
    AT_MOST = "le", _("at most")
    EXACTLY = "eq", _("exactly")


class Period(models.TextChoices):
    """Over which stretch a rule looks."""

    DAY = "day", _("each day")
    WEEK = "week", _("each week")


class WhenNothing(models.TextChoices):
    """What a rule says when there was nothing to judge."""

    NOT_APPLICABLE = "n/a", _("does not apply")
    MET = "met", _("counts as met")
    MISSED = "missed", _("counts as missed")


class Severity(models.TextChoices):
    """How loudly a missed rule is told."""

    QUIET = "quiet", _("in the digest only")
    NORMAL = "normal", _("reminder before the cut-off")
    URGENT = "urgent", _("reminder, and the head is told")


class Rule(models.Model):
    """One line of a scheme: a metric with its parameters, what it must be, and the points for met and missed (both as positive
    numbers).

    A rule without `scored` is shown with its value and gives no points; one on `trial` is judged and gives none either. A weekly
    rule stands on the card of the week's last scored day. With `by_plan` the threshold is the person's own plan.
    """

    version = models.ForeignKey(SchemeVersion, on_delete=models.CASCADE, related_name="rules")
    code = models.CharField(_("short name"), max_length=20)
    label = models.CharField(_("name"), max_length=80, blank=True, default="")
    metric = models.CharField(_("figure"), max_length=40)
    parameters = models.JSONField(default=dict, blank=True)
    period = models.CharField(_("period"), max_length=4, choices=Period.choices, default=Period.DAY)
    comparison = models.CharField(
        _("comparison"), max_length=2, choices=Comparison.choices, default=Comparison.AT_LEAST
    )
    threshold = models.DecimalField(_("threshold"), max_digits=14, decimal_places=2)
    by_plan = models.BooleanField(_("threshold from the personal plan"), default=False)
    points_met = models.PositiveSmallIntegerField(_("points when met"), default=1)
    points_missed = models.PositiveSmallIntegerField(_("points when missed"), default=2)
    when_nothing = models.CharField(
        _("with nothing to judge"), max_length=6, choices=WhenNothing.choices, default=WhenNothing.NOT_APPLICABLE
    )
    severity = models.CharField(_("reminders"), max_length=6, choices=Severity.choices, default=Severity.NORMAL)
    scored = models.BooleanField(_("scored"), default=True)
    trial = models.BooleanField(_("on trial"), default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="rule_code_once"),
            models.UniqueConstraint(fields=["version", "metric", "parameters", "period"], name="rule_figure_once"),
        ]

    def __str__(self) -> str:
        return self.code


class SignOff(models.Model):
    """That somebody has read and signed the text of a published version: his name, when, and the hash of what he read. Only added."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sign_offs")
    version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="sign_offs")
    full_name = models.CharField(max_length=150)
    text = models.TextField()
    text_hash = models.CharField(max_length=64)
    signed_at = StampField()

    class Meta:
        ordering = ["version", "signed_at"]
        constraints = [models.UniqueConstraint(fields=["user", "version"], name="sign_off_once")]

    def __str__(self) -> str:
        return f"{self.full_name} signed {self.version_id}"


class Plan(models.Model):
    """What a person is to reach of a figure from `first` to `last`: units of the figure, whole units of money for sums.

    Only added to: of plans that begin on one day the one recorded last holds, in windows that opened after it was recorded.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="plans")
    metric = models.CharField(_("figure"), max_length=40)
    parameters = models.JSONField(default=dict, blank=True)
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    target = models.DecimalField(_("target"), max_digits=14, decimal_places=2)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = StampField()

    class Meta:
        ordering = ["user", "first", "metric", "recorded_at", "pk"]
        indexes = [models.Index(fields=["user", "first", "last"], name="plan_by_person")]
        constraints = [
            models.CheckConstraint(condition=models.Q(first__lte=models.F("last")), name="plan_has_days"),
            models.CheckConstraint(condition=models.Q(target__gt=0), name="plan_has_target"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.metric} {self.target}"


class Simulation(models.Model):
    """A draft played over past days beside what was scored: `result` holds a row per person and the sums; worked out by a job."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    version = models.ForeignKey(SchemeVersion, on_delete=models.CASCADE, related_name="simulations")
    team = models.ForeignKey("accounts.Team", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    status = models.CharField(max_length=7, choices=Status.choices, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_days = models.PositiveSmallIntegerField(default=0)
    rules_hash = models.CharField(max_length=64)
    result = models.JSONField(default=dict, blank=True)
    error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(first__lte=models.F("last")), name="simulation_has_days")
        ]

    def __str__(self) -> str:
        return f"{self.version_id} from {self.first} to {self.last}"
