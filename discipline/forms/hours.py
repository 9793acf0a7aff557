"""What is asked about a team's hours: its deadline and mode, one day's shift, people's days and rules, outages."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.forms import ServiceForm
from accounts.forms.fields import LongSelect
from accounts.forms.people import zones
from accounts.models import Team
from discipline.forms.leaves import DayField, TimeInput, capital
from discipline.models import Assignment, Mode, OutageSource, Scheme, TeamPolicy
from discipline.services.policies import UnknownZone

WEEKDAYS = [
    (1, _("Mon")),
    (2, _("Tue")),
    (3, _("Wed")),
    (4, _("Thu")),
    (5, _("Fri")),
    (6, _("Sat")),
    (7, _("Sun")),
]


class MomentInput(forms.DateTimeInput):
    """The browser's own calendar and clock."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class PolicyForm(ServiceForm):
    """A team's deadline, zone, mode and calendar from a day on."""

    deadline = forms.TimeField(
        label=_("Deadline"), widget=TimeInput(), help_text=_("By then the day is entered, on the clock of the zone.")
    )
    zone = forms.ChoiceField(
        label=_("Time zone"), choices=zones, widget=LongSelect, error_messages={"invalid_choice": UnknownZone.message}
    )
    mode = forms.ChoiceField(label=_("Mode"), choices=capital(Mode.choices))
    calendar = forms.ChoiceField(label=_("Calendar"), required=False)
    on = DayField(label=_("From"), help_text=_("The first day that nobody has begun to work for."))

    def __init__(self, *args: Any, calendars: list[str], policy: TeamPolicy | None, first: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["calendar"].choices = [(name, name or _("The company's own")) for name in calendars]  # type: ignore[attr-defined]
        self.initial.setdefault("on", first)
        if policy is None:
            self.initial.update(mode=Mode.TRIAL, deadline="18:00")
            self.fields["mode"].choices = [pair for pair in capital(Mode.choices)() if pair[0] != Mode.LIVE]  # type: ignore[attr-defined]
            return
        for name in ("deadline", "zone", "mode", "calendar"):
            self.initial.setdefault(name, getattr(policy, name))


class ShiftForm(ServiceForm):
    """Another deadline on one day."""

    day = DayField(label=_("Day"))
    deadline = forms.TimeField(label=_("Deadline on that day"), widget=TimeInput())
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("Everybody in the team reads it."))


class PersonHours(ServiceForm):
    """A person's rules, days and hours from a day on."""

    on = DayField(label=_("From"))
    scheme = forms.ModelChoiceField(label=_("Rules"), queryset=Scheme.objects.none(), empty_label=None)
    workdays = forms.TypedMultipleChoiceField(
        label=_("Workdays"), choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    shift_start = forms.TimeField(label=_("Shift from"), widget=TimeInput())
    shift_end = forms.TimeField(label=_("Shift until"), widget=TimeInput())
    grade = forms.CharField(label=_("Grade"), max_length=40, required=False)
    hired_on = DayField(
        label=_("First workday"), required=False,
        help_text=_("A new hire has ten workdays on trial, then targets at 50, 75 and 100 % by fortnight."),
    )  # fmt: skip

    def __init__(self, *args: Any, assignment: Assignment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scheme"].queryset = published()  # type: ignore[attr-defined]
        for name in ("scheme", "workdays", "shift_start", "shift_end", "grade", "hired_on"):
            self.initial.setdefault(name, getattr(assignment, name))


class GiveRules(ServiceForm):
    """Rules for a team, for everybody of a grade in it, or for one person."""

    EVERYBODY: ClassVar[str] = ""
    scheme = forms.ModelChoiceField(label=_("Rules"), queryset=Scheme.objects.none(), empty_label=_("Choose the rules"))
    whom = forms.ChoiceField(label=_("For whom"), required=False)
    on = DayField(label=_("From"))

    def __init__(self, *args: Any, team: Team, people: list[Assignment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.team = team
        self.people = {f"person:{one.user_id}": one.user for one in people}
        grades = sorted({one.grade for one in people if one.grade})
        self.fields["scheme"].queryset = published()  # type: ignore[attr-defined]
        self.fields["whom"].choices = [  # type: ignore[attr-defined]
            (self.EVERYBODY, _("Everybody in the team")),
            *((f"grade:{grade}", _("Grade: %(grade)s") % {"grade": grade}) for grade in grades),
            *((key, person.full_name) for key, person in self.people.items()),
        ]

    def arguments(self) -> dict[str, Any]:
        values = super().arguments()
        whom: str = values.pop("whom")
        if whom in self.people:
            return values | {"user": self.people[whom], "team": self.team}
        return values | {"team": self.team, "grade": whom.partition(":")[2]}


class OutageForm(ServiceForm):
    """A stretch in which something did not work."""

    source = forms.ChoiceField(label=_("What did not work"), choices=capital(OutageSource.choices))
    team = forms.ModelChoiceField(
        label=_("For whom"), queryset=Team.objects.none(), required=False, empty_label=_("Everybody")
    )
    from_at = forms.DateTimeField(label=_("From"), widget=MomentInput())
    until_at = forms.DateTimeField(label=_("Until"), widget=MomentInput())
    reason = forms.CharField(
        label=_("What happened"), max_length=200, help_text=_("It stands beside the rules that could not be judged.")
    )

    def __init__(self, *args: Any, teams: QuerySet[Team], whole_company: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]
        if not whole_company:
            self.fields["team"].empty_label = _("Choose a team")  # type: ignore[attr-defined]


def published() -> QuerySet[Scheme]:
    """Schemes that have rules in force or to come."""
    return Scheme.objects.filter(versions__published_at__isnull=False).distinct().order_by("name")
