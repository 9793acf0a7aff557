"""What is asked about a calendar: holidays of a country to bring in, one day to add."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.forms import ServiceForm
from accounts.forms.fields import LongSelect
from discipline import public_holidays
from discipline.forms.leaves import DayField, TimeInput, capital
from discipline.models import DayKind

LONGEST_NAME = 40


class CalendarName(forms.CharField):
    """A calendar by its name; empty is the company's own."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": LONGEST_NAME, "required": False, **kwargs})


class BringIn(ServiceForm):
    """Public holidays of a country and a year."""

    country = forms.ChoiceField(label=_("Country"), widget=LongSelect)
    year = forms.TypedChoiceField(label=_("Year"), coerce=int)
    calendar = CalendarName(
        label=_("Into the calendar"), help_text=_("Teams choose a calendar by its name; empty is the company's own.")
    )

    def __init__(self, *args: Any, this_year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = (get_language() or "en").partition("-")[0]
        self.fields["country"].choices = [  # type: ignore[attr-defined]
            ("", _("Choose a country")),
            *public_holidays.countries(language),
        ]
        self.initial.setdefault("country", self.initial.get("calendar", ""))
        self.fields["year"].choices = [(year, str(year)) for year in range(this_year, this_year + 3)]  # type: ignore[attr-defined]


class AddDay(ServiceForm):
    """One day that differs from the working week."""

    day = DayField(label=_("Day"))
    kind = forms.ChoiceField(
        label=_("What it is"), choices=capital(DayKind.choices), initial=DayKind.HOLIDAY, widget=forms.RadioSelect
    )  # fmt: skip
    ends_at = forms.TimeField(label=_("Work ends at"), required=False, widget=TimeInput())
    name = forms.CharField(label=_("Name"), max_length=80, required=False)
    calendar = CalendarName(widget=forms.HiddenInput)


class OneDay(ServiceForm):
    """A day of a calendar behind a button; without a day all of them."""

    calendar = CalendarName(widget=forms.HiddenInput)
    day = DayField(required=False, widget=forms.HiddenInput)

    def arguments(self) -> dict[str, Any]:
        values = super().arguments()
        day: date | None = values.pop("day")
        return values | ({"day": day} if day else {})
