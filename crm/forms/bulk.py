"""What is asked before many records change at once: the value, the colleague, the tags, the task."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.forms import ServiceForm
from accounts.models import User
from accounts.policy import Use, fields
from crm import custom
from crm.custom.fields import PREFIX
from crm.custom.values import plain
from crm.forms.custom import form_field
from crm.forms.deals import DateInput
from crm.forms.fields import Suggested
from crm.forms.tasks import DueForm
from crm.lists.filters import is_key
from crm.models import Stage, Tag, TaskKind
from crm.services.bulk_verbs.base import MODELS
from crm.services.bulk_verbs.edits import FIELDS
from crm.services.bulk_verbs.tags import ADD, REMOVE
from crm.services.bulk_verbs.tasks import ME, OWNER

MOST_TICKED = 5000


class ManyForm(ServiceForm):
    """Which records: those ticked, or all that the list's query finds. `key` makes a second sending do nothing."""

    ids = forms.CharField(required=False, widget=forms.HiddenInput)
    query = forms.CharField(required=False, widget=forms.HiddenInput, max_length=4000)
    every = forms.BooleanField(required=False, widget=forms.HiddenInput)
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    asks: ClassVar[tuple[str, ...]] = ()
    """The fields that the verb itself asks for, in order."""

    user: User
    at: datetime

    def __init__(
        self, *args: Any, noun: str, user: User | None = None, at: datetime | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.noun = noun
        if user is not None and at is not None:  # else a form beside this one keeps them
            self.user, self.at = user, at
        self.initial.setdefault("key", uuid4())

    def clean_ids(self) -> list[int]:
        ticked = [int(one) for one in self.cleaned_data["ids"].split(",") if is_key(one)]
        return ticked[: MOST_TICKED + 1]

    @property
    def chosen(self) -> tuple[list[int], str] | None:
        """The keys and the query for `crm.lists.selection.selected`; None when nothing is chosen."""
        values = self.cleaned_data
        if values.get("every"):
            return [], values.get("query", "")
        return (values["ids"], "") if values.get("ids") else None

    def facts(self) -> dict[str, Any]:
        """What the verb is given, in plain values."""
        return {name: self.cleaned_data[name] for name in self.asks}

    def arguments(self) -> dict[str, Any]:
        return {"facts": self.facts(), "key": str(self.cleaned_data.get("key") or uuid4())}

    @property
    def asked(self) -> list[forms.BoundField]:
        return [self[name] for name in self.asks]


class EditMany(ManyForm):
    """Which field, and what it becomes."""

    asks = ("field", "value")
    field = forms.ChoiceField(label=_("Field"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = list(offered(self.noun, self.user))
        asked: Any = self.fields["field"]
        asked.choices = names
        # Another field has another kind of value: its part of the dialog is drawn again.
        asked.widget.attrs |= {
            "hx-post": reverse("crm:bulk", args=[self.noun, "edit"]), "hx-include": "closest form", "hx-target": "#bulk-fields",
            "hx-select": "#bulk-fields", "hx-swap": "outerHTML",
        }  # fmt: skip
        chosen = (self.data if self.is_bound else self.initial).get("field", "")
        known = [name for name, _label in names]
        value = self._value(chosen if chosen in known else known[0])
        value.help_text = "" if value.required else _("Leave it empty to clear the field.")
        self.fields["value"] = value

    def _value(self, name: str) -> forms.Field:
        label = _("New value")
        own = custom.key_of(name)
        if own:
            field = next(one for one in custom.fields_for(self.user, self.noun, Use.WRITE) if one.key == own)
            made = form_field(field)
            made.label = label
            return made
        if name == "stage":
            return forms.ModelChoiceField(Stage.objects.select_related("pipeline"), label=label, empty_label=None)
        if name == "expected_close":
            return forms.DateField(label=label, required=False, widget=DateInput())
        column: Any = MODELS[self.noun]._meta.get_field(name)
        return forms.CharField(label=label, required=False, max_length=column.max_length)

    def facts(self) -> dict[str, Any]:
        return {"field": self.cleaned_data["field"], "value": _plain(self.cleaned_data["value"])}


def offered(noun: str, user: User) -> list[tuple[str, Any]]:
    """The fields that this person may change for many at once, with their labels."""
    model = MODELS[noun]
    writable = fields(user, model, Use.WRITE)
    own = [(f"{PREFIX}{one.key}", one.label) for one in custom.fields_for(user, noun, Use.WRITE)]
    return [*((name, label_of(noun, name)) for name in FIELDS[noun] if name in writable), *own]


def label_of(noun: str, name: str) -> str:
    """What people call a field."""
    own = custom.key_of(name)
    if own:
        return next((one.label for one in custom.fields_of(noun) if one.key == own), own)
    field: Any = MODELS[noun]._meta.get_field(name)
    return str(field.verbose_name).capitalize()


def _plain(value: Any) -> Any:
    if isinstance(value, Stage):
        return value.pk
    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, date) else value


class GiveMany(ManyForm):
    """Who takes them over."""

    asks = ("to",)
    to = forms.ModelChoiceField(
        User.objects.none(), label=_("New owner"), widget=Suggested("person"),
        error_messages={"required": _("Choose a colleague."), "invalid_choice": _("Choose a colleague from the list.")},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people: Any = self.fields["to"]
        people.queryset = User.objects.visible_to(self.user).active().by_name()

    def facts(self) -> dict[str, Any]:
        return {"to": self.cleaned_data["to"].pk}


class TagMany(ManyForm):
    """Which tags, put on or taken off."""

    asks = ("how", "tags")
    how = forms.ChoiceField(
        label=_("What to do"),
        choices=[(ADD, _("Put on")), (REMOVE, _("Take off"))],
        initial=ADD,
        widget=forms.RadioSelect,
    )
    tags = forms.ModelMultipleChoiceField(
        Tag.objects.order_by("name"), label=_("Tags"), widget=forms.SelectMultiple(attrs={"data-search": True})
    )

    def facts(self) -> dict[str, Any]:
        return {"how": self.cleaned_data["how"], "tags": sorted(tag.pk for tag in self.cleaned_data["tags"])}


class TaskMany(DueForm, ManyForm):
    """A task for each: what, when, for whom."""

    asks = ("title", "kind", "whose")
    title = forms.CharField(label=_("What"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    kind = forms.ChoiceField(label=_("How"), choices=TaskKind.choices, initial=TaskKind.CALL)
    whose = forms.ChoiceField(
        label=_("For whom"),
        choices=[(OWNER, _("The owner of each")), (ME, _("Me"))],
        initial=OWNER,
        widget=forms.RadioSelect,
    )

    def facts(self) -> dict[str, Any]:
        return {**super().facts(), "due": self.cleaned_data["due"].isoformat()}


class DeleteMany(ManyForm):
    """A question to be confirmed."""


FORMS: Mapping[str, type[ManyForm]] = {
    "edit": EditMany, "give": GiveMany, "tag": TagMany, "task": TaskMany, "delete": DeleteMany,
}  # fmt: skip
