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
from crm.services.complaint_news import VIP
from migrations_data.loading import naming, own
from migrations_data.loading.context import Context, Loader, Rejected
from migrations_data.loading.money import currency
from migrations_data.loading.references import Companies, People, name_key, of
from migrations_data.loading.rows import Row
from migrations_data.matching import links
from migrations_data.models import ImportRow, ImportSheet
from migrations_data.understanding.values import flag, text

PLAIN = (
    "name", "tax_number", "domain", "phone", "email", "address", "city", "country", "industry", "employees", "founded", "note",
)  # fmt: skip
CHANNELS = ("phone", "email")
DEEPEST = 10


def identify(context: Context, row: Row) -> tuple[str, bool]:
    if "name" not in row.values:
        raise Rejected("nameless", "name")
    if "key" in row.values:
        return context.key(row.values["key"]), True
    return name_key(context, row.values["name"]), False


def arrange(context: Context, rows: Iterable[Row]) -> list[list[int]]:
    """The rows by how deep they stand in the tree of companies, so that a parent is there before its subsidiaries."""
    listed = [(row.pk, _key(row, "name"), _key(row, "key"), _key(row, "parent")) for row in rows]
    named = {key: name for _pk, name, key, _parent in listed if key}
    above = {name: named.get(parent, parent) for _pk, name, _own, parent in listed}
    layers: dict[int, list[int]] = defaultdict(list)
    for pk, first, *_rest in listed:
        depth, name = 0, above[first]
        while name in above and depth < DEEPEST:
            depth, name = depth + 1, above[name]
        layers[depth].append(pk)
    return [layers[depth] for depth in sorted(layers)]


def _key(row: Row, field: str) -> str:
    return names.key(str(row.values.get(field, "")))


def prepare(context: Context, rows: Sequence[Row]) -> None:
    naming.prepare_companies(context, rows, "parent")


def facts(context: Context, row: Row, fields: Iterable[str]) -> dict[str, Any]:
    """The columns of a company that these fields of a row fill. Raises Rejected."""
    found = {name: row.values[name] for name in PLAIN if name in fields}
    for name in CHANNELS:
        if name in found:
            found[name], *more = found[name]
            if more:
                _add_to_note(context, row, found, name, more)
    if "revenue" in fields:
        found |= {"revenue_minor": row.values["revenue"], "currency": currency(context, row)}
    if "owner" in fields:
        found["owner"] = of(context, People).owner(context, row.values["owner"])
    if "parent" in fields:
        found["parent"] = _parent(context, row)
    found |= own.values(context, row, "company", fields)
    if "country" in found and not code_of(found["country"]):
        context.note("country", "country", was=found["country"])
    return found


def _add_to_note(context: Context, row: Row, found: dict[str, Any], name: str, more: Sequence[str]) -> None:
    """A company has one phone and one e-mail: what else the row has of them is kept in its note."""
    line = f"{context.reader.column_of(name)}: {', '.join(more)}"
    before = found.get("note") or row.values.get("note", "")
    found["note"] = f"{before}\n{line}" if before else line
    context.note("second_channel", name, was=", ".join(more)[:100])


def _parent(context: Context, row: Row) -> Company:
    said = row.values["parent"]
    if names.key(said) == names.key(row.values["name"]) or said == row.values.get("key"):
        raise Rejected("parent_itself", "parent", said)
    people = of(context, People)
    return of(context, Companies).find_or_add(said, owner=context.by, former=people.former)


def draft(context: Context, row: Row) -> Company:
    found = facts(context, row, set(row.values))
    owner = found.pop("owner", None) or _by_deals(context, row)
    former = of(context, People).former
    made = many.company(by=context.by, home=context.home, owner=owner, external_id=row.key, former=former, **found)
    if flag(row.values.get("vip", "")):
        context.known.setdefault("vip", []).append(made)
    return made


def add(context: Context, drafts: Sequence[Company]) -> list[int]:
    many.add_companies(by=context.by, at=context.at, drafts=drafts)
    companies = of(context, Companies)
    for one in drafts:
        companies.put(one)
    _mark(context)
    return [one.pk for one in drafts]


def _mark(context: Context) -> None:
    """Give the tag of important clients to those that the table marks."""
    marked = context.known.pop("vip", [])
    if marked:
        many.put_tags(by=context.by, at=context.at, wanted={VIP: marked})


def is_blank(company: Company, field: str) -> bool:
    """The mark of an important client can always be given."""
    if field == "vip":
        return True
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
    former = of(context, People).former
    changed = many.amend(company, by=context.by, home=context.home, changes=changes, former=former)
    if "vip" in fields and flag(row.values["vip"]):
        context.known.setdefault("vip", []).append(company)
        changed.add("vip")
    if company.name != before:
        context.known.setdefault("renamed", []).append(company)
    return changed


def save(context: Context, companies: Sequence[Company], changed: set[str]) -> None:
    renamed = context.known.pop("renamed", [])
    many.save(by=context.by, at=context.at, records=companies, names=changed - {"vip"}, renamed=renamed)
    _mark(context)


def _by_deals(context: Context, row: Row) -> User:
    """The person with most of a company's deals in the tables beside, for tables of companies that name no owner."""
    most = context.known.get("owners")
    if most is None:
        most = context.known["owners"] = _most_deals(context)
    for said in (row.values.get("key", ""), row.values["name"]):
        named = most.get(names.key(said))
        found = of(context, People).known(named) if named else None
        if found is not None:
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
