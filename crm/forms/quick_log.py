"""A call, a meeting or a note with its result and its next step, in one form from any page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.permissions import Permission
from crm import entry_times
from crm.forms.next_step import LocalMoment, NextStepForm
from crm.forms.records import OnceForm
from crm.models import ActivityKind, ActivityResult, Company, Contact, Deal, EntryForm, Task

KINDS = (ActivityKind.CALL, ActivityKind.MEETING, ActivityKind.NOTE)
RESULTS: dict[str, tuple[ActivityResult, ...]] = {
    ActivityKind.CALL: (
        ActivityResult.REACHED, ActivityResult.NO_ANSWER, ActivityResult.BUSY, ActivityResult.WRONG_NUMBER,
    ),
    ActivityKind.MEETING: (
        ActivityResult.AGREED, ActivityResult.FOLLOW_UP, ActivityResult.REFUSED, ActivityResult.NOT_HELD,
    ),
}  # fmt: skip
CLIENTS: dict[str, Any] = {"contact": Contact, "company": Company, "deal": Deal}
LOOKS = {
    ActivityResult.REACHED: ("circle-check", "good"),
    ActivityResult.NO_ANSWER: ("phone-off", "watch"),
    ActivityResult.BUSY: ("hourglass", "watch"),
    ActivityResult.WRONG_NUMBER: ("circle-x", "bad"),
    ActivityResult.AGREED: ("circle-check", "good"),
    ActivityResult.FOLLOW_UP: ("refresh", ""),
    ActivityResult.REFUSED: ("circle-x", "bad"),
    ActivityResult.NOT_HELD: ("calendar-off", "watch"),
}


@dataclass(frozen=True)
class Who:
    """Whom it was with, as one field holds it: "contact:12", "company:5", or "deal:7" where a deal has neither."""

    noun: str
    pk: int

    @classmethod
    def read(cls, text: str) -> Who | None:
        noun, _colon, key = text.partition(":")
        if noun not in CLIENTS or not (key.isascii() and key.isdigit() and len(key) < 19):
            return None
        return cls(noun, int(key))

    def find(self, user: User) -> Contact | Company | Deal | None:
        """The record, if the person may see it."""
        return CLIENTS[self.noun].objects.visible_to(user).filter(pk=self.pk).first()


def chips(kind: str, chosen: str) -> list[dict[str, Any]]:
    """The results of a kind as components/choices.html draws them, with the keys 1 to 4."""
    return [
        {
            "value": result.value, "label": result.label, "icon": LOOKS[result][0], "tone": LOOKS[result][1],
            "key": str(number), "checked": result.value == chosen,
        }
        for number, result in enumerate(RESULTS[kind], 1)
    ]  # fmt: skip


class TimedForm(NextStepForm):
    """A form whose entry time is taken: it carries the signed stamp of its opening."""

    timed_as: ClassVar[EntryForm] = EntryForm.LOG

    opened = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, user=user, at=at, **kwargs)
        if not self.is_bound:
            self.initial.setdefault("opened", entry_times.stamp(at, self.timed_as))

    def clean_opened(self) -> entry_times.Opened | None:
        return entry_times.read(self.cleaned_data["opened"])


class QuickLog(OnceForm, TimedForm):
    """Five things to see: one line that says it all, who, what and how it ended, a note, the next step. The rest is folded away.

    What stands in `line` is read into the other fields before anything is saved.
    """

    line = forms.CharField(label=gettext_lazy("All in one line"), required=False)
    who = forms.CharField(
        label=gettext_lazy("Who"), max_length=40,
        error_messages={"required": gettext_lazy("Choose whom it was with.")},
    )  # fmt: skip
    kind = forms.ChoiceField(choices=[(kind.value, kind.label) for kind in KINDS], initial=ActivityKind.CALL)
    result_call = forms.ChoiceField(
        choices=[(r.value, r.label) for r in RESULTS[ActivityKind.CALL]], required=False, initial=ActivityResult.REACHED
    )
    result_meeting = forms.ChoiceField(
        choices=[(r.value, r.label) for r in RESULTS[ActivityKind.MEETING]],
        required=False,
        initial=ActivityResult.AGREED,
    )
    note = forms.CharField(label=gettext_lazy("Note"), required=False, max_length=10_000)
    deal = forms.IntegerField(label=gettext_lazy("Deal"), required=False)
    task = forms.IntegerField(required=False, widget=forms.HiddenInput)
    ended = forms.DateTimeField(
        label=gettext_lazy("Ended"), required=False, widget=LocalMoment(), input_formats=["%Y-%m-%dT%H:%M"],
        help_text=gettext_lazy("Empty means just now."),
    )  # fmt: skip
    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), required=False, min_value=0, max_value=1440)

    def __init__(self, *args: Any, user: User, at: datetime, chosen: str = "tomorrow_10", **kwargs: Any) -> None:
        super().__init__(*args, user=user, at=at, chosen=chosen, **kwargs)

    @property
    def kinds(self) -> list[tuple[str, Any]]:
        """The kinds in order, with their words."""
        return [(kind.value, kind.label) for kind in KINDS]

    @property
    def call_chips(self) -> list[dict[str, Any]]:
        return chips(ActivityKind.CALL, self["result_call"].value())

    @property
    def meeting_chips(self) -> list[dict[str, Any]]:
        return chips(ActivityKind.MEETING, self["result_meeting"].value())

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        values.pop("line", None)
        self._result(values)
        self._deal_and_task(values)
        self._client(values)
        values["occurred_at"] = values.pop("ended", None) or self.at
        minutes = values.pop("minutes", None)
        values["seconds"] = None if minutes is None else minutes * 60
        return values

    def _result(self, values: dict[str, Any]) -> None:
        """The result of the kind chosen; a note has none and must say something."""
        kind = values.get("kind", "")
        offered = {name: values.pop(f"result_{name}", "") for name in RESULTS}
        values["result"] = offered.get(kind, "")
        if kind in RESULTS and not values["result"]:
            self.add_error(f"result_{kind}", _("Choose how it ended."))
        if kind == ActivityKind.NOTE and not values.get("note", "").strip():
            self.add_error("note", _("Write the note first."))

    def _client(self, values: dict[str, Any]) -> None:
        """The record behind `who`; its company, if it has one, is added by the service."""
        who = Who.read(values.pop("who", ""))
        found = who.find(self.user) if who else None
        if found is None and "who" not in self.errors:
            self.add_error("who", _("Choose whom it was with from the list."))
        for noun, model in CLIENTS.items():
            values[noun] = found if isinstance(found, model) else values.get(noun)

    def _deal_and_task(self, values: dict[str, Any]) -> None:
        """The deal chosen beside the client, and the task that is done with this."""
        deal, task = values.get("deal"), values.get("task")
        values["deal"] = Deal.objects.visible_to(self.user).filter(pk=deal).first() if deal else None
        if deal and values["deal"] is None:
            self.add_error("deal", _("This deal is gone. Choose another one, or none."))
        values["task"] = (
            Task.objects.visible_to(self.user, Permission.TASK_EDIT).filter(pk=task).first() if task else None
        )
