"""Reports about companies and contacts."""

from __future__ import annotations

from functools import partial

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from crm.lists import Asker
from crm.lists.companies import COMPANIES as COMPANY_PAGE
from crm.lists.contacts import CONTACTS as CONTACT_PAGE
from crm.models import Activity, Company, Contact, ContactEmail, ContactPhone, Deal
from crm.models import Source as CameFrom
from reports.builder import dimensions, figures
from reports.builder.parts import Date, Shown, Source

ADDED = Date(key="recorded", label=_("Added"), column="recorded_at", field="recorded_at")


def _has_deal(asker: Asker) -> Q:
    return Q(Exists(Deal.objects.visible_to(asker.user).open().filter(company=OuterRef("pk"))))


def _touched(asker: Asker, column: str) -> Q:
    return Q(Exists(Activity.objects.visible_to(asker.user).filter(**{column: OuterRef("pk")})))


def _listed(model: type[ContactPhone] | type[ContactEmail], asker: Asker) -> Q:
    return Q(Exists(model._default_manager.filter(contact=OuterRef("pk"))))


COMPANIES = Source(
    key="companies",
    label=_("Companies"),
    model=Company,
    icon="building",
    rows=lambda user: Company.objects.visible_to(user),
    dates=[ADDED],
    dimensions=[
        dimensions.person("owner", _("Owner"), "owner"),
        dimensions.team_of("owner"),
        dimensions.words("city", _("City"), "city"),
        dimensions.words("country", _("Country"), "country"),
        dimensions.words("industry", _("Industry"), "industry"),
        dimensions.tags(Company, "company"),
        dimensions.choice("source", _("Source"), "source", CameFrom.choices),
        dimensions.person("created_by", _("Added by"), "created_by"),
        dimensions.record("company", _("Company"), "id", Company, field="name", icon="building"),
    ],
    figures=[
        figures.count(_("Companies")),
        *figures.money("revenue", "revenue_minor", total=_("Yearly revenue, in all"), average=_("Yearly revenue, on average")),
        figures.total("employees_sum", _("Employees"), lambda asker: F("employees"), field="employees"),
        figures.average("employees_average", _("Employees on average"), lambda asker: F("employees"), field="employees"),
        figures.rate("deal_rate", _("With an open deal"), _has_deal, field="status", of=Deal),
        figures.rate("touched_rate", _("With an activity"), partial(_touched, column="company"), field="occurred_at", of=Activity),
        figures.rate("phone_rate", _("With a phone"), lambda asker: ~Q(phone=""), field="phone"),
        figures.rate("email_rate", _("With an e-mail address"), lambda asker: ~Q(email=""), field="email"),
        figures.rate("tax_rate", _("With a tax number"), lambda asker: ~Q(tax_number=""), field="tax_number"),
    ],
    filters=COMPANY_PAGE.filters_for,
    shown=Shown(
        heading=_("Company"), title="name", whom="city", person="owner__full_name", leads=[("crm:company", lambda asker: F("pk"))]
    ),
    extra_dimensions=partial(dimensions.own, "company"),
    extra_figures=partial(figures.own, "company"),
)  # fmt: skip

CONTACTS = Source(
    key="contacts",
    label=_("Contacts"),
    model=Contact,
    icon="address-book",
    rows=lambda user: Contact.objects.visible_to(user),
    dates=[ADDED],
    dimensions=[
        dimensions.person("owner", _("Owner"), "owner"),
        dimensions.team_of("owner"),
        *dimensions.client(),
        dimensions.words("title", _("Position"), "title"),
        dimensions.words("city", _("City"), "city"),
        dimensions.tags(Contact, "contact"),
        dimensions.choice("source", _("Source"), "source", CameFrom.choices),
        dimensions.person("created_by", _("Added by"), "created_by"),
    ],
    figures=[
        figures.count(_("Contacts")),
        figures.rate("phone_rate", _("With a phone"), partial(_listed, ContactPhone), field="phones"),
        figures.rate("email_rate", _("With an e-mail address"), partial(_listed, ContactEmail), field="emails"),
        figures.rate("touched_rate", _("With an activity"), partial(_touched, column="contact"), field="occurred_at", of=Activity),
    ],
    filters=CONTACT_PAGE.filters_for,
    shown=Shown(
        heading=_("Contact"), title="name", whom="company__name", person="owner__full_name", leads=[("crm:contact", lambda asker: F("pk"))]
    ),
    extra_dimensions=partial(dimensions.own, "contact"),
    extra_figures=partial(figures.own, "contact"),
)  # fmt: skip
