"""The form of an API token."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.service import ServiceForm
from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import holds

PERMISSIONS = {permission.value: permission for permission in Permission}

NOUNS = {
    "company": _("Companies"),
    "contact": _("Contacts"),
    "deal": _("Deals"),
    "task": _("Tasks"),
    "activity": _("Calls, meetings and notes"),
    "file": _("Files"),
    "reference": _("Stages, reasons, products, tags"),
    "people": _("Colleagues"),
}
"""What the API is about: a token can be made for these and nothing else."""

VERBS = {
    "view": _("see"),
    "add": _("add"),
    "edit": _("change"),
    "give": _("hand over"),
    "delete": _("delete"),
}


LOOKED_UP = frozenset({"reference", "people"})
"""What the API only reads, whatever its person may do on the pages."""


def offered(user: User) -> list[tuple[str, list[tuple[str, Any]]]]:
    """What a token of this person may be made for, by noun: his own permissions, as far as the API has them."""
    groups: list[tuple[str, list[tuple[str, Any]]]] = []
    for noun, heading in NOUNS.items():
        verbs = ["view"] if noun in LOOKED_UP else VERBS
        known = [(f"{noun}.{verb}", VERBS[verb]) for verb in verbs]
        choices = [(value, word) for value, word in known if value in PERMISSIONS and holds(user, PERMISSIONS[value])]
        if choices:
            groups.append((str(heading), choices))
    return groups


class NewToken(ServiceForm):
    """A name to know it by, and what it opens."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("The program that will use it, like “Telephony”.")
    )
    scopes = forms.MultipleChoiceField(label=_("May do"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = offered(user)
        self.fields["scopes"].choices = self.offered  # type: ignore[attr-defined]

    @property
    def groups(self) -> list[tuple[str, list[dict[str, Any]]]]:
        """The permissions by noun, as the dialog draws them: a line each."""
        chosen = set(self["scopes"].value() or [])
        return [
            (noun, [{"value": value, "word": word, "chosen": value in chosen} for value, word in choices])
            for noun, choices in self.offered
        ]
