"""Which fields of its own the company has. They are asked for on every page, so they are kept for a minute."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.db.models import Model

from accounts.policy import Use, fields
from crm.models import Company, CompanySettings, Contact, CustomField, Deal, Noun

PREFIX = "custom."
MODELS: dict[str, type[Model]] = {Noun.COMPANY: Company, Noun.CONTACT: Contact, Noun.DEAL: Deal}
KEPT_UNDER = "crm.custom.fields"
CURRENCY_UNDER = "crm.custom.currency"
KEPT_FOR_S = 60  # `forget` reaches every process through Redis; without Redis each asks again after a minute


def fields_of(noun: str) -> list[CustomField]:
    """The fields in use of a noun, in their order; no statement when they were asked for a moment ago."""
    found: list[CustomField] | None = cache.get(KEPT_UNDER)
    if found is None:
        found = list(CustomField.objects.active())
        cache.set(KEPT_UNDER, found, KEPT_FOR_S)
    return [field for field in found if field.noun == noun]


def fields_for(user: Any, noun: str, use: Use = Use.READ) -> list[CustomField]:
    """Those among them that this person may read, write or export: all or none."""
    return fields_of(noun) if "custom" in fields(user, MODELS[noun], use) else []


def forget() -> None:
    """Let the next one who asks read them anew; called by whoever changed them."""
    cache.delete(KEPT_UNDER)


def home_currency() -> str:
    """The company's own currency, with which an amount begins."""
    return str(cache.get_or_set(CURRENCY_UNDER, lambda: CompanySettings.current().currency, KEPT_FOR_S))


def name_of(field: CustomField) -> str:
    """What the field is called in forms, refusals and addresses: "custom.fleet"."""
    return f"{PREFIX}{field.key}"


def key_of(name: str) -> str:
    """The key in "custom.fleet"; empty for the name of any other field."""
    return name.removeprefix(PREFIX) if name.startswith(PREFIX) else ""


def noun_of(record: Model) -> str:
    """ "company", "contact" or "deal"."""
    return next(str(noun) for noun, model in MODELS.items() if isinstance(record, model))
