"""What is asked about a contract: a new one, its facts, how it is renewed, when and why it ends."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from crm.forms import business
from crm.forms.business import SeenForm, WithAmount
from crm.forms.fields import major
from crm.forms.records import EditForm, OnceForm, line, note
from crm.models import Contract
from crm.services.contracts import LONGEST_NOTICE, following_end

PLAIN = ("title", "number", "starts_on", "ends_on", "remind_days", "currency", "note")


def facts(user: User, currency: str) -> dict[str, forms.Field]:
    """The fields of a contract by the names that the service uses."""
    return {
        "company": business.client(user),
        "title": line(_("What it is about"), 200, required=True),
        "starts_on": business.day(_("From")),
        "ends_on": business.day(_("Until"), required=False),
        **business.money(currency),
        "remind_days": forms.IntegerField(
            label=_("Remind so many days before its end"), min_value=0, max_value=LONGEST_NOTICE, initial=30
        ),
        "number": line(_("Number"), 60),
        "owner": business.keeper(user),
        "deal": business.deal(user),
        "note": note(),
    }


class NewContract(WithAmount, OnceForm):
    """A contract: whose, about what, from when and until when."""

    def __init__(self, *args: Any, user: User, currency: str, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= facts(user, currency)
        self.fields["title"].widget.attrs["placeholder"] = _("Maintenance of the machines")
        self.initial = {"starts_on": today, "currency": currency, **self.initial}
        if "company" in self.initial:
            self.fields["title"].widget.attrs["autofocus"] = True

    @property
    def more_chosen(self) -> bool:
        """Whether something among the lesser fields is filled in, so that they need not hide."""
        return any(self[name].value() for name in ("number", "owner", "deal", "note")) or bool(
            self["remind_days"].errors
        )

    def arguments(self) -> dict[str, Any]:
        return business.drop_empty(super().arguments(), "owner")


class EditContract(WithAmount, EditForm):
    """The facts of a contract."""

    def __init__(self, *args: Any, user: User, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, record=contract, **kwargs)
        self.fields |= facts(user, contract.currency)
        self.fields["owner"].required = True
        plain = {name: getattr(contract, name) for name in PLAIN}
        links = {name: getattr(contract, f"{name}_id") for name in ("company", "deal", "owner")}
        self.show({**plain, **links, "amount_minor": major(contract.amount_minor, contract.currency)})


class RenewContract(WithAmount, SeenForm):
    """The next one: until when, for how much, under which number. What stays the same is not sent."""

    def __init__(self, *args: Any, contract: Contract, **kwargs: Any) -> None:
        super().__init__(*args, record=contract, **kwargs)
        self.fields["ends_on"] = business.day(_("Until"))
        self.fields |= business.money(contract.currency)
        self.fields["number"] = line(_("Number"), 60)
        self.initial = {
            "ends_on": following_end(contract) if contract.ends_on else None,
            "amount_minor": major(contract.amount_minor, contract.currency),
            "currency": contract.currency,
            "number": contract.number,
            **self.initial,
        }


class EndContract(SeenForm):
    """When it ends, and why."""

    on = business.day(_("Last day"))
    reason = forms.CharField(
        label=_("Why"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": _("What made the client leave"), "data-enter": True}),
    )  # fmt: skip

    def __init__(self, *args: Any, contract: Contract, today: date, **kwargs: Any) -> None:
        super().__init__(*args, record=contract, **kwargs)
        self.initial = {"on": contract.ends_on or today, **self.initial}
