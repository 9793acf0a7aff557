"""Forms about people: the coordinator's, and everybody's own."""

from __future__ import annotations

from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import LongSelect
from accounts.forms.service import ServiceForm
from accounts.models import Role, Team, User


@cache
def zones() -> list[tuple[str, str]]:
    """The zones people live in: "Europe/Warsaw", not "Etc/GMT+3" or the old one-word names."""
    return [
        (zone, zone.replace("_", " "))
        for zone in sorted(available_timezones())
        if "/" in zone and not zone.startswith(("Etc/", "SystemV/", "US/", "posix", "right"))
    ]


class PersonForm(ServiceForm):
    """Who somebody is."""

    full_name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, help_text=_("For signing in, and for the evening card.")
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    zone = forms.ChoiceField(label=_("Time zone"), choices=zones, widget=LongSelect, initial="Europe/Warsaw")

    @classmethod
    def of(cls, person: User, data: Any = None) -> PersonForm:
        """The form as it stands for `person`; fields that this form lacks are left out."""
        names = [name for name in cls.base_fields if hasattr(person, name)]
        return cls(data, initial={name: getattr(person, name) for name in names})


class NewPerson(PersonForm):
    """A colleague who starts."""

    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.none(), required=False, empty_label=_("No team")
    )
    invited = forms.BooleanField(
        label=_("Send an invitation"),
        required=False,
        initial=True,
        help_text=_("A mail with a link to choose a password."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.visible_to(user).in_order()  # type: ignore[attr-defined]


class PlacePerson(ServiceForm):
    """A team from a day on."""

    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none(), empty_label=_("Choose a team"))
    on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = Team.objects.visible_to(user).in_order()  # type: ignore[attr-defined]


class Nothing(ServiceForm):
    """A button: there is nothing to fill in, but the service may still refuse or warn."""


class Profile(ServiceForm):
    """What everybody decides for himself."""

    full_name = PersonForm.base_fields["full_name"]
    language = PersonForm.base_fields["language"]
    zone = PersonForm.base_fields["zone"]


class OwnerProfile(Profile):
    """An owner changes his address himself; the password shows that it is he."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    password = forms.CharField(
        label=_("Password"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("Only to change the e-mail."),
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        password = values.pop("password", "")
        if values.get("email", "").lower() != self.person.email and not self.person.check_password(password):
            self.add_error("password", _("This is not your password. Without it the e-mail stays as it is."))
        return values
