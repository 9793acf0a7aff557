"""Deals: what might be sold, to whom, by when."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.policy import scope
from crm.history.fields import StampField
from crm.history.timelines import timeline_of
from crm.models.base import UNTRACKED, Recorded, external_key, revision
from crm.models.companies import Company
from crm.models.contacts import Contact
from crm.models.pipelines import LossReason, Product, Stage
from crm.models.search import Searchable, matching, search_index

FAR = datetime(9999, 12, 30, tzinfo=UTC)
NO_CLOSE = Coalesce("expected_close", models.Value(date(9999, 12, 31), output_field=models.DateField()))
NO_STEP = Coalesce("next_task_due", models.Value(FAR, output_field=models.DateTimeField()))
NO_AMOUNT = Coalesce("amount_minor", models.Value(-1, output_field=models.BigIntegerField()))
"""How the list sorts deals that have none of it: see `crm.lists.keyset.Order`."""


class DealStatus(models.TextChoices):
    OPEN = "open", _("open")
    WON = "won", _("won")
    LOST = "lost", _("lost")


class DealQuerySet(models.QuerySet["Deal"]):
    def live(self) -> DealQuerySet:
        return self.filter(deleted_at__isnull=True)

    def open(self) -> DealQuerySet:
        return self.live().filter(status=DealStatus.OPEN)

    def visible_to(self, user: object, action: Permission = Permission.DEAL_VIEW) -> DealQuerySet:
        return self.live().filter(scope(user, action))

    def open_at(self, moment: datetime) -> DealQuerySet:
        """Deals that were open at `moment`, exactly, whatever happened to them since; costs what was open then, not the history."""
        return self.filter(pk__in=DealPeriod.objects.at(moment).values("deal"))

    def without_next_step(self) -> DealQuerySet:
        return self.open().filter(next_task_due__isnull=True)

    def matching(self, query: str) -> DealQuerySet:
        return self.filter(matching(query))


class Deal(Recorded, Searchable):
    """A deal. The amount is in minor units of the currency; `opened_at`, `closed_at`, `stage_since`, `first_won_*` and
    `next_task_due` are written by triggers (an import may bring the first two from its source)."""

    title = models.CharField(_("title"), max_length=200)
    company = models.ForeignKey(
        Company, verbose_name=_("company"), null=True, blank=True, on_delete=models.PROTECT, related_name="deals"
    )
    contacts = models.ManyToManyField(Contact, verbose_name=_("contacts"), blank=True, related_name="deals")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="deals"
    )
    stage = models.ForeignKey(Stage, verbose_name=_("stage"), on_delete=models.PROTECT, related_name="deals")
    stage_since = StampField()
    amount_minor = models.BigIntegerField(_("amount"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    expected_close = models.DateField(_("expected close"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=4, choices=DealStatus.choices, default=DealStatus.OPEN)
    opened_at = StampField()
    closed_at = StampField(null=True)
    first_won_at = StampField(null=True)
    first_won_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    loss_reason = models.ForeignKey(
        LossReason, verbose_name=_("reason of the loss"), null=True, blank=True, on_delete=models.PROTECT
    )
    competitor = models.CharField(_("competitor"), max_length=120, blank=True, default="")
    next_task_due = models.DateTimeField(null=True, editable=False)
    custom = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()), blank=True, editable=False)
    revision = revision()
    tags = models.ManyToManyField("crm.Tag", verbose_name=_("tags"), blank=True, related_name="deals")
    note = models.TextField(_("note"), max_length=10_000, blank=True, default="")

    objects = DealQuerySet.as_manager()

    class Meta:
        constraints = [
            external_key("deal_external_key"),
            models.CheckConstraint(
                condition=Q(status="open", closed_at__isnull=True) | Q(~Q(status="open"), closed_at__isnull=False),
                name="deal_closed_when",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__isnull=True) | Q(amount_minor__gte=0), name="deal_amount_not_negative"
            ),
        ]
        indexes = [
            search_index("deal_search"),
            models.Index(
                fields=["owner", "stage", "-changed_at"],
                name="deal_open_by_owner",
                condition=Q(status="open", deleted_at__isnull=True),
            ),
            models.Index(
                fields=["stage", "-changed_at"],
                name="deal_open_by_stage",
                condition=Q(status="open", deleted_at__isnull=True),
            ),
            models.Index(fields=["-changed_at", "-id"], name="deal_by_change"),
            models.Index(fields=["owner", "-changed_at", "-id"], name="deal_by_owner"),
            models.Index(fields=["folded", "id"], name="deal_by_title", condition=Q(deleted_at__isnull=True)),
            *(
                models.Index(key, "id", name=name, condition=Q(deleted_at__isnull=True))
                for name, key in (("deal_by_close", NO_CLOSE), ("deal_by_step", NO_STEP), ("deal_by_amount", NO_AMOUNT))
            ),
            models.Index(
                fields=["owner", "closed_at"], name="deal_closed_by_owner", condition=Q(closed_at__isnull=False)
            ),
            models.Index(
                fields=["first_won_by", "first_won_at"], name="deal_won_by", condition=Q(first_won_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.title


DealTimeline = timeline_of(Deal, leave_out=UNTRACKED)


class DealProduct(models.Model):
    """A product in a deal; price of one in minor units of the deal's currency."""

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="lines")
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=3, default=1)
    price_minor = models.BigIntegerField(_("price"), null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deal", "product"], name="deal_product_once")]

    def __str__(self) -> str:
        return f"{self.quantity} x {self.product_id}"


class DealPeriodQuerySet(models.QuerySet["DealPeriod"]):
    def at(self, moment: datetime) -> DealPeriodQuerySet:
        return self.filter(from_at__lte=moment, to_at__gt=moment)


class DealPeriod(models.Model):
    """A stretch `[from_at, to_at)` in which a deal was open and had one owner. Written by triggers; `to_at` is infinity now."""

    deal = models.ForeignKey(Deal, on_delete=models.DO_NOTHING, related_name="periods", db_constraint=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
    )
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()

    objects = DealPeriodQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "to_at"], name="deal_period_by_owner", include=["from_at", "deal"]),
            models.Index(fields=["deal", "to_at"], name="deal_period_by_deal", include=["from_at", "owner"]),
        ]

    def __str__(self) -> str:
        return f"deal {self.deal_id} open with {self.owner_id}"
