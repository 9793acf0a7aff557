"""Clients by what a file calls them: the one rule of what "can be found in the CRM" means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any

from django.db.models import Q

from crm import names, tax
from crm.folding import digits, fold
from crm.merging import survivors_of
from crm.models import Company, CompanySettings, Contact, Source
from migrations_data.models import Import

MODELS: dict[str, Any] = {"company": Company, "contact": Contact}
DIGITS_OF_A_TAX_NUMBER = 7


@lru_cache(maxsize=200_000)
def folded(noun: str, text: str) -> str:
    """A name as clients are compared by."""
    return names.key(text) if noun == "company" else fold(text)


def by_text(of: Import, noun: str, texts: Collection[str]) -> dict[str, list[int]]:
    """Text -> live clients that are called so, or that have it as their key in the old system or as their tax number."""
    if not texts:
        return {}
    prefix = f"{of.origin}:" if of.origin else ""
    home = CompanySettings.current().country
    keys = {f"{prefix}{text}": text for text in texts}
    taxes = _taxes(texts, home) if noun == "company" else {}
    meant = Q(name_key__in={folded(noun, text) for text in texts}) | Q(source=Source.IMPORT, external_id__in=keys)
    if taxes:
        meant |= Q(tax_key__in=taxes)
    columns = ["pk", "name_key", "source", "external_id", *(["tax_key"] if noun == "company" else [])]
    named, others = defaultdict(list), defaultdict(list)
    for pk, name, source, key, *tax_key in (
        MODELS[noun].objects.live().filter(meant).order_by("pk").values_list(*columns)
    ):
        named[name].append(pk)
        if source == Source.IMPORT and key in keys:
            others[keys[key]].append(pk)
        for text in taxes.get(tax_key[0] if tax_key else "", ()):
            others[text].append(pk)
    found = {text: [*others.get(text, ()), *named.get(folded(noun, text), ())] for text in texts}
    return {text: pks for text, pks in found.items() if pks}


def _taxes(texts: Iterable[str], home: str) -> dict[str, list[str]]:
    found = defaultdict(list)
    for text in texts:
        if len(digits(text)) >= DIGITS_OF_A_TAX_NUMBER:
            found[tax.key(text, home)].append(text)
    return found


def living(noun: str, pks: Collection[int]) -> dict[int, int]:
    """Client -> the client that he is now: himself, or the one that he became part of. Deleted ones are left out."""
    here = set(MODELS[noun].objects.live().filter(pk__in=pks).values_list("pk", flat=True)) if pks else set()
    merged = survivors_of(noun, set(pks) - here)
    after = (
        set(MODELS[noun].objects.live().filter(pk__in=set(merged.values())).values_list("pk", flat=True))
        if merged
        else set()
    )
    return {pk: pk for pk in here} | {pk: now for pk, now in merged.items() if now in after}
