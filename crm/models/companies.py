"""Companies: the clients."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.policy import scope
from crm.history.timelines import timeline_of
from crm.models.base import UNTRACKED, Recorded, external_key, revision
from crm.models.search import Searchable, matching, search_index


class CompanyQuerySet(models.QuerySet["Company"]):
    def live(self) -> CompanyQuerySet:
        return self.filter(deleted_at__isnull=True)

    def visible_to(self, user: object, action: Permission = Permission.COMPANY_VIEW) -> CompanyQuerySet:
        return self.live().filter(scope(user, action))

    def matching(self, query: str) -> CompanyQuerySet:
        return self.filter(matching(query))


class Company(Recorded, Searchable):
    """A client. `*_key` columns are folded for comparing; completeness and validity (0..1) feed the card quality."""

    name = models.CharField(_("name"), max_length=200)
    name_key = models.CharField(max_length=200, editable=False, default="")
    tax_number = models.CharField(_("tax number"), max_length=30, blank=True, default="")
    tax_key = models.CharField(max_length=30, editable=False, blank=True, default="")
    domain = models.CharField(_("website"), max_length=200, blank=True, default="")
    domain_key = models.CharField(max_length=200, editable=False, blank=True, default="")
    phone = models.CharField(_("phone"), max_length=40, blank=True, default="")
    phone_reversed = models.CharField(max_length=40, editable=False, blank=True, default="")
    email = models.EmailField(_("e-mail"), max_length=254, blank=True, default="")
    address = models.CharField(_("address"), max_length=250, blank=True, default="")
    city = models.CharField(_("city"), max_length=100, blank=True, default="")
    country = models.CharField(_("country"), max_length=60, blank=True, default="")
    industry = models.CharField(_("industry"), max_length=80, blank=True, default="")
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    founded = models.PositiveSmallIntegerField(_("founded in"), null=True, blank=True)
    revenue_minor = models.BigIntegerField(_("yearly revenue"), null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    parent = models.ForeignKey(
        "self", verbose_name=_("part of"), null=True, blank=True, on_delete=models.PROTECT, related_name="subsidiaries"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="companies"
    )
    tags = models.ManyToManyField("crm.Tag", verbose_name=_("tags"), blank=True, related_name="companies")
    note = models.TextField(_("note"), max_length=10_000, blank=True, default="")
    custom = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()), blank=True, editable=False)
    revision = revision()
    completeness = models.DecimalField(max_digits=4, decimal_places=3, default=0, editable=False)
    validity = models.DecimalField(max_digits=4, decimal_places=3, default=0, editable=False)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        constraints = [external_key("company_external_key")]
        indexes = [
            search_index("company_search"),
            models.Index(fields=["name_key", "id"], name="company_by_name"),
            models.Index(fields=["name_key"], name="company_by_start", opclasses=["varchar_pattern_ops"]),
            models.Index(fields=["owner", "name_key", "id"], name="company_by_owner"),
            models.Index(fields=["-changed_at", "-id"], name="company_by_change"),
            models.Index(fields=["created_by", "recorded_at"], name="company_by_creator"),
            models.Index(fields=["tax_key"], name="company_by_tax", condition=~models.Q(tax_key="")),
            models.Index(fields=["domain_key"], name="company_by_domain", condition=~models.Q(domain_key="")),
            models.Index(
                fields=["phone_reversed"],
                name="company_by_phone",
                opclasses=["varchar_pattern_ops"],
                condition=~models.Q(phone_reversed=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name


CompanyTimeline = timeline_of(Company, leave_out=UNTRACKED)
