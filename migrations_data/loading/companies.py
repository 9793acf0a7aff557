"""Rows of companies."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count
from django.db.models.fields.json import KT

from accounts.models import User
from crm import custom, names
from crm.countries import code_of
from crm.models import Company, Source
from crm.services import many
from migrations_data.loading import own
from migrations_data.loading.context import Context, Loader, Rejected
from migrations_data.loading.references import Companies, People, name_key, of, wanted
from migrations_data.loading.rows import Row
from migrations_data.matching import links
from migrations_data.models import ImportRow, ImportSheet
from migrations_data.understanding.values import text

PLAIN = (
    "name", "tax_number", "domain", "phone", "email", "address", "city", "country", "industry", "employees", "founded", "note",
)  # fmt: skip
DEEPEST = 10


def identify(context: Context, row: Row) -> tuple[str, bool]:
    if "name" not in row.values:
        raise Rejected("nameless", "name")
    if "key" in row.values:
        return context.key(row.values["key"]), True
    return name_key(context, row.values["name"]), False


def arrange(context: Context, rows: Iterable[Row]) -> list[list[int]]:
    """The rows by how deep they stand in the tree of companies, so that a parent is there before its subsidiaries."""
    listed = list(rows)
    above = {_own_name(row): names.key(str(row.values.get("parent", ""))) for row in listed}
    layers: dict[int, list[int]] = defaultdict(list)
    for row in listed:
        depth, name = 0, above[_own_name(row)]
        while name in above and depth < DEEPEST:
            depth, name = depth + 1, above[name]
        layers[depth].append(row.pk)
    return [layers[depth] for depth in sorted(layers)]


def _own_name(row: Row) -> str:
    return names.key(str(row.values.get("name", "")))


def prepare(context: Context, rows: Sequence[Row]) -> None:
    of(context, Companies).look_up(wanted(rows, "parent"))


def facts(context: Context, row: Row, fields: Iterable[str]) -> dict[str, Any]:
    """The columns of a company that these fields of a row fill. Raises Rejected."""
    found = {name: row.values[name] for name in PLAIN if name in fields}
    for name in ("phone", "email"):
        if name in found:
            found[name] = ", ".join(found[name])
    if "revenue" in fields:
        found |= {"revenue_minor": row.values["revenue"], "currency": context.of.currency}
    if "owner" in fields:
        found["owner"] = of(context, People).owner(context, row.values["owner"])
    if "parent" in fields:
        if names.key(row.values["parent"]) == names.key(row.values["name"]):
            raise Rejected("parent_itself", "parent", row.values["parent"])
        found["parent"] = of(context, Companies).find_or_add(row.values["parent"], owner=context.by)
    found |= own.values(context, row, "company", fields)
    if "country" in found and not code_of(found["country"]):
        context.note("country", "country", was=found["country"])
    return found


def draft(context: Context, row: Row) -> Company:
    found = facts(context, row, set(row.values))
    owner = found.pop("owner", None) or _by_deals(context, row)
    return many.company(by=context.by, home=context.home, owner=owner, external_id=row.key, **found)


def add(context: Context, drafts: Sequence[Company]) -> list[int]:
    many.add_companies(by=context.by, at=context.at, drafts=drafts)
    for one in drafts:
        of(context, Companies).put(one)
    return [one.pk for one in drafts]


def is_blank(company: Company, field: str) -> bool:
    if custom.key_of(field):
        return own.is_blank(company, field)
    value = getattr(
        company, {"revenue": "revenue_minor", "parent": "parent_id", "owner": "owner_id"}.get(field, field), None
    )
    return value in ("", None)


def amend(context: Context, company: Company, row: Row, fields: set[str]) -> set[str]:
    """Also gives its real key to a company that deals had only named."""
    changes = facts(context, row, fields)
    before = company.name
    if row.own_key and company.source == Source.IMPORT and company.external_id == name_key(context, before):
        changes["external_id"] = row.key
    changed = many.amend(company, by=context.by, home=context.home, changes=changes)
    if company.name != before:
        context.known.setdefault("renamed", []).append(company)
    return changed


def save(context: Context, companies: Sequence[Company], changed: set[str]) -> None:
    renamed = context.known.pop("renamed", [])
    many.save(by=context.by, at=context.at, records=companies, names=changed, renamed=renamed)


def _by_deals(context: Context, row: Row) -> User:
    """The person with most of a company's deals in the tables beside, for tables of companies that name no owner."""
    most = context.known.get("owners")
    if most is None:
        most = context.known["owners"] = _most_deals(context)
    for said in (row.values.get("key", ""), row.values["name"]):
        named = most.get(names.key(said))
        found = of(context, People).find(named) if named else None
        if found is not None and found.is_active:
            context.note("owner_by_deals", "owner")
            return found
    return of(context, People).owner(context, "")


def _most_deals(context: Context) -> dict[str, str]:
    """Name of a company (folded) -> name of the person with most of its deals in this import."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for sheet in ImportSheet.objects.filter(file__of_import=context.of, kind="deals"):
        places = {
            column["field"]: column["index"] for column in sheet.columns if column["field"] in ("company", "owner")
        }
        if len(places) == 2:
            rows = ImportRow.objects.filter(sheet=sheet, number__gt=sheet.header_row)
            pairs = rows.values_list(KT(f"cells__{places['company']}"), KT(f"cells__{places['owner']}"))
            for company, owner, times in pairs.annotate(times=Count("pk")):
                if text(company) and text(owner):
                    counts[names.key(text(company))][text(owner)] += times
    return {company: min(owners, key=lambda name: (-owners[name], name)) for company, owners in counts.items()}


LOADER = Loader(
    kind="companies",
    record_type="company",
    model=Company,
    identify=identify,
    find=links.find_companies,
    draft=draft,
    add=add,
    is_blank=is_blank,
    amend=amend,
    save=save,
    money={"revenue": "revenue_minor"},
    prepare=prepare,
    arrange=arrange,
)
