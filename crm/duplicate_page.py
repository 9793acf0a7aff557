"""The pairs of clients that may be the same, the likeliest first: two statements, however many there are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from accounts.policy import Use, fields, holds
from crm.merging import reasons
from crm.merging.relations import MODELS
from crm.models import Company, ContactEmail, ContactPhone, DuplicatePair

SHOWN = 50
VIEWS = {"company": Permission.COMPANY_VIEW, "contact": Permission.CONTACT_VIEW}


@dataclass(frozen=True)
class Side:
    """One of the two, as far as it takes to tell them apart."""

    name: str
    url: str
    owner: str
    facts: list[str]
    added: Any


@dataclass(frozen=True)
class Row:
    pair: DuplicatePair
    first: Side
    second: Side
    why: list[Any]

    @property
    def url(self) -> str:
        """Where the two stand side by side."""
        return reverse("crm:merge", args=[self.pair.noun, self.pair.first, self.pair.second])

    @property
    def tone(self) -> str:
        return "good" if self.pair.score >= 80 else "watch" if self.pair.score >= 60 else "none"


@dataclass(frozen=True)
class Duplicates:
    """What one person is asked about one noun, perhaps for one reason only."""

    user: Any
    noun: str
    reason: str

    @cached_property
    def _asked(self) -> QuerySet[DuplicatePair]:
        rows = DuplicatePair.objects.visible_to(self.user).to_decide().filter(noun=self.noun)
        return rows.filter(reasons__contains=[self.reason]) if self.reason else rows

    @cached_property
    def _found(self) -> list[DuplicatePair]:
        return list(self._asked.order_by("-score", "id")[: SHOWN + 1])

    @property
    def is_more(self) -> bool:
        """There are more than are shown: they come up as these are decided."""
        return len(self._found) > SHOWN

    @cached_property
    def rows(self) -> list[Row]:
        return shown(self.noun, self._found[:SHOWN], self.user)

    @property
    def nouns(self) -> list[dict[str, Any]]:
        named = {"company": (_("Companies"), "building"), "contact": (_("Contacts"), "address-book")}
        return [
            {"label": label, "icon": icon, "href": f"?noun={noun}", "current": noun == self.noun}
            for noun, (label, icon) in named.items()
            if holds(self.user, VIEWS[noun])
        ]

    @property
    def reasons(self) -> list[dict[str, Any]]:
        listed = [{"label": _("Any reason"), "href": f"?noun={self.noun}", "current": not self.reason}]
        return listed + [
            {
                "label": str(reasons.words(one)).capitalize(),
                "href": f"?{urlencode({'noun': self.noun, 'reason': one})}",
                "current": one == self.reason,
            }
            for one in reasons.of_noun(self.noun)
        ]

    @property
    def here(self) -> str:
        """The address of this list, to come back to."""
        asked = {"noun": self.noun} | ({"reason": self.reason} if self.reason else {})
        return f"{reverse('crm:duplicate-list')}?{urlencode(asked)}"


def asked(user: Any, noun: str, reason: str) -> Duplicates:
    """What the address asks for; companies when it says nothing that there is."""
    noun = noun if noun in MODELS else "company"
    return Duplicates(user, noun, reason if reason in reasons.of_noun(noun) else "")


def shown(noun: str, pairs: list[DuplicatePair], user: Any) -> list[Row]:
    """The pairs with both of their clients: one statement."""
    keys = {pk for pair in pairs for pk in (pair.first, pair.second)}
    sides = (
        {record.pk: _side(noun, record, user) for record in _records(noun, user).filter(pk__in=keys)} if keys else {}
    )
    return [
        Row(pair, sides[pair.first], sides[pair.second], [reasons.words(one) for one in pair.reasons])
        for pair in pairs
        if pair.first in sides and pair.second in sides
    ]


def _records(noun: str, user: Any) -> QuerySet[Any]:
    rows = MODELS[noun].objects.visible_to(user).select_related("owner")
    if noun == "company":
        return rows
    phones = ContactPhone.objects.filter(contact=OuterRef("pk")).order_by("position", "pk").values("number")
    emails = ContactEmail.objects.filter(contact=OuterRef("pk")).order_by("position", "pk").values("address")
    works = Company.objects.visible_to(user).filter(pk=OuterRef("company")).values("name")[:1]
    return rows.annotate(
        listed_phones=ArraySubquery(phones[:2]), listed_emails=ArraySubquery(emails[:2]), works_for=Subquery(works)
    )


def _side(noun: str, record: Any, user: Any) -> Side:
    readable = fields(user, MODELS[noun], Use.READ)
    if noun == "company":
        told = {
            "city": record.city,
            "tax_number": record.tax_number,
            "domain": record.domain,
            "phone": record.phone,
            "email": record.email,
        }
        facts = [value for name, value in told.items() if name in readable]
    else:
        facts = [record.title, record.works_for, record.city]
        facts += record.listed_phones if "phones" in readable else []
        facts += record.listed_emails if "emails" in readable else []
    return Side(
        name=record.name,
        url=reverse(f"crm:{noun}", args=[record.pk]),
        owner=record.owner.full_name,
        facts=[fact for fact in facts if fact],
        added=record.recorded_at,
    )
