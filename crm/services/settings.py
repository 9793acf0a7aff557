"""What the company decides about its CRM."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from babel.numbers import list_currencies
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from phonenumbers import SUPPORTED_REGIONS

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import Use, fields
from accounts.refusals import NotAllowed, Refused
from crm.models import CompanySettings, NextStep
from crm.services.base import allow


class UnknownChoice(Refused):
    message = _("This is not known here. Choose one from the list.")
    code = "unknown_choice"


@transaction.atomic
def change(*, by: User, at: datetime, **changes: Any) -> CompanySettings:
    """Change company_name, next_step, currency or country. Raises UnknownChoice with the field's name."""
    allow(by, Permission.SETTINGS_EDIT)
    if not changes.keys() <= fields(by, CompanySettings, Use.WRITE):
        raise NotAllowed
    offered = {"next_step": set(NextStep.values), "currency": set(list_currencies()), "country": SUPPORTED_REGIONS}
    for name, known in offered.items():
        if name in changes and changes[name] not in known:
            raise UnknownChoice(field=name)
    CompanySettings.objects.get_or_create(pk=1)
    settings = CompanySettings.objects.select_for_update().get(pk=1)
    for name, value in changes.items():
        setattr(settings, name, value)
    settings.save()
    return settings
