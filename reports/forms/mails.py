"""What is asked when a report is to come by mail: which, when, to whom, and with which files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.forms import ServiceForm
from accounts.models import Role, User
from reports.mails.readers import screens_for
from reports.models import Report, ReportMail, Rhythm
from reports.models.mails import EIGHT

SCREEN, REPORT = "screen:", "report:"


class MailForm(ServiceForm):
    """A report by mail; `what` is a screen or a report in one list. The style sheet hides the weekday or the day of the month where the
    rhythm has no use for it."""

    places: ClassVar[Mapping[str, str]] = {"report": "what", "screen": "what"}
    what = forms.ChoiceField(label=_("What"), widget=forms.Select(attrs={"data-search": True}))
    rhythm = forms.ChoiceField(label=_("How often"), choices=Rhythm.choices, initial=Rhythm.WEEKLY)
    weekday = forms.TypedChoiceField(
        label=_("On"),
        coerce=int,
        choices=[(n + 1, name) for n, name in WEEKDAYS.items()],
        initial=1,
    )
    day = forms.IntegerField(
        label=_("On which day of the month"), min_value=1, max_value=31, initial=1,
        help_text=_("In a shorter month its last day."),
    )  # fmt: skip
    hour = forms.TimeField(
        label=_("At"),
        initial=EIGHT,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("On the clock of whoever gets it. In their quiet hours it waits for the morning, on a day off for the next working day."),
    )  # fmt: skip
    roles = forms.MultipleChoiceField(
        label=_("To everybody who is"), choices=Role.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    people = forms.ModelMultipleChoiceField(
        label=_("To these people"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.SelectMultiple(attrs={"data-search": True}),
        help_text=_("Everybody gets in it only what they may see anyway. Who may not open the report gets nothing."),
    )
    with_excel = forms.BooleanField(label=_("With the Excel file"), required=False, initial=True)
    with_pdf = forms.BooleanField(label=_("With a PDF"), required=False)
    skip_empty = forms.BooleanField(label=_("Not when there is nothing in it"), required=False)

    def __init__(self, data: Any = None, *, user: User, mail: ReportMail | None = None, report: str = "") -> None:
        super().__init__(data, initial=_shown(mail) if mail else {"what": f"{REPORT}{report}", "people": [user.pk]})
        self._reports = {str(one.pk): one for one in Report.objects.visible_to(user)}
        screens = [(f"{SCREEN}{one.value}", capfirst(str(one.label))) for one in screens_for(user)]
        saved = [(f"{REPORT}{pk}", one.name) for pk, one in self._reports.items()]
        groups = [(_("Screens"), screens), (_("Reports"), saved)]
        self.fields["what"].choices = [("", "")] + [one for one in groups if one[1]]  # type: ignore[attr-defined]
        self.fields["people"].queryset = User.objects.visible_to(user).active().by_name()  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        values = super().arguments()
        what: str = values.pop("what")
        is_screen = what.startswith(SCREEN)
        values["screen"] = what.removeprefix(SCREEN) if is_screen else ""
        values["report"] = None if is_screen else self._reports[what.removeprefix(REPORT)]
        return values


def _shown(mail: ReportMail) -> dict[str, Any]:
    named = list(mail.recipients.all())
    return {
        "what": f"{REPORT}{mail.report_id}" if mail.report_id else f"{SCREEN}{mail.screen}",
        "rhythm": mail.rhythm,
        "weekday": mail.weekday,
        "day": mail.day,
        "hour": mail.at,
        "roles": [one.role for one in named if one.role],
        "people": [one.person_id for one in named if one.person_id],
        "with_excel": mail.with_excel,
        "with_pdf": mail.with_pdf,
        "skip_empty": mail.skip_empty,
    }
