"""What the forms of contracts and complaints share: an amount in its currency, who looks after it, whose client it is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ServiceForm
from accounts.models import Role, User
from crm.forms.deals import DateInput
from crm.forms.fields import AmountField, Suggested, currencies, minor, picked
from crm.models import Company, Contact, Deal


class WithAmount(ServiceForm):
    """Turns the amount, asked in whole units, into minor units; a changed currency takes the amount along."""

    def arguments(self) -> dict[str, Any]:
        values = super().arguments()
        if {"amount_minor", "currency"} & set(values):
            values["amount_minor"] = minor(self.cleaned_data["amount_minor"], self.cleaned_data["currency"])
        return values


class SeenForm(ServiceForm):
    """A verb on a record as the person saw it: once somebody else changed it, it is refused. Sends only what was changed."""

    seen_at = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, record: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"seen_at": record.changed_at.isoformat(), **self.initial}

    def clean_seen_at(self) -> datetime | None:
        try:
            seen = datetime.fromisoformat(self.cleaned_data["seen_at"])
        except ValueError:
            return None
        return seen if seen.tzinfo else None

    def arguments(self) -> dict[str, Any]:
        values = super().arguments()
        return {name: values[name] for name in {"seen_at", *self.changed_data} if values.get(name) not in (None, "")}


def money(currency: str) -> dict[str, forms.Field]:
    return {
        "amount_minor": AmountField(label=_("Amount")),
        "currency": forms.ChoiceField(label=_("Currency"), choices=currencies(currency)),
    }


def day(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=DateInput())


def client(user: User) -> forms.ModelChoiceField:
    """The client, among those that the person sees."""
    return picked(
        Company.objects.visible_to(user), "company", label=_("Client"), required=True,
        error_messages={"required": _("Choose the client."), "invalid_choice": _("Choose a client from the list.")},
    )  # fmt: skip


def contact(user: User) -> forms.ModelChoiceField:
    return picked(Contact.objects.visible_to(user), "contact", label=_("Who said it"))


def deal(user: User) -> forms.ModelChoiceField:
    return picked(Deal.objects.visible_to(user), "deal", label=_("Deal"))


def keeper(user: User) -> forms.ModelChoiceField:
    """Who looks after it: a colleague who works with clients; nobody chosen means the client's owner."""
    people = User.objects.visible_to(user).active().filter(role__in=(Role.MANAGER, Role.HEAD)).by_name()
    return forms.ModelChoiceField(people, label=_("Who looks after it"), required=False, widget=Suggested("person"))


def drop_empty(values: dict[str, Any], *names: str) -> dict[str, Any]:
    """Without those of `names` that were left empty, so that the service decides about them."""
    return {name: value for name, value in values.items() if name not in names or value is not None}
