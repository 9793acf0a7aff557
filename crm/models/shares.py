"""Records shared with a colleague, and records opened for the coordinator for a while."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.models.companies import Company
from crm.models.contacts import Contact
from crm.models.deals import Deal
from crm.models.files import exactly_one


class Share(models.Model):
    """A company, contact or deal that its owner lets a colleague work with."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("colleague"), on_delete=models.PROTECT, related_name="shares"
    )
    company = models.ForeignKey(Company, null=True, blank=True, on_delete=models.CASCADE, related_name="shares")
    contact = models.ForeignKey(Contact, null=True, blank=True, on_delete=models.CASCADE, related_name="shares")
    deal = models.ForeignKey(Deal, null=True, blank=True, on_delete=models.CASCADE, related_name="shares")
    shared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    shared_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=exactly_one("company", "contact", "deal"), name="share_of_one_record"),
            models.UniqueConstraint(
                fields=["user", "company"], condition=Q(company__isnull=False), name="share_company_once"
            ),
            models.UniqueConstraint(
                fields=["user", "contact"], condition=Q(contact__isnull=False), name="share_contact_once"
            ),
            models.UniqueConstraint(fields=["user", "deal"], condition=Q(deal__isnull=False), name="share_deal_once"),
        ]

    def __str__(self) -> str:
        return f"shared with {self.user_id}"


class GrantQuerySet(models.QuerySet["Grant"]):
    def in_force(self, moment: datetime) -> GrantQuerySet:
        return self.filter(starts_at__lte=moment, ends_at__gt=moment)


class Grant(models.Model):
    """The coordinator's access to clients and deals: for a while, with a reason, and the owner is told."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="grants")
    reason = models.CharField(_("reason"), max_length=300)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    objects = GrantQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="grant_has_time"),
            models.CheckConstraint(condition=~Q(reason=""), name="grant_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} until {self.ends_at}"
