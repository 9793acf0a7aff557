"""Links that the import makes by itself: by the source's own key, and by a valid tax number whose name does not contradict.

Everything else is a question, once answered for good. What a table without keys calls by name is known again as what a table of the
same source made by that name, unless something contradicts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from rapidfuzz import fuzz

from crm import names, tax
from crm.countries import code_of
from crm.folding import fold
from crm.models import Company, Contact, Source
from migrations_data.loading import discretion
from migrations_data.loading.context import Context
from migrations_data.loading.references import name_key
from migrations_data.loading.rows import Problem, Row
from migrations_data.matching import traits
from migrations_data.matching.memory import remembered

TWO_TAX_NUMBERS, KEY_OF_ANOTHER = "two_tax_numbers", "key_of_another"
NOT_THE_SAME = 55
"""Names with fewer points than these have nothing in common."""


def find_companies(context: Context, rows: Sequence[Row]) -> Mapping[int, Company]:
    """The companies that rows stand for, locked, by row. A row whose key has two tax numbers gets a problem instead."""
    locked = Company._base_manager.select_for_update().order_by("pk")
    named = {row.pk: name_key(context, row.values["name"]) for row in rows}
    keys = {row.key for row in rows} | set(named.values())
    by_key = {one.external_id: one for one in locked.filter(source=Source.IMPORT, external_id__in=keys)}
    found = {row.pk: by_key[row.key] for row in rows if row.own_key and row.key in by_key}
    _check_tax(context, rows, found)
    _check_keys(context, rows, found)
    found |= _remembered(
        context, locked, "company", [row for row in rows if row.pk not in found and row.problem is None]
    )
    found |= _by_name(context, rows, named, by_key, found)
    rest = [row for row in rows if row.pk not in found and row.problem is None]
    return found | _by_tax(context, rest, {one.pk for one in found.values()})


def _check_tax(context: Context, rows: Sequence[Row], found: dict[int, Company]) -> None:
    """One key, one tax number: in Daybook, and among the rows so far."""
    so_far: dict[str, str] = context.known.setdefault("tax numbers", {})
    for row in rows:
        number = valid_tax(context, row) if row.own_key else ""
        if not number:
            continue
        one = found.get(row.pk)
        if so_far.setdefault(row.key, number) != number or (one is not None and _contradicts(context, number, one)):
            row.problem = Problem(TWO_TAX_NUMBERS, context.reader.column_of("tax_number"), row.values["tax_number"])
            found.pop(row.pk, None)


def _check_keys(context: Context, rows: Sequence[Row], found: dict[int, Any]) -> None:
    """A key links, but not with somebody who shares nothing with the row: two old systems number their clients from 1."""
    others: list[tuple[Row, Any]] = []
    for row in rows:
        one = found.get(row.pk)
        if one is not None and row.own_key and row.values["name"] != one.name and _is_another(row, one):
            others.append((row, found.pop(row.pk)))
    noun = "company" if others and isinstance(others[0][1], Company) else "contact"
    hidden = discretion.unseen(context, noun, {one.pk for _row, one in others})
    for row, one in others:
        said = discretion.UNTOLD if one.pk in hidden else one.name
        row.problem = Problem(KEY_OF_ANOTHER, context.reader.column_of("key"), said)


def _is_another(row: Row, one: Any) -> bool:
    """Whether row and record have another name, and not one of the other things that both say is the same."""
    if fuzz.token_sort_ratio(names.core(row.values["name"]), names.core(one.name)) >= NOT_THE_SAME:
        return False
    company = isinstance(one, Company)
    mails = [one.email] if company else [mail.address for mail in one.emails.all()]
    pairs: list[tuple[set[str], set[str]]] = [
        ({fold(row.values.get("city", ""))}, {fold(one.city)}),
        (set(row.values.get("email", ())), {mail.lower() for mail in mails}),
    ]
    if company:
        pairs += [
            ({fold(row.values.get("address", ""))}, {fold(one.address)}),
            (set(traits.phones(row.values.get("phone", ()))), set(traits.phones([one.phone]))),
            ({tax.key(row.values.get("tax_number", ""))}, {one.tax_key}),
        ]
    both = [(mine - {""}, theirs - {""}) for mine, theirs in pairs]
    both = [(mine, theirs) for mine, theirs in both if mine and theirs]
    return bool(both) and not any(mine & theirs for mine, theirs in both)


def _remembered(context: Context, locked: QuerySet[Any], record_type: str, rows: Sequence[Row]) -> dict[int, Any]:
    """Rows that somebody linked in an earlier import."""
    said = remembered(context, record_type, rows)
    records = {one.pk: one for one in locked.filter(pk__in=set(said.values()))} if said else {}
    return {row: records[pk] for row, pk in said.items() if pk in records}


def _by_name(
    context: Context,
    rows: Sequence[Row],
    named: Mapping[int, str],
    by_key: Mapping[str, Company],
    found: Mapping[int, Company],
) -> dict[int, Company]:
    """Rows and what the same source called by their name before: a company that is nothing but that name, or, for a row without a
    key, one that says nothing else. With two rows of that name nobody knows which one is meant."""
    times = Counter(named.values())
    seen = context.seen.get("companies", {})
    linked = {}
    for row in rows:
        one = by_key.get(named[row.pk])
        if row.pk in found or row.problem or one is None or times[named[row.pk]] > 1 or named[row.pk] in seen:
            continue
        if is_placeholder(one) or (not row.own_key and not _differs(context, row, one)):
            linked[row.pk] = one
    return linked


def is_placeholder(one: Company) -> bool:
    """Whether a company is nothing but a name, because deals or people of an earlier table named it."""
    return not any((one.tax_key, one.domain, one.phone, one.email, one.address, one.city))


def _differs(context: Context, row: Row, one: Company) -> bool:
    """Whether a row is of another place or another tax number than a company of its name."""
    city, number = fold(row.values.get("city", "")), valid_tax(context, row)
    return bool(city and one.city and city != fold(one.city)) or bool(number and _contradicts(context, number, one))


def _by_tax(context: Context, rows: Sequence[Row], taken: set[int]) -> dict[int, Company]:
    """Rows with a number that can be one, and the only company that has it under a name that is alike."""
    asked = {row.pk: number for row in rows if (number := valid_tax(context, row))}
    if not asked:
        return {}
    locked = Company._base_manager.select_for_update()
    by_tax = defaultdict(list)
    for one in locked.filter(tax_key__in=set(asked.values()), deleted_at__isnull=True).order_by("pk"):
        by_tax[one.tax_key].append(one)
    linked = {}
    for row in rows:
        same = by_tax[asked[row.pk]] if row.pk in asked else []
        if len(same) == 1 and same[0].pk not in taken and is_name_of(row.values["name"], same[0].name):
            taken.add(same[0].pk)
            linked[row.pk] = same[0]
    return linked


def valid_tax(context: Context, row: Row) -> str:
    """The row's tax number as it is compared, if its check digits are right; empty where no rule tells."""
    said = row.values.get("tax_number", "")
    country = code_of(row.values.get("country", "")) or context.home.country
    if not said or country not in tax.CHECKS or not tax.is_plausible(said, country):
        return ""
    return tax.key(said, country)


def is_name_of(one: str, other: str) -> bool:
    """Whether two names may be those of one company: alike, and not of different legal forms."""
    return not names.other_form(one, other) and names.are_alike(names.core(one), names.core(other))


def _contradicts(context: Context, number: str, one: Company) -> bool:
    """Whether a company has another tax number, and that can be one too."""
    country = code_of(one.country) or context.home.country
    return bool(one.tax_key) and number != one.tax_key and tax.is_plausible(one.tax_number, country)


def find_contacts(context: Context, rows: Sequence[Row]) -> Mapping[int, Contact]:
    """The contacts that rows stand for, locked, by row: by the key of the source alone. Without one, what the same source called by
    the name and the address, phone or company."""
    locked = Contact._base_manager.select_for_update(of=("self",)).select_related("company").prefetch_related("emails")
    locked = locked.order_by("pk")
    keys = Counter(row.key for row in rows)
    by_key = {one.external_id: one for one in locked.filter(source=Source.IMPORT, external_id__in=keys)}
    found = {row.pk: by_key[row.key] for row in rows if row.own_key and row.key in by_key}
    _check_keys(context, rows, found)
    found |= _remembered(
        context, locked, "contact", [row for row in rows if row.pk not in found and row.problem is None]
    )
    seen = context.seen.get("contacts", {})
    for row in rows:
        one = by_key.get(row.key)
        if (
            row.pk not in found
            and row.problem is None
            and one is not None
            and keys[row.key] == 1
            and row.key not in seen
        ):
            city = fold(row.values.get("city", ""))
            if not (city and one.city and city != fold(one.city)):
                found[row.pk] = one
    return found
