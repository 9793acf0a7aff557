"""Contacts: people at companies, with several phones and e-mails and dated employments."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.policy import scope
from crm.history.timelines import timeline_of
from crm.models.base import UNTRACKED, Recorded, external_key, revision
from crm.models.companies import Company
from crm.models.search import Searchable, matching, search_index


class ContactQuerySet(models.QuerySet["Contact"]):
    def live(self) -> ContactQuerySet:
        return self.filter(deleted_at__isnull=True)

    def visible_to(self, user: object, action: Permission = Permission.CONTACT_VIEW) -> ContactQuerySet:
        return self.live().filter(scope(user, action))

    def matching(self, query: str) -> ContactQuerySet:
        return self.filter(matching(query))


class Contact(Recorded, Searchable):
    """A person at a client. `company` is the present employer; `employments` hold the dated past."""

    name = models.CharField(_("name"), max_length=200)
    name_key = models.CharField(max_length=200, editable=False, default="")
    title = models.CharField(_("position"), max_length=120, blank=True, default="")
    company = models.ForeignKey(
        Company, verbose_name=_("company"), null=True, blank=True, on_delete=models.PROTECT, related_name="contacts"
    )
    city = models.CharField(_("city"), max_length=100, blank=True, default="")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), on_delete=models.PROTECT, related_name="contacts"
    )
    custom = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()), blank=True, editable=False)
    revision = revision()
    tags = models.ManyToManyField("crm.Tag", verbose_name=_("tags"), blank=True, related_name="contacts")
    note = models.TextField(_("note"), max_length=10_000, blank=True, default="")

    objects = ContactQuerySet.as_manager()

    class Meta:
        constraints = [external_key("contact_external_key")]
        indexes = [
            search_index("contact_search"),
            models.Index(fields=["name_key", "id"], name="contact_by_name"),
            models.Index(fields=["owner", "name_key", "id"], name="contact_by_owner"),
            models.Index(fields=["-changed_at", "-id"], name="contact_by_change"),
        ]

    def __str__(self) -> str:
        return self.name


ContactTimeline = timeline_of(Contact, leave_out=UNTRACKED)


class ContactPhone(models.Model):
    """One phone of a contact; `reversed` are its digits from the last to the first, for search by the end."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="phones")
    number = models.CharField(_("phone"), max_length=40)
    reversed = models.CharField(max_length=40, editable=False)
    label = models.CharField(_("label"), max_length=30, blank=True, default="")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["contact", "reversed"], name="contact_phone_once")]
        indexes = [models.Index(fields=["reversed"], name="contact_phone_by_end", opclasses=["varchar_pattern_ops"])]

    def __str__(self) -> str:
        return self.number


class ContactEmail(models.Model):
    """One e-mail address of a contact, kept in lower case."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="emails")
    address = models.EmailField(_("e-mail"), max_length=254)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["contact", "address"], name="contact_email_once")]
        indexes = [models.Index(fields=["address"], name="contact_email_by_address")]

    def __str__(self) -> str:
        return self.address


class Employment(models.Model):
    """A contact working for a company from `starts_on` (unknown: empty) up to, not including, `ends_on`."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="employments")
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="employments")
    title = models.CharField(_("position"), max_length=120, blank=True, default="")
    starts_on = models.DateField(_("since"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        ordering = [models.F("starts_on").desc(nulls_last=True), "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__isnull=True)
                | models.Q(starts_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="employment_has_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id} at {self.company_id}"
