"""Links that the import makes by itself: by the source's own key, and by a valid tax number whose name does not contradict.

Everything else is a question. What a table without keys calls by name is known again only as what a table of the same source
made by that name.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from crm import names, tax
from crm.countries import code_of
from crm.models import Company, Contact, Source
from migrations_data.loading.context import Context
from migrations_data.loading.references import name_key
from migrations_data.loading.rows import Problem, Row

TWO_TAX_NUMBERS = "two_tax_numbers"


def find_companies(context: Context, rows: Sequence[Row]) -> Mapping[int, Company]:
    """The companies that rows stand for, locked, by row. A row whose key has two tax numbers gets a problem instead."""
    locked = Company._base_manager.select_for_update()
    named = {row.pk: name_key(context, row.values["name"]) for row in rows}
    keys = {row.key for row in rows} | set(named.values())
    by_key = {one.external_id: one for one in locked.filter(source=Source.IMPORT, external_id__in=keys).order_by("pk")}
    times = Counter(named.values())
    found: dict[int, Company] = {}
    for row in rows:
        one = by_key.get(row.key)
        if one is None and times[named[row.pk]] == 1:
            one = _placeholder(by_key.get(named[row.pk]))
        if one is not None and row.own_key and _contradicts(context, row, one):
            row.problem = Problem(TWO_TAX_NUMBERS, context.reader.column_of("tax_number"), row.values["tax_number"])
        elif one is not None:
            found[row.pk] = one
    return {**found, **_by_tax(context, [row for row in rows if row.pk not in found and row.problem is None], found)}


def _placeholder(one: Company | None) -> Company | None:
    """A company that is nothing but a name, because deals or people of an earlier table named it."""
    said = one and any((one.tax_key, one.domain, one.phone, one.email, one.address, one.city))
    return None if said else one


def _by_tax(context: Context, rows: Sequence[Row], found: Mapping[int, Company]) -> dict[int, Company]:
    """Rows with a number that can be one, and the only company that has it under a name that is alike."""
    asked = {row.pk: number for row in rows if (number := valid_tax(context, row))}
    if not asked:
        return {}
    locked = Company._base_manager.select_for_update()
    by_tax = defaultdict(list)
    for one in locked.filter(tax_key__in=set(asked.values()), deleted_at__isnull=True).order_by("pk"):
        by_tax[one.tax_key].append(one)
    taken = {one.pk for one in found.values()}
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


def _contradicts(context: Context, row: Row, one: Company) -> bool:
    """Whether row and company have a tax number each, both valid, and not the same."""
    number = valid_tax(context, row)
    country = code_of(one.country) or context.home.country
    return bool(number and one.tax_key and number != one.tax_key and tax.is_plausible(one.tax_number, country))


def find_contacts(context: Context, rows: Sequence[Row]) -> Mapping[int, Contact]:
    """The contacts that rows stand for, locked, by row: by the key of the source alone."""
    locked = Contact._base_manager.select_for_update(of=("self",)).select_related("company").prefetch_related("emails")
    keys = [row.key for row in rows]
    by_key = {one.external_id: one for one in locked.filter(source=Source.IMPORT, external_id__in=keys).order_by("pk")}
    return {row.pk: by_key[row.key] for row in rows if row.key in by_key}
