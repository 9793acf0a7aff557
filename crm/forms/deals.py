"""What is asked about a deal: a new one, its facts, where it moves, why it was lost, who gets it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.forms import ServiceForm
from accounts.models import User
from crm.forms.custom import CustomFieldsMixin
from crm.forms.fields import AmountField, currencies, major, minor, picked, several
from crm.forms.next_step import NextStepForm
from crm.forms.records import EditForm, OnceForm
from crm.models import Company, Contact, Deal, LossReason, Product, Stage, Tag
from crm.services.deals import LineSpec

PLAIN = ("title", "currency", "expected_close", "note")
TEXT = {"autocomplete": "off"}


class DateInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def facts(user: User, currency: str) -> dict[str, forms.Field]:
    """The fields of a deal that a person fills in, by the names that services and stages use; `currency` is what it has now."""
    return {
        "title": forms.CharField(label=_("Title"), max_length=200, widget=forms.TextInput(attrs=TEXT)),
        "company": picked(Company.objects.visible_to(user), "company", label=_("Company")),
        "contacts": several(Contact.objects.visible_to(user), "contact", label=_("Contacts")),
        "amount_minor": AmountField(label=_("Amount")),
        "currency": forms.ChoiceField(label=_("Currency"), choices=currencies(currency)),
        "expected_close": forms.DateField(label=_("Expected close"), required=False, widget=DateInput()),
        "lines": forms.ModelMultipleChoiceField(
            Product.objects.filter(is_active=True),
            label=_("Products"),
            required=False,
            widget=forms.SelectMultiple(attrs={"data-search": True}),
        ),
        "tags": forms.ModelMultipleChoiceField(
            Tag.objects.all(), label=_("Tags"), required=False, widget=forms.SelectMultiple(attrs={"data-search": True})
        ),
        "note": forms.CharField(
            label=_("Note"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 3})
        ),
    }


class AmountInMinorUnits(ServiceForm):
    """Turns the amount, asked in whole units, into the minor units that services take."""

    currency_of_deal = "EUR"

    def arguments(self) -> dict[str, Any]:
        values = super().arguments()
        if "amount_minor" in values:
            values["amount_minor"] = minor(values["amount_minor"], values.get("currency", self.currency_of_deal))
        return values


class NewDeal(CustomFieldsMixin, OnceForm, AmountInMinorUnits, NextStepForm):
    """Enough to begin with: the rest is asked when a stage needs it. The first step comes with it."""

    own_open = False

    field_order = ("title", "company", "contacts", "amount_minor", "currency", "stage", "next_when")

    def __init__(
        self, *args: Any, user: User, at: datetime, stages: QuerySet[Stage], currency: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, user=user, at=at, chosen="tomorrow_10", **kwargs)
        known = facts(user, currency)
        for name in ("title", "company", "contacts", "amount_minor", "currency"):
            self.fields[name] = known[name]
        self.fields["title"].widget.attrs["placeholder"] = _("Annual supply contract")
        self.fields["amount_minor"].widget.attrs["placeholder"] = _("Can be added later")
        self.fields["stage"] = StageField(stages, label=_("Stage"))
        self.initial.setdefault("stage", next(iter(stages), None))
        self.initial.setdefault("currency", currency)
        self.order_fields(self.field_order)
        self.add_own("deal", user, currency=currency)

    def arguments(self) -> dict[str, Any]:
        values = super().arguments()
        return values | {"first_task": values.pop("next_step")}


class StageField(forms.ModelChoiceField):
    """A stage; with several funnels its funnel is named too."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.pipeline.name} · {obj.name}" if self.names_funnels else obj.name

    @property
    def names_funnels(self) -> bool:
        if not hasattr(self, "_several"):
            self._several = len({stage.pipeline_id for stage in self.queryset or ()}) > 1
        return self._several


class EditDeal(CustomFieldsMixin, EditForm, AmountInMinorUnits):
    """The facts of a deal, or those among them that `only` names, which then must be filled in."""

    def __init__(self, *args: Any, user: User, deal: Deal, only: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, record=deal, **kwargs)
        self.currency_of_deal = deal.currency
        known: dict[str, Any] = facts(user, deal.currency)
        asked = [name for name in known if (name in only if only else name != "lines")]
        if "amount_minor" in asked and "currency" not in asked:
            known["amount_minor"].label = _("Amount, %(currency)s") % {"currency": deal.currency}
        for name in asked:
            self.fields[name] = known[name]
            self.fields[name].required = bool(only) or self.fields[name].required
        self.add_own("deal", user, deal.custom, only=only, currency=deal.currency)
        self.show(_values(deal, asked))

    def arguments(self) -> dict[str, Any]:
        """A changed currency takes the amount along: the same figure is another number of minor units."""
        values = super().arguments()
        if "currency" in values and "amount_minor" in self.cleaned_data:
            values["amount_minor"] = minor(self.cleaned_data["amount_minor"], values["currency"])
        if "lines" in values:
            values["lines"] = [LineSpec(product) for product in values["lines"]]
        return values


def _values(deal: Deal, names: list[str]) -> dict[str, Any]:
    plain: dict[str, Any] = {name: getattr(deal, name) for name in names if name in PLAIN}
    if "company" in names:
        plain["company"] = deal.company_id
    if "amount_minor" in names:
        plain["amount_minor"] = major(deal.amount_minor, deal.currency)
    for name in ("contacts", "tags"):
        if name in names:
            plain[name] = list(getattr(deal, name).values_list("pk", flat=True))
    return plain


class WinDeal(ServiceForm):
    """Won, from the stage where the person saw it."""

    seen = forms.ModelChoiceField(Stage.objects.all(), required=False)


class MoveDeal(WinDeal):
    """Where to: a stage of any funnel."""

    to = forms.ModelChoiceField(
        Stage.objects.all(),
        error_messages={"invalid_choice": _("This stage is gone. Reload the page and choose another.")},
    )


class TransferDeal(ServiceForm):
    """A stage of another pipeline."""

    def __init__(self, *args: Any, stages: QuerySet[Stage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grouped: dict[str, list[tuple[int, str]]] = {}
        for stage in stages:
            grouped.setdefault(stage.pipeline.name, []).append((stage.pk, stage.name))
        self.fields["to"] = forms.ModelChoiceField(
            stages, label=_("Pipeline and stage"),
            error_messages={
                "required": _("Choose where the deal goes on."),
                "invalid_choice": _("This stage is gone. Reload the page and choose another."),
            },
        )  # fmt: skip
        field: Any = self.fields["to"]
        field.choices = [("", _("Choose a stage")), *grouped.items()]
        self.empty = not grouped


class LoseDeal(ServiceForm):
    """Why it was lost, and to whom."""

    reason = forms.ModelChoiceField(
        LossReason.objects.filter(is_active=True), label=_("Reason"), empty_label=None, widget=forms.RadioSelect(attrs={"autofocus": True}),
        error_messages={"required": _("Choose why it was lost. It helps to win the next one.")},
    )  # fmt: skip
    competitor = forms.CharField(label=_("Who got it"), required=False, max_length=120)


class ReopenDeal(ServiceForm):
    """The stage in which an open deal goes on."""

    def __init__(self, *args: Any, stages: QuerySet[Stage], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"] = StageField(stages, label=_("Goes on in"), required=False)
