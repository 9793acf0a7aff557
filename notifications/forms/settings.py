"""The form of one's alerts: a box for each kind, and the quiet hours."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from accounts.forms import ServiceForm
from accounts.models import User
from notifications import kinds
from notifications.models import AlertSetting, QuietHours
from notifications.models.settings import EVENING, MORNING

PREFIX = "email_"


def _clock() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class AlertSettings(ServiceForm):
    """Which mails somebody wants, and when not."""

    starts = forms.TimeField(label=_("Quiet from"), widget=_clock())
    ends = forms.TimeField(
        label=_("Quiet until"), widget=_clock(), help_text=_("The same time twice: no quiet hours at all.")
    )

    def __init__(self, data: Any = None, *, user: User) -> None:
        hours = QuietHours.objects.filter(user=user).first()
        initial = {"starts": hours.starts if hours else EVENING, "ends": hours.ends if hours else MORNING}
        super().__init__(data, initial=initial)
        chosen = dict(AlertSetting.objects.filter(user=user).values_list("kind", "email"))
        self.kinds = kinds.chosen_by(user)
        for kind in self.kinds:
            self.fields[f"{PREFIX}{kind.key}"] = forms.BooleanField(
                label=kind.label,  # type: ignore[arg-type]
                help_text=kind.why,  # type: ignore[arg-type]
                required=False,
                initial=chosen.get(kind.key, True),
            )

    @property
    def boxes(self) -> list[BoundField]:
        """The fields of the kinds, in their order."""
        return [self[f"{PREFIX}{kind.key}"] for kind in self.kinds]

    def arguments(self) -> dict[str, Any]:
        values = super().arguments()
        emails = {kind.key: values[f"{PREFIX}{kind.key}"] for kind in self.kinds}
        return {"emails": emails, "starts": values["starts"], "ends": values["ends"]}
