"""What is asked about something that happened: to log it on a client's card, and to put it right later."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import ServiceForm
from crm.forms.quick_log import RESULTS, QuickLog
from crm.forms.records import note
from crm.models import Activity, ActivityResult, Contact, Direction, EntryForm

SUBJECTS = ("contact", "company", "deal")


class LogActivity(QuickLog):
    """The composer of a card: whom it is about is known. `about` is the title of the deal that is chosen beforehand."""

    about = ""
    timed_as = EntryForm.COMPOSER

    who = forms.CharField(max_length=40, widget=forms.HiddenInput)
    direction = forms.ChoiceField(
        label=gettext_lazy("Direction"), choices=Direction.choices, required=False, initial=Direction.OUT
    )
    spoke_with = forms.IntegerField(label=gettext_lazy("With"), required=False)

    @property
    def kinds(self) -> list[tuple[str, str]]:
        """The kinds as the tabs of the composer."""
        return list(self.fields["kind"].choices)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        values["direction"] = values.get("direction") or Direction.OUT
        pk = values.pop("spoke_with", None)
        if pk:
            values["contact"] = Contact.objects.visible_to(self.user).filter(pk=pk).first()
            if values["contact"] is None:
                self.add_error("spoke_with", _("This contact is gone. Choose another one, or none."))
        return values


class EditActivity(ServiceForm):
    """The words and the result. Who, when and what kind are part of the record and stay."""

    result = forms.ChoiceField(label=gettext_lazy("Result"), required=False)
    note = note(autofocus=True)
    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), required=False, min_value=0, max_value=1440)

    def __init__(self, *args: Any, activity: Activity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = RESULTS.get(activity.kind, ())
        if not offered:
            del self.fields["result"], self.fields["minutes"]
        else:
            results = dict.fromkeys([*offered, *([ActivityResult(activity.result)] if activity.result else [])])
            field: Any = self.fields["result"]
            field.choices = [(one.value, one.label) for one in results]
        about = next(f"{noun}:{pk}" for noun in SUBJECTS if (pk := getattr(activity, f"{noun}_id")) or noun == "deal")
        self.fields["note"].widget.attrs |= {"data-mentions": reverse_lazy("crm:suggest-mention"), "data-of": about}
        self.initial = {
            "result": activity.result,
            "note": activity.note,
            "minutes": round(activity.seconds / 60) if activity.seconds else None,
            **self.initial,
        }

    def arguments(self) -> dict[str, Any]:
        """Minutes become seconds only when they were changed, so that the exact length of a recorded call stays."""
        values = super().arguments()
        minutes = values.pop("minutes", None)
        if "minutes" in self.changed_data:
            values["seconds"] = None if minutes is None else minutes * 60
        return values
