"""What is asked about a complaint or a return: what is wrong and with whom, by when it is answered, how it ended."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from crm.forms import business
from crm.forms.business import SeenForm, WithAmount
from crm.forms.fields import major
from crm.forms.next_step import drawn
from crm.forms.records import EditForm, OnceForm, line, note
from crm.models import Complaint, ComplaintKind, ComplaintStatus, Product
from crm.when import day_or_moment, end_of_day, local_day, next_workday

PLAIN = ("kind", "subject", "note", "currency")
LINKS = ("company", "contact", "deal", "product", "owner")
HOW = [(ComplaintStatus.SETTLED, _("Settled")), (ComplaintStatus.REFUSED, _("Refused"))]


def facts(user: User, currency: str) -> dict[str, forms.Field]:
    """The fields of a complaint by the names that the service uses."""
    return {
        "kind": forms.ChoiceField(label=_("What it is"), choices=ComplaintKind.choices, initial=ComplaintKind.COMPLAINT),
        "company": business.client(user),
        "subject": line(_("What is wrong"), 200, required=True),
        "contact": business.contact(user),
        "due_at": business.day(_("Answer by the end of")),
        "note": note(),
        **business.money(currency),
        "product": forms.ModelChoiceField(
            Product.objects.filter(is_active=True), label=_("Product"), required=False,
            widget=forms.Select(attrs={"data-search": True}),
        ),
        "owner": business.keeper(user),
        "deal": business.deal(user),
    }  # fmt: skip


class KindChips:
    """The kinds as chips."""

    fields: dict[str, Any]

    @property
    def kind_chips(self) -> list[dict[str, Any]]:
        bound: Any = self
        return [
            {**chip, "label": capfirst(chip["label"])} for chip in drawn(self.fields["kind"], bound["kind"].value())
        ]


class NewComplaint(KindChips, WithAmount, OnceForm):
    """A complaint or a return, with the day by which the client has an answer."""

    def __init__(self, *args: Any, user: User, currency: str, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= facts(user, currency)
        self.fields["subject"].widget.attrs["placeholder"] = _("Two of the pumps leak")
        self.initial = {
            "due_at": next_workday(local_day(at, user.zone)),
            "currency": currency,
            **self.initial,
        }
        if "company" in self.initial:
            self.fields["subject"].widget.attrs["autofocus"] = True

    @property
    def more_chosen(self) -> bool:
        """Whether something among the lesser fields is filled in, so that they need not hide."""
        return any(self[name].value() for name in ("amount_minor", "product", "owner", "deal"))

    def arguments(self) -> dict[str, Any]:
        return business.drop_empty(super().arguments(), "owner")


class EditComplaint(KindChips, WithAmount, EditForm):
    """The facts of a complaint."""

    more_chosen = True

    def __init__(self, *args: Any, user: User, complaint: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, record=complaint, **kwargs)
        self.fields |= facts(user, complaint.currency)
        self.fields["owner"].required = True
        plain = {name: getattr(complaint, name) for name in PLAIN}
        links = {name: getattr(complaint, f"{name}_id") for name in LINKS}
        amount = major(complaint.amount_minor, complaint.currency)
        self.show({**plain, **links, "due_at": _day(complaint), "amount_minor": amount})

    def arguments(self) -> dict[str, Any]:
        """A day is meant until it ends where its owner is."""
        values = super().arguments()
        if values.get("due_at"):
            values["due_at"] = end_of_day(values["due_at"], self.cleaned_data["owner"].zone)
        return values


class AnswerComplaint(SeenForm):
    """How it ended, and in what words."""

    how = forms.ChoiceField(
        label=_("How it ended"), choices=HOW, initial=ComplaintStatus.SETTLED,
        error_messages={"required": _("Say whether it is settled or refused.")},
    )  # fmt: skip
    answer = forms.CharField(
        label=_("What the client was told or given"), max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True, "data-enter": True}),
        error_messages={"required": _("Say how it ended: what the client was told or given.")},
    )  # fmt: skip

    def __init__(self, *args: Any, complaint: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, record=complaint, **kwargs)

    @property
    def how_chips(self) -> list[dict[str, Any]]:
        chips = drawn(self.fields["how"], self["how"].value())
        icons = {ComplaintStatus.SETTLED: ("circle-check", "good"), ComplaintStatus.REFUSED: ("circle-x", "bad")}
        return [{**chip, "icon": icons[chip["value"]][0], "tone": icons[chip["value"]][1]} for chip in chips]

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "how": self.cleaned_data["how"], "answer": self.cleaned_data["answer"]}


def _day(complaint: Complaint) -> date:
    due = day_or_moment(complaint.due_at, complaint.owner.zone)
    return local_day(due, complaint.owner.zone) if isinstance(due, datetime) else due
