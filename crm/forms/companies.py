"""What is asked about a company."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.policy import Use, fields
from crm.forms.custom import CustomFieldsMixin
from crm.forms.fields import AmountField, currencies, major, minor, picked
from crm.forms.records import EditForm, OnceForm, line, note, tags
from crm.models import Company

FIRST = ("name", "domain", "phone", "tax_number", "city", "country", "industry", "email")
ALL = (
    "name", "industry", "domain", "phone", "email", "tax_number", "address", "city", "country", "employees", "founded",
    "revenue_minor", "currency", "parent", "tags", "note",
)  # fmt: skip
TELLING = ("name", "domain", "phone", "tax_number")
"""Fields by which a company is known again: while they are typed, those alike are told."""


def facts(user: User, names: tuple[str, ...]) -> dict[str, forms.Field]:
    """The fields among `names` that the person may write."""
    known: dict[str, forms.Field] = {
        "name": line(_("Name"), 200, required=True),
        "industry": line(_("Industry"), 80),
        "domain": line(_("Website"), 200, inputmode="url", placeholder="example.com"),
        "phone": line(_("Phone"), 40, inputmode="tel"),
        "email": forms.EmailField(label=_("E-mail"), required=False, max_length=254),
        "tax_number": line(_("Tax number"), 30),
        "address": line(_("Address"), 250),
        "city": line(_("City"), 100),
        "country": line(_("Country"), 60),
        "employees": forms.IntegerField(label=_("Employees"), required=False, min_value=0),
        "founded": forms.IntegerField(label=_("Founded in"), required=False, min_value=1000, max_value=2100),
        "revenue_minor": AmountField(label=_("Yearly revenue")),
        "currency": forms.ChoiceField(label=_("Currency"), choices=currencies()),
        "parent": picked(Company.objects.visible_to(user), "company", label=_("Part of")),
        "tags": tags(),
        "note": note(),
    }
    writable = fields(user, Company, Use.WRITE)
    return {name: known[name] for name in names if name in writable}


class NewCompany(CustomFieldsMixin, OnceForm):
    """Enough to begin with."""

    own_open = False

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(facts(user, FIRST))
        self.add_own("company", user)
        ask_while_typing(self, TELLING, reverse_lazy("crm:company-alike"))


class EditCompany(CustomFieldsMixin, EditForm):
    """All facts of a company."""

    def __init__(self, *args: Any, user: User, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, record=company, **kwargs)
        self.currency = company.currency
        asked: dict[str, Any] = facts(user, ALL)
        if "currency" in asked:
            asked["currency"].choices = currencies(company.currency)
        self.fields.update(asked)
        self.add_own("company", user, company.custom, currency=company.currency)
        self.show(_values(company, asked))

    def arguments(self) -> dict[str, Any]:
        values = super().arguments()
        if {"revenue_minor", "currency"} & set(values) and "revenue_minor" in self.cleaned_data:
            currency = self.cleaned_data.get("currency", self.currency)
            values["revenue_minor"] = minor(self.cleaned_data["revenue_minor"], currency)
        return values


def _values(company: Company, names: dict[str, forms.Field]) -> dict[str, Any]:
    special: dict[str, Any] = {
        "parent": company.parent_id,
        "revenue_minor": major(company.revenue_minor, company.currency),
        "tags": list(company.tags.values_list("pk", flat=True)) if "tags" in names else [],
    }
    return {name: special[name] if name in special else getattr(company, name) for name in names}


def ask_while_typing(form: forms.Form, names: tuple[str, ...], url: Any) -> None:
    """Let these fields ask, as they are filled in, which records are alike; the answer appears in #alike."""
    for name in names:
        if name in form.fields:
            form.fields[name].widget.attrs |= {
                "hx-get": url,
                "hx-trigger": "input changed delay:350ms",
                "hx-include": "closest form",
                "hx-target": "#alike",
                "hx-swap": "outerHTML",
                "hx-sync": "closest form:abort",
            }
