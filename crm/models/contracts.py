"""Contracts with clients, and what is bought, complained about and brought back."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.policy import scope
from crm.history.timelines import timeline_of
from crm.models.base import UNTRACKED, Recorded, external_key
from crm.models.companies import Company
from crm.models.contacts import Contact
from crm.models.deals import Deal
from crm.models.pipelines import Product
from crm.models.tasks import Task


class ContractStatus(models.TextChoices):
    RUNNING = "running", _("running")
    RENEWED = "renewed", _("renewed")
    ENDED = "ended", _("ended")


class ContractQuerySet(models.QuerySet["Contract"]):
    def live(self) -> ContractQuerySet:
        return self.filter(deleted_at__isnull=True)

    def visible_to(self, user: object, action: Permission = Permission.CONTRACT_VIEW) -> ContractQuerySet:
        return self.live().filter(scope(user, action))


class Contract(Recorded):
    """An agreement with a company from `starts_on` up to and including `ends_on` (empty: until further notice).

    `reminder` is the task that asks its owner to renew it in time; `renewal` is the contract that follows it.
    """

    company = models.ForeignKey(Company, verbose_name=_("company"), on_delete=models.PROTECT, related_name="contracts")
    deal = models.ForeignKey(
        Deal, verbose_name=_("deal"), null=True, blank=True, on_delete=models.PROTECT, related_name="contracts"
    )
    title = models.CharField(_("title"), max_length=200)
    number = models.CharField(_("number"), max_length=60, blank=True, default="")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="contracts"
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    remind_days = models.PositiveSmallIntegerField(_("remind so many days before"), default=30)
    amount_minor = models.BigIntegerField(_("amount"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    status = models.CharField(_("status"), max_length=8, choices=ContractStatus.choices, default=ContractStatus.RUNNING)
    reminder = models.ForeignKey(Task, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    renewal = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="renewed_from")
    note = models.TextField(_("note"), max_length=10_000, blank=True, default="")

    objects = ContractQuerySet.as_manager()

    class Meta:
        ordering = ["ends_on", "pk"]
        constraints = [
            external_key("contract_external_key"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")), name="contract_has_days"
            ),
        ]
        indexes = [
            models.Index(fields=["company", "ends_on"], name="contract_by_company"),
            models.Index(fields=["ends_on", "id"], name="contract_by_end", condition=Q(status="running")),
            models.Index(fields=["owner", "ends_on"], name="contract_by_owner"),
        ]

    def __str__(self) -> str:
        return self.title


ContractTimeline = timeline_of(Contract, leave_out=UNTRACKED)


class ComplaintKind(models.TextChoices):
    COMPLAINT = "complaint", _("complaint")
    RETURN = "return", _("return")


class ComplaintStatus(models.TextChoices):
    OPEN = "open", _("open")
    SETTLED = "settled", _("settled")
    REFUSED = "refused", _("refused")


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def live(self) -> ComplaintQuerySet:
        return self.filter(deleted_at__isnull=True)

    def visible_to(self, user: object, action: Permission = Permission.COMPLAINT_VIEW) -> ComplaintQuerySet:
        return self.live().filter(scope(user, action))


class Complaint(Recorded):
    """What a client complained about or brought back. `task` is its owner's task to answer by `due_at`."""

    kind = models.CharField(_("kind"), max_length=9, choices=ComplaintKind.choices, default=ComplaintKind.COMPLAINT)
    company = models.ForeignKey(Company, verbose_name=_("company"), on_delete=models.PROTECT, related_name="complaints")
    contact = models.ForeignKey(
        Contact, verbose_name=_("contact"), null=True, blank=True, on_delete=models.PROTECT, related_name="complaints"
    )
    deal = models.ForeignKey(
        Deal, verbose_name=_("deal"), null=True, blank=True, on_delete=models.PROTECT, related_name="complaints"
    )
    product = models.ForeignKey(
        Product, verbose_name=_("product"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    subject = models.CharField(_("what is wrong"), max_length=200)
    note = models.TextField(_("note"), max_length=10_000, blank=True, default="")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="complaints"
    )
    amount_minor = models.BigIntegerField(_("amount"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    due_at = models.DateTimeField(_("answer by"))
    task = models.ForeignKey(Task, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(_("status"), max_length=7, choices=ComplaintStatus.choices, default=ComplaintStatus.OPEN)
    answer = models.TextField(_("how it ended"), max_length=10_000, blank=True, default="")
    closed_at = models.DateTimeField(null=True, editable=False)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        constraints = [
            external_key("complaint_external_key"),
            models.CheckConstraint(
                condition=Q(status="open", closed_at__isnull=True) | Q(~Q(status="open"), closed_at__isnull=False),
                name="complaint_closed_when",
            ),
        ]
        indexes = [
            models.Index(fields=["company", "-recorded_at"], name="complaint_by_company"),
            models.Index(fields=["due_at", "id"], name="complaint_by_due", condition=Q(status="open")),
            models.Index(fields=["owner", "-recorded_at"], name="complaint_by_owner"),
        ]

    def __str__(self) -> str:
        return self.subject


ComplaintTimeline = timeline_of(Complaint, leave_out=UNTRACKED)


class PurchaseKind(models.TextChoices):
    SHIPMENT = "shipment", _("shipment")
    PAYMENT = "payment", _("payment")


class PurchaseQuerySet(models.QuerySet["Purchase"]):
    def live(self) -> PurchaseQuerySet:
        return self.filter(deleted_at__isnull=True)

    def visible_to(self, user: object, action: Permission = Permission.PURCHASE_VIEW) -> PurchaseQuerySet:
        return self.live().filter(scope(user, action))


class Purchase(Recorded):
    """A shipment to a client or a payment of his, as the accounts have it. A shipment is what he bought; a payment is no second one.

    Amounts are in minor units; one that goes back (a return, a refund) is below zero.
    """

    kind = models.CharField(_("kind"), max_length=8, choices=PurchaseKind.choices)
    company = models.ForeignKey(Company, verbose_name=_("company"), on_delete=models.PROTECT, related_name="purchases")
    deal = models.ForeignKey(
        Deal, verbose_name=_("deal"), null=True, blank=True, on_delete=models.PROTECT, related_name="purchases"
    )
    product = models.ForeignKey(
        Product, verbose_name=_("product"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    number = models.CharField(_("document"), max_length=60, blank=True, default="")
    day = models.DateField(_("day"))
    amount_minor = models.BigIntegerField(_("amount"))
    currency = models.CharField(_("currency"), max_length=3, default="EUR")

    objects = PurchaseQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [external_key("purchase_external_key")]
        indexes = [
            models.Index(fields=["company", "-day"], name="purchase_by_company", include=["kind", "amount_minor"]),
            models.Index(fields=["kind", "day"], name="purchase_by_day", include=["company", "amount_minor"]),
            models.Index(fields=["-day", "-id"], name="purchase_latest"),
        ]

    def __str__(self) -> str:
        return self.number or self.get_kind_display()
