"""From points to money: what a point is worth, settlements of a period, and rewards that points are spent on."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from accounts.permissions import Permission
from accounts.policy import scope
from crm.history.fields import StampField
from discipline.models.ledger import LedgerEntry


class NegativePolicy(models.TextChoices):
    """What happens with points below zero. Wages are never touched."""

    NONE = "none", _("nothing is taken")
    REDUCE = "reduce", _("reduce the bonus not yet earned")


class PayRule(models.Model):
    """What a point is worth from `starts_on` on: `rate_minor` minor units of `currency` a point. Points below zero reduce the
    person's variable pool of one settlement, `pool_minor`, by at most `cap_percent` of it. A team without a rule of its own has the
    company's. Added to, never changed; of one first day the last one recorded holds."""

    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="pay_rules")
    starts_on = models.DateField(_("from"))
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    rate_minor = models.PositiveIntegerField(_("a point is worth"))
    pool_minor = models.PositiveIntegerField(_("variable pool of a person"), default=0)
    cap_percent = models.PositiveSmallIntegerField(_("at most this part of the pool, per cent"), default=100)
    negative = models.CharField(
        _("points below zero"), max_length=6, choices=NegativePolicy.choices, default=NegativePolicy.NONE
    )
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = StampField()

    class Meta:
        ordering = ["team", "-starts_on", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(cap_percent__lte=100), name="pay_rule_cap_is_a_part")]
        indexes = [models.Index(fields=["team", "-starts_on"], name="pay_rule_by_team")]

    def __str__(self) -> str:
        return f"{self.rate_minor} {self.currency} from {self.starts_on}"


class SettlementStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    REVIEWED = "reviewed", _("reviewed")
    APPROVED = "approved", _("approved")
    EXPORTED = "exported", _("exported")


class SettlementQuerySet(models.QuerySet["Settlement"]):
    def visible_to(self, user: object, action: Permission = Permission.SETTLEMENT_VIEW) -> SettlementQuerySet:
        return self.filter(scope(user, action))


class Settlement(models.Model):
    """The points of a team (none: of everybody) from `first` to `last` turned into money, with all older entries not settled yet."""

    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="settlements")
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    status = models.CharField(max_length=8, choices=SettlementStatus.choices, default=SettlementStatus.DRAFT)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = StampField()
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    exported_at = models.DateTimeField(null=True, blank=True)

    objects = SettlementQuerySet.as_manager()

    class Meta:
        ordering = ["-last", "team", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["team", "first", "last"], name="settlement_once", nulls_distinct=False),
            models.CheckConstraint(condition=Q(first__lte=F("last")), name="settlement_has_days"),
        ]

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"


class StepKind(models.TextChoices):
    """What somebody did with a settlement."""

    MADE = "made", _("made")
    AGAIN = "again", _("worked out again")
    REVIEWED = "reviewed", _("reviewed")
    BACK = "back", _("sent back")
    APPROVED = "approved", _("approved")
    EXPORTED = "exported", _("taken to payroll")


class SettlementStep(models.Model):
    """Who took a settlement a step on or back, when, and why. Only added to; a draft that is thrown away takes its steps along."""

    settlement = models.ForeignKey(Settlement, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=8, choices=StepKind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = StampField()
    reason = models.CharField(_("reason"), max_length=300, blank=True, default="")

    class Meta:
        ordering = ["settlement", "pk"]

    def __str__(self) -> str:
        return f"{self.settlement_id} {self.kind}"


class SettlementLineQuerySet(models.QuerySet["SettlementLine"]):
    def visible_to(self, user: object, action: Permission = Permission.STATEMENT_VIEW) -> SettlementLineQuerySet:
        return self.filter(scope(user, action))


class SettlementLine(models.Model):
    """What a person's settled points come to. Money in minor units; `amount_minor` is below zero where the pool is reduced.
    `working` holds the formula's parts by name."""

    settlement = models.ForeignKey(Settlement, on_delete=models.CASCADE, related_name="lines")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="settlement_lines")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    points = models.IntegerField()
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    working = models.JSONField(default=dict)

    objects = SettlementLineQuerySet.as_manager()

    class Meta:
        ordering = ["settlement", "user__full_name", "pk"]
        constraints = [models.UniqueConstraint(fields=["settlement", "user"], name="settlement_line_once")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.points}"


class SettledEntry(models.Model):
    """That a ledger entry is settled: the key is the entry's, so that it can be only once."""

    entry = models.OneToOneField(LedgerEntry, primary_key=True, on_delete=models.PROTECT, related_name="settled")
    line = models.ForeignKey(SettlementLine, on_delete=models.CASCADE, related_name="entries")

    def __str__(self) -> str:
        return f"{self.entry_id} in {self.line_id}"


class Reward(models.Model):
    """Something that points are spent on."""

    name = models.CharField(_("reward"), max_length=120)
    description = models.CharField(_("description"), max_length=500, blank=True, default="")
    points = models.PositiveSmallIntegerField(_("points"))
    active = models.BooleanField(_("offered"), default=True)

    class Meta:
        ordering = ["points", "name"]
        constraints = [models.CheckConstraint(condition=Q(points__gt=0), name="reward_costs_points")]

    def __str__(self) -> str:
        return self.name


class ClaimStatus(models.TextChoices):
    ASKED = "asked", _("waiting for the head")
    GIVEN = "given", _("given")
    REFUSED = "refused", _("refused, points returned")


class RewardClaimQuerySet(models.QuerySet["RewardClaim"]):
    def visible_to(self, user: object, action: Permission = Permission.REWARD_VIEW) -> RewardClaimQuerySet:
        return self.filter(scope(user, action))


class RewardClaim(models.Model):
    """A reward that somebody has taken for `points`, which leave his account at once and come back when it is refused. `key` is the
    form's, so that one form takes one reward."""

    key = models.UUIDField(unique=True, null=True, editable=False)
    reward = models.ForeignKey(Reward, on_delete=models.PROTECT, related_name="claims")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reward_claims")
    points = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=7, choices=ClaimStatus.choices, default=ClaimStatus.ASKED)
    recorded_at = StampField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(_("answer"), max_length=300, blank=True, default="")

    objects = RewardClaimQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("user")), name="claim_nobody_his_own"
            )
        ]

    def __str__(self) -> str:
        return f"{self.reward_id} for {self.user_id}"


class ControlSettings(models.Model):
    """One row: what a company decides about corrections. Above `cosign_points` the owner signs too; appeals within `appeal_days`
    workdays."""

    cosign_points = models.PositiveSmallIntegerField(_("owner signs corrections above, points"), default=5)
    appeal_days = models.PositiveSmallIntegerField(_("appeals within, workdays"), default=5)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="control_settings_one_row")]

    def __str__(self) -> str:
        return "control settings"

    @classmethod
    def current(cls) -> ControlSettings:
        """The settings in force; defaults before anybody saved any."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
