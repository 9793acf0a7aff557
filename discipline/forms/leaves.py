"""What is asked about leave: whole days or hours of one, on the clock of the person."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, time
from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.forms import ServiceForm
from accounts.forms.fields import LongSelect
from accounts.models import User
from crm import when
from crm.forms.deals import DateInput
from discipline.models import LeaveKind

WHOLE, HOURS = "days", "hours"
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 12, 31)


class DayField(forms.DateField):
    """A day that people mean: a slip of the keys in the year is told, not saved."""

    def __init__(self, **kwargs: Any) -> None:
        limits = [
            MinValueValidator(EARLIEST, _("Choose a day after 1999.")),
            MaxValueValidator(LATEST, _("Choose a day before 2101.")),
        ]
        super().__init__(**{"widget": DateInput(), "validators": limits, **kwargs})


class TimeInput(forms.TimeInput):
    """The browser's own clock."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def capital(choices: Iterable[tuple[Any, Any]]) -> Callable[[], list[tuple[Any, str]]]:
    """Choices as a form shows them: the models keep their words small, for the middle of a sentence."""
    return lambda: [(value, capfirst(str(label))) for value, label in choices]


class LeaveForm(ServiceForm):
    """An absence of `person`: from a day to a day, both included, or hours on one day."""

    kind = forms.ChoiceField(label=_("Kind"), choices=capital(LeaveKind.choices), initial=LeaveKind.VACATION)
    span = forms.ChoiceField(
        label=_("How long"), choices=[(WHOLE, _("Whole days")), (HOURS, _("Hours of one day"))], initial=WHOLE,
        widget=forms.RadioSelect,
    )  # fmt: skip
    first = DayField(label=_("From"), required=False)
    last = DayField(label=_("To, included"), required=False)
    day = DayField(label=_("Day"), required=False)
    starts = forms.TimeField(label=_("From"), required=False, widget=TimeInput())
    ends = forms.TimeField(label=_("Until"), required=False, widget=TimeInput())
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    needed: ClassVar[dict[str, tuple[str, ...]]] = {WHOLE: ("first",), HOURS: ("day", "starts", "ends")}

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def place_of(self, field: str) -> str | None:
        whole = self.cleaned_data.get("span") == WHOLE
        names = {"from_at": "first" if whole else "starts", "until_at": "last" if whole else "ends"}
        return names.get(field) or super().place_of(field)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for name in self.needed.get(values.get("span", ""), ()):
            if values.get(name) is None and name not in self.errors:
                self.add_error(name, _("Fill this in: it says when the leave is."))
        return values

    def arguments(self) -> dict[str, Any]:
        values = super().arguments()
        span, zone = values.pop("span"), self.person.zone
        first, last, day = (values.pop(name) for name in ("first", "last", "day"))
        starts, ends = (values.pop(name) for name in ("starts", "ends"))
        if span == HOURS:
            return values | {"from_at": when.wall(day, starts, zone), "until_at": when.wall(day, ends, zone)}
        return values | {"from_at": when.wall(first, time(0), zone), "until_at": when.end_of_day(last or first, zone)}


class RecordLeave(LeaveForm):
    """An absence of one of `people`, entered by who leads them."""

    user = forms.ModelChoiceField(
        label=_("Who"), queryset=User.objects.none(), widget=LongSelect, empty_label=_("Choose a person")
    )
    field_order = ("user", "kind", "span", "first", "last", "day", "starts", "ends", "note")

    def __init__(self, *args: Any, people: QuerySet[User], person: User, **kwargs: Any) -> None:
        super().__init__(*args, person=person, **kwargs)
        self.fields["user"].queryset = people  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        self.person = self.cleaned_data["user"]
        return super().arguments()


class DecideLeave(ServiceForm):
    """Yes or no, and why."""

    approve = forms.TypedChoiceField(
        choices=[("yes", _("Approve")), ("no", _("Refuse"))], coerce=lambda value: value == "yes", widget=forms.HiddenInput
    )  # fmt: skip
    answer = forms.CharField(
        label=_("Answer"), max_length=300, required=False, help_text=_("Needed when you refuse; the person reads it.")
    )
