"""How alike two clients are: points for what agrees, fewer for what differs, and the reasons in words.

The points are logarithms: what two different clients seldom share weighs much, what many share little. Nothing said is no evidence.
The weights were set by looking at labelled records and are held by the bench.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from migrations_data.matching.traits import Traits

ALIKE, NEAR = 88, 74
ASKED = 50
"""From this score on it is worth a question."""
WIDTH = 11.0
"""So many points make the odds about three times better."""
LEAST_POINTS = 20

WORDS: dict[str, Any] = {
    "tax_number": _("the same tax number"),
    "id": _("the same number of a paper"),
    "id_alike": _("a number of a paper that differs by a slip"),
    "birth": _("the same birth date"),
    "birth_alike": _("a birth date that differs by a slip"),
    "name": _("the same name"),
    "name_alike": _("a similar name"),
    "phone": _("the same phone"),
    "email": _("the same e-mail"),
    "domain": _("the same site"),
    "address": _("the same address"),
    "address_alike": _("a similar address"),
    "company": _("the same company"),
    "postcode": _("the same postcode"),
    "city": _("the same city"),
}
"""What a reason is called, the weightiest first."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """A score from 0 to 99, and why: codes of `WORDS`, the weightiest first."""

    score: int
    reasons: tuple[str, ...]


NONE = Likeness(0, ())
Shared = Callable[[str], bool]


def likeness(noun: str, one: Traits, other: Traits, shared: Shared = lambda key: False) -> Likeness:
    """How alike two are. `shared` tells phones ("p...") and mailboxes ("m...") of several names, which are no reason, and names that
    many bear ("n...")."""
    if one.form and other.form and one.form != other.form:
        return NONE
    reasons: list[str] = []
    points = _name(noun, one.name, other.name, reasons, shared)
    for part in (_numbers, _ways, _places):
        points += part(one, other, reasons, shared)
    if points < LEAST_POINTS:
        return NONE
    score = min(99, round(100 / (1 + math.exp((LEAST_POINTS - points) / WIDTH))))
    return Likeness(score, tuple(code for code in WORDS if code in reasons))


def _name(noun: str, one: str, other: str, reasons: list[str], shared: Shared) -> float:
    if not one or not other:
        return -6
    if one == other:
        reasons.append("name")
        common = shared("n" + "".join(sorted(one.split()))) or (noun == "contact" and " " not in one)
        return 12 if common else 26
    if "".join(re.findall(r"\d", one)) != "".join(re.findall(r"\d", other)):
        return -45
    found = max(fuzz.token_sort_ratio(one, other), fuzz.ratio(one.replace(" ", ""), other.replace(" ", "")))
    if found >= ALIKE:
        reasons.append("name_alike")
        return 20
    if noun == "contact" and _part_of(one, other):
        reasons.append("name_alike")
        return 8
    return 4 if found >= NEAR else -14 if noun == "contact" else -40


def _part_of(one: str, other: str) -> bool:
    """Whether a name has one part that the other has too: a given name or a surname is missing or mistyped."""
    mine, theirs = one.split(), other.split()
    return any(OSA.distance(a, b, score_cutoff=1) <= 1 for a in mine for b in theirs if len(a) > 2 and len(b) > 2)


def _numbers(one: Traits, other: Traits, reasons: list[str], shared: Shared) -> float:
    """Tax numbers, numbers of papers, birth dates."""
    points = 0.0
    if one.tax and other.tax:
        points += _same("tax_number", one.tax == other.tax, 40, -50, reasons)
    if one.ids and other.ids:
        near = any(OSA.distance(a, b, score_cutoff=2) <= 2 for a in one.ids for b in other.ids)
        same = bool(one.ids & other.ids)
        points += _same("id" if same else "id_alike", same or near, 40 if same else 16, -16, reasons)
    if one.birth and other.birth:
        same = one.birth == other.birth
        near = OSA.distance(one.birth, other.birth, score_cutoff=2) <= 2
        points += _same("birth" if same else "birth_alike", same or near, 30 if same else 12, -16, reasons)
    return points


def _ways(one: Traits, other: Traits, reasons: list[str], shared: Shared) -> float:
    """Phones, mailboxes, sites, the company of a person."""
    points = 0.0
    if one.phones and other.phones:
        common = any(not shared(f"p{number}") for number in one.phones & other.phones)
        points += _same("phone", common, 24, -4, reasons)
    if one.mails and other.mails:
        common = any(not shared(f"m{mail}") for mail in one.mails & other.mails)
        points += _same("email", common, 28, -4, reasons)
    if one.domain and other.domain:
        points += _same("domain", one.domain == other.domain, 24, -8, reasons)
    if one.at and other.at:
        points += _same("company", fuzz.token_sort_ratio(one.at, other.at) >= ALIKE, 14, -6, reasons)
    return points


def _places(one: Traits, other: Traits, reasons: list[str], shared: Shared) -> float:
    points = 0.0
    if one.address and other.address:
        found = fuzz.token_sort_ratio(one.address, other.address)
        same = found >= ALIKE and one.house == other.house
        near = found >= NEAR
        points += _same("address" if same else "address_alike", near, 24 if same else 14, -6, reasons)
    if one.postcode and other.postcode:
        points += _same("postcode", one.postcode == other.postcode, 8, -4, reasons)
    if one.city and other.city:
        points += _same("city", fuzz.ratio(one.city, other.city) >= ALIKE, 6, -6, reasons)
    return points


def _same(code: str, same: bool, more: float, less: float, reasons: list[str]) -> float:
    if same:
        reasons.append(code)
    return more if same else less
