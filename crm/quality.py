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


def completeness(company: Company) -> Decimal:
    """The share of what a card should have."""
    filled = (
        company.name,
        company.tax_number or company.domain,
        company.phone or company.email,
        company.address or company.city,
        company.country,
        company.industry,
    )
    return _share([bool(value) for value in filled])


def validity(company: Company, home: str) -> Decimal:
    """The share of what is filled that can be true; `home` is the installation's country, two letters."""
    country = code_of(company.country)
    verdicts = []
    if company.tax_number:
        verdicts.append(tax.is_plausible(company.tax_number, country))
    if company.domain:
        verdicts.append(bool(domain_of(company.domain)))
    if company.phone:
        verdicts.append(phones.is_valid(company.phone, country or home))
    if company.email:
        verdicts.append(_is_email(company.email))
    return _share(verdicts)


def _share(verdicts: list[bool]) -> Decimal:
    return (Decimal(sum(verdicts)) / len(verdicts)).quantize(PLACES) if verdicts else Decimal(0)


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
