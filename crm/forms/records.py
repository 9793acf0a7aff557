"""What the forms of companies and contacts share: a token against saving twice, and changes only."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.forms import ServiceForm
from accounts.models import User
from crm.forms.fields import Suggested
from crm.models import Tag

PLAIN = {"autocomplete": "off"}


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
    """Sends only what the person changed, with the stamp of what he saw, so that a colleague's save is not written over."""

    seen_at = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_seen_at(self) -> datetime | None:
        try:
            seen = datetime.fromisoformat(self.cleaned_data["seen_at"])
        except ValueError:
            return None
        return seen if seen.tzinfo else None

    def arguments(self) -> dict[str, Any]:
        values = super().arguments()
        kept = {name: values[name] for name in ("seen_at", "overridden") if values.get(name)}
        return kept | {name: values[name] for name in self.changed_data if name in values and name not in kept}


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
