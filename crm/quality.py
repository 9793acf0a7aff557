"""The two parts of a card's quality that the card itself decides; both go from 0 to 1 and are stored with the company.

completeness = filled / 6 of: name; tax number or site; phone or e-mail; address or city; country; industry.
validity = valid / filled of: tax number (check digits where the country's rule is known), site, phone (numbering plan of the
card's country, else of the installation's), e-mail; 0 when none of them is filled.

Source: the scoring model's card quality, 35 completeness + 25 validity (uniqueness, freshness and next step come from elsewhere).
"""

from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from crm import phones, tax
from crm.countries import code_of
from crm.folding import domain_of
from crm.models import Company

PLACES = Decimal("0.001")
SHOULD_HAVE = (
    ("name",),
    ("tax_number", "domain"),
    ("phone", "email"),
    ("address", "city"),
    ("country",),
    ("industry",),
)


def completeness(company: Company) -> Decimal:
    """The share of what a card should have."""
    return _share([_has(company, names) for names in SHOULD_HAVE])


def lacking(company: Company) -> list[tuple[str, ...]]:
    """What a card should have and has not: any fact of each group would do."""
    return [names for names in SHOULD_HAVE if not _has(company, names)]


def _has(company: Company, names: tuple[str, ...]) -> bool:
    return any(getattr(company, name) for name in names)


def validity(company: Company, home: str) -> Decimal:
    """The share of what is filled that can be true; `home` is the installation's country, two letters."""
    return _share(list(verdicts(company, home).values()))


def verdicts(company: Company, home: str) -> dict[str, bool]:
    """Whether each of the facts that can be checked, as far as they are filled, can be true."""
    country = code_of(company.country)
    told = {}
    if company.tax_number:
        told["tax_number"] = tax.is_plausible(company.tax_number, country)
    if company.domain:
        told["domain"] = bool(domain_of(company.domain))
    if company.phone:
        told["phone"] = phones.is_valid(company.phone, country or home)
    if company.email:
        told["email"] = _is_email(company.email)
    return told


def _share(verdicts: list[bool]) -> Decimal:
    return (Decimal(sum(verdicts)) / len(verdicts)).quantize(PLACES) if verdicts else Decimal(0)


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
