"""What comes next: one of the usual times, or one's own. Part of every form after which a deal could be left without a task."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import formats
from accounts.forms import ServiceForm
from accounts.models import User
from crm import when
from crm.models import TaskKind
from crm.services.tasks import NextStepSpec

NONE, OWN = "none", "own"
TITLES = {
    TaskKind.CALL: gettext_lazy("Call again"),
    TaskKind.MEETING: gettext_lazy("Meet"),
    TaskKind.EMAIL: gettext_lazy("Write"),
    TaskKind.TODO: gettext_lazy("Follow up"),
}


def drawn(field: forms.Field, on: Any) -> list[dict[str, Any]]:
    """The choices of a field as components/choices.html draws them, `on` being the chosen one."""
    choices: Any = field.choices  # type: ignore[attr-defined]
    return [{"value": value, "label": label, "checked": value == on} for value, label in choices]


class LocalMoment(forms.DateTimeInput):
    """A date with a time as the browser's own picker gives it, in the reader's zone."""

    input_type = "datetime-local"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%dT%H:%M")


class NextStepForm(ServiceForm):
    """Adds `next_step` (a NextStepSpec or None) to the cleaned values, from the chip chosen.

    `chosen` is the chip that is on when the form opens; `required` takes "No next step" away.
    """

    next_when = forms.ChoiceField(
        label=gettext_lazy("Next step"), required=False,
        error_messages={
            "invalid_choice": gettext_lazy("That time has passed. Choose another one."),
            "required": gettext_lazy("Choose when the next step is."),
        },
    )  # fmt: skip
    next_own = forms.DateTimeField(
        label=gettext_lazy("Date and time"), required=False, widget=LocalMoment(), input_formats=["%Y-%m-%dT%H:%M"]
    )
    next_title = forms.CharField(label=gettext_lazy("What"), required=False, max_length=200)
    next_kind = forms.ChoiceField(label=gettext_lazy("How"), required=False, choices=TaskKind.choices)

    def __init__(
        self, *args: Any, user: User, at: datetime, chosen: str = "", required: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.at = user, at
        self.offered = when.next_steps(at, user.zone)
        named = [(name, formats.when(moment, now=at)) for name, moment in self.offered.items()]
        none = [] if required else [(NONE, _("No next step"))]
        field: Any = self.fields["next_when"]
        field.choices = [*none, *named, (OWN, _("Other…"))]
        field.required = required
        self.initial.setdefault("next_when", chosen or (named[0][0] if required else NONE))
        self.initial.setdefault("next_kind", TaskKind.CALL)

    @property
    def next_chips(self) -> list[dict[str, Any]]:
        """The choices as components/choices.html draws them."""
        on = self["next_when"].value()
        return drawn(self.fields["next_when"], on)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        chosen = values.pop("next_when", NONE)
        own, title = values.pop("next_own", None), values.pop("next_title", "").strip()
        kind = TaskKind(values.pop("next_kind", "") or TaskKind.CALL)
        due = own if chosen == OWN else self.offered.get(chosen)
        if chosen == OWN and due is None and "next_own" not in self.errors:
            self.add_error("next_own", _("Choose the date and time of the next step."))
        values["next_step"] = NextStepSpec(title=title or str(TITLES[kind]), due=due, kind=kind) if due else None
        return values
