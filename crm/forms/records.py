"""What the forms of records share: a token against saving twice, changes only, and two people at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.forms import ServiceForm
from accounts.models import User
from crm import attached, stale
from crm.forms.fields import Suggested
from crm.models import Tag

PLAIN = {"autocomplete": "off"}
TAKE = "take-"
"""Begins the names under which the answers come: take-title is "mine", "theirs" or "both"."""
STAMPS = ("seen_at", "seen", "met_at", "overridden")
Result = TypeVar("Result")


def line(label: Any, limit: int, *, required: bool = False, **attrs: Any) -> forms.CharField:
    """One line of text."""
    return forms.CharField(
        label=label, max_length=limit, required=required, widget=forms.TextInput(attrs=PLAIN | attrs)
    )


def note(**attrs: Any) -> forms.CharField:
    """Several lines."""
    return forms.CharField(
        label=_("Note"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 3, **attrs})
    )


def tags() -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(
        Tag.objects.all(), label=_("Tags"), required=False, widget=forms.SelectMultiple(attrs={"data-search": True})
    )


class OnceForm(ServiceForm):
    """A form that makes one record however often it is sent: its `key` becomes the record's key in this source."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", uuid4())

    def arguments(self) -> dict[str, Any]:
        values = super().arguments()
        key: UUID | None = values.pop("key", None)
        return values | {"external_id": f"form-{key}" if key else ""}


class EditForm(ServiceForm):
    """Sends only what the person changed, with the stamp of what he saw, so that a colleague's save is not written over.

    When both changed the same fields, `refusal` is Conflicting: the page asks which values are kept, and the answers come back with
    everything else that was typed.
    """

    seen_at = forms.CharField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    met_at = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, record: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.record = record

    def show(self, values: Mapping[str, Any], *, lists: Collection[str] = ()) -> None:
        """What the fields hold as the form opens; `lists` are more names of `crm.attached` that it shows in a way of its own."""
        seen = {} if self.is_bound else attached.read_all(self.record, [*self.fields, *lists])
        stamps = {"seen_at": self.record.changed_at.isoformat(), "seen": json.dumps(seen)}
        self.initial = {**values, **stamps, **self.initial}

    def clean_seen_at(self) -> datetime | None:
        return _moment(self.cleaned_data["seen_at"])

    def clean_met_at(self) -> datetime | None:
        return _moment(self.cleaned_data["met_at"])

    def clean_seen(self) -> dict[str, Any]:
        try:
            seen = json.loads(self.cleaned_data["seen"] or "{}")
        except (ValueError, RecursionError):
            return {}
        return seen if isinstance(seen, dict) else {}

    def submit(self, service: Callable[..., Result], **fixed: Any) -> Result | None:
        """Like that of any form, but what a colleague saved in the meantime stays."""
        noun = next(name for name, value in fixed.items() if value is self.record)
        others = {name: value for name, value in fixed.items() if name != noun}

        def save(**changes: Any) -> Result:
            seen_at, seen = self.cleaned_data["seen_at"], self.cleaned_data["seen"]
            return stale.save(
                service, noun=noun, record=self.record, seen_at=seen_at, changes=changes, seen=seen, answers=self.answers,
                **others,
            )  # fmt: skip

        return super().submit(save)

    @property
    def answers(self) -> stale.Answers | None:
        """What the person chose where both had changed the same, if he was asked."""
        met_at = self.cleaned_data["met_at"]
        taken = {name.removeprefix(TAKE): self.data[name] for name in self.data if name.startswith(TAKE)}
        return stale.Answers(met_at, taken) if met_at else None

    @property
    def clash(self) -> Clash | None:
        """What has to be asked before the form can be saved; None as long as nobody came in between."""
        return Clash(self, self.refusal) if isinstance(self.refusal, stale.Conflicting) else None

    def arguments(self) -> dict[str, Any]:
        values = super().arguments()
        kept = {"overridden": True} if values.get("overridden") else {}
        return kept | {name: values[name] for name in self.changed_data if name in values and name not in STAMPS}


class Clash:
    """The question which of two values is kept, for components/stale.html."""

    def __init__(self, form: EditForm, refusal: stale.Conflicting) -> None:
        self.form, self.conflicts, self.met_at = form, refusal.conflicts, refusal.met_at.isoformat()

    @property
    def asked_again(self) -> bool:
        """Whether it was asked before: something was left open, or a third person came in between."""
        return bool(self.form.cleaned_data["met_at"])

    @property
    def typed(self) -> list[tuple[str, str]]:
        """Everything that was sent, to be sent again with the answers."""
        data: Any = self.form.data
        left_out = ("met_at", "csrfmiddlewaretoken")
        names = [name for name in data if name not in left_out and not name.startswith(TAKE)]
        return [(name, value) for name in names for value in data.getlist(name)]


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


class GiveForm(ServiceForm):
    """Who takes it over."""

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"] = forms.ModelChoiceField(
            people,
            label=_("New owner"),
            widget=Suggested("person"),
            error_messages={
                "required": _("Choose a colleague."),
                "invalid_choice": _("Choose a colleague from the list."),
            },
        )


class NothingToAsk(ServiceForm):
    """A question to be confirmed."""
