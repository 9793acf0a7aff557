"""How good a company's card is, and what would make it better; the same points as scoring gives.

35 completeness + 25 validity + 15 uniqueness + 15 freshness + 10 next step, each part from 0 to 1. Freshness is 1 up to 90 days
after the last contact, falls evenly to 0 at 365 and is 0 without any.

Source: the scoring model's card quality; `crm.quality` has the two parts that are stored with the company.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm import quality
from crm.models import CompanySettings

COMPLETENESS, VALIDITY, UNIQUENESS, FRESHNESS, NEXT_STEP = 35, 25, 15, 15, 10
FRESH_DAYS, STALE_DAYS = 90, 365
GOOD, FAIR = 80, 60
ADD = {
    ("tax_number", "domain"): gettext_lazy("Add the tax number or the website"),
    ("phone", "email"): gettext_lazy("Add a phone or an e-mail"),
    ("address", "city"): gettext_lazy("Add the address or the city"),
    ("country",): gettext_lazy("Add the country"),
    ("industry",): gettext_lazy("Add the industry"),
    ("name",): gettext_lazy("Add the name"),
}
MEND = {
    "tax_number": gettext_lazy("Check the tax number: it cannot be right"),
    "domain": gettext_lazy("Check the website: it cannot be right"),
    "phone": gettext_lazy("Check the phone: it cannot be right"),
    "email": gettext_lazy("Check the e-mail: it cannot be right"),
}


@dataclass(frozen=True)
class Lack:
    """One thing that would bring points. `mend` says how: "fact" (`name` is its name), "log", "task" or "merge"."""

    words: str
    points: Decimal
    mend: str
    name: str = ""


@dataclass(frozen=True)
class CardQuality:
    """`value` from 0 to 100, and what is missing, what brings most first."""

    value: Decimal
    lacks: list[Lack]

    @property
    def tone(self) -> str:
        return "good" if self.value >= GOOD else "watch" if self.value >= FAIR else "bad"

    @property
    def word(self) -> str:
        """The value in a word, so that the colour does not say it alone."""
        return {"good": _("Good"), "watch": _("Fair"), "bad": _("Thin")}[self.tone]


def of(company: Any, *, last_contact: datetime | None, at: datetime) -> CardQuality:
    """The quality of a company as `client_rows.records` read it; `last_contact` is when somebody last talked with them."""
    fresh = freshness(last_contact, at)
    value = (
        COMPLETENESS * company.completeness
        + VALIDITY * company.validity
        + UNIQUENESS * (0 if company.is_twin else 1)
        + FRESHNESS * fresh
        + NEXT_STEP * (1 if company.has_next_step else 0)
    )
    lacks = [*_facts(company), *_rest(company, fresh, last_contact, at)]
    return CardQuality(value, sorted(lacks, key=lambda lack: -lack.points))


def freshness(last_contact: datetime | None, at: datetime) -> Decimal:
    """From 1 (within 90 days) to 0 (a year ago, or never)."""
    if last_contact is None:
        return Decimal(0)
    days = Decimal((at - last_contact) / timedelta(days=1))
    return max(Decimal(0), min(Decimal(1), (STALE_DAYS - days) / (STALE_DAYS - FRESH_DAYS)))


def _facts(company: Any) -> Iterable[Lack]:
    """Facts that are not there, and facts that cannot be true."""
    each = Decimal(COMPLETENESS) / len(quality.SHOULD_HAVE)
    verdicts = quality.verdicts(company, company.home_country or CompanySettings().country)
    for names in quality.lacking(company):
        checked = names[0] in MEND and not verdicts
        yield Lack(str(ADD[names]), each + (VALIDITY if checked else 0), "fact", names[0])
    for name, holds in verdicts.items():
        if not holds:
            yield Lack(str(MEND[name]), Decimal(VALIDITY) / len(verdicts), "fact", name)


def _rest(company: Any, fresh: Decimal, last_contact: datetime | None, at: datetime) -> Iterable[Lack]:
    if company.is_twin:
        yield Lack(_("It may be there twice: merge the two"), Decimal(UNIQUENESS), "merge")
    if fresh < 1:
        days = (at - last_contact).days if last_contact else 0
        told = ngettext("The last talk was %(n)s day ago: call", "The last talk was %(n)s days ago: call", days)
        words = told % {"n": days} if last_contact else _("Nobody has talked with them yet: call")
        yield Lack(words, FRESHNESS * (1 - fresh), "log")
    if not company.has_next_step:
        yield Lack(_("Set a next step"), Decimal(NEXT_STEP), "task")
