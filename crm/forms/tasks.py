"""What is asked about a task: what and when, what came out of it, another date, another person."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import formats
from accounts.forms import ServiceForm
from accounts.models import User
from crm import when
from crm.forms.deals import DateInput
from crm.forms.fields import picked
from crm.forms.next_step import OWN, NextStepForm, drawn
from crm.forms.quick_log import RESULTS, QuickLog
from crm.forms.records import EditForm, GiveForm, OnceForm
from crm.models import Company, Contact, Deal, EntryForm, Task, TaskKind
from crm.services.logs import JUST_DONE
from crm.services.tasks import FREE_PUSHES

RESULT = 200
TEXT = {"autocomplete": "off"}


class DueForm(ServiceForm):
    """Adds `due` to the cleaned values: one of the usual times, or a day with or without a time."""

    due_when = forms.ChoiceField(
        label=gettext_lazy("When"),
        error_messages={
            "required": gettext_lazy("Choose when it is due."),
            "invalid_choice": gettext_lazy("That time has passed. Choose another one."),
        },
    )
    due_date = forms.DateField(label=gettext_lazy("Day"), required=False, widget=DateInput())
    due_time = forms.TimeField(
        label=gettext_lazy("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def __init__(self, *args: Any, user: User, at: datetime, chosen: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.at = user, at
        self.offered = when.next_steps(at, user.zone)
        named = [(name, formats.when(moment, now=at)) for name, moment in self.offered.items()]
        field: Any = self.fields["due_when"]
        field.choices = [*named, (OWN, _("Other…"))]
        self.initial.setdefault("due_when", chosen or next(iter(self.offered)))

    @property
    def due_chips(self) -> list[dict[str, Any]]:
        """The choices as components/choices.html draws them."""
        on = self["due_when"].value()
        return drawn(self.fields["due_when"], on)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        chosen = values.pop("due_when", "")
        day, time = values.pop("due_date", None), values.pop("due_time", None)
        if chosen != OWN:
            values["due"] = self.offered.get(chosen)
        elif day is not None:
            values["due"] = when.wall(day, time, self.user.zone) if time else day
        elif "due_date" not in self.errors:
            self.add_error("due_date", _("Choose the day."))
        return values


class NewTask(OnceForm, DueForm):
    """A task: what, when, and what it is about."""

    title = forms.CharField(label=gettext_lazy("What"), max_length=200, widget=forms.TextInput(attrs=TEXT))
    kind = forms.ChoiceField(label=gettext_lazy("How"), choices=TaskKind.choices, initial=TaskKind.TODO)
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        user = self.user
        self.fields["deal"] = picked(Deal.objects.visible_to(user), "deal", label=_("Deal"))
        self.fields["contact"] = picked(Contact.objects.visible_to(user), "contact", label=_("Contact"))
        self.fields["company"] = picked(Company.objects.visible_to(user), "company", label=_("Company"))
        self.fields["owner"] = forms.ModelChoiceField(people, label=_("Who"), required=False, empty_label=None)
        self.initial.setdefault("owner", user.pk)

    @property
    def about_chosen(self) -> bool:
        """Whether it is about something already, so that the fields for it need not hide."""
        return any(self[name].value() for name in ("deal", "contact", "company"))


class EditTask(EditForm):
    """The words and the kind of a task; its date is moved, its owner given, each by its own form."""

    title = forms.CharField(label=gettext_lazy("What"), max_length=200, widget=forms.TextInput(attrs=TEXT))
    kind = forms.ChoiceField(label=gettext_lazy("How"), choices=TaskKind.choices)
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, record=task, **kwargs)
        self.show({name: getattr(task, name) for name in ("title", "kind", "note")})


class FinishTask(QuickLog):
    """The quick log of a task: what came out of it, and what comes next. Whom it was with is known.

    A task about a client is finished as the call, meeting or note that it was, or just as done.
    """

    timed_as = EntryForm.TASK
    places = {"result": "note"}
    line = who = deal = task = None  # type: ignore[assignment]

    def __init__(self, *args: Any, task: Task, may_log: bool, **kwargs: Any) -> None:
        super().__init__(*args, chosen="", **kwargs)
        about = any((task.contact_id, task.company_id, task.deal_id)) and may_log
        self.offered_kinds = [(JUST_DONE, _("Just done")), *(super().kinds if about else [])]
        field: Any = self.fields["kind"]
        field.choices, field.required = self.offered_kinds, False
        self.initial["kind"] = task.kind if about and task.kind in RESULTS else JUST_DONE
        self.initial["next_kind"] = task.kind

    @property
    def kinds(self) -> list[tuple[str, Any]]:
        return self.offered_kinds

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        values["kind"] = values.get("kind") or JUST_DONE
        if values["kind"] != JUST_DONE:
            return values
        said = values.get("note", "").strip()
        if len(said) > RESULT:
            self.add_error("note", self._too_long())
        return {name: values.get(name) for name in ("kind", "note", "next_step", "overridden", "opened")}

    def arguments(self) -> dict[str, Any]:
        values = super().arguments()
        if values["kind"] == JUST_DONE:
            values.pop("external_id")
        return values

    def _too_long(self) -> str:
        if len(self.offered_kinds) > 1:
            return _(
                "A finished task keeps %(n)s characters. Choose Note above: then all of it stays with the client."
            ) % {"n": RESULT}
        return _("A finished task keeps %(n)s characters. Say it shorter.") % {"n": RESULT}

    def _client(self, values: dict[str, Any]) -> None:
        """Known by the task."""

    def _deal_and_task(self, values: dict[str, Any]) -> None:
        """Known by the task."""


class DropTask(NextStepForm):
    """Why it is not needed any more, and what comes instead."""

    result = forms.CharField(
        label=gettext_lazy("Why it is not needed"), required=False, max_length=200, widget=forms.TextInput(attrs=TEXT)
    )


class GiveTask(GiveForm):
    """Who takes it over; a head also says whether through nobody's fault."""

    def __init__(self, *args: Any, blameless: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if blameless:
            self.fields["clean"] = forms.BooleanField(
                label=_("Through nobody's fault"), required=False,
                help_text=_("If it is overdue, it counts against nobody today. From tomorrow on the new owner answers for it."),
            )  # fmt: skip


class MoveTask(DueForm):
    """Another date. From the third time on the reason is asked."""

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if task.pushes >= FREE_PUSHES:
            self.fields["reason"] = forms.CharField(
                label=_("Why it moves again"), required=False, max_length=200, widget=forms.TextInput(attrs=TEXT),
                help_text=_("It was moved %(n)s times already.") % {"n": task.pushes},
            )  # fmt: skip
        self.initial.setdefault("due_date", _day(task, self.user))


def _day(task: Task, user: User) -> date:
    return when.local_day(task.due_at, user.zone)
