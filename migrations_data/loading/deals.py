"""Rows of deals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from crm import custom
from crm.models import Deal, DealStatus, Source
from crm.services import many
from migrations_data.loading import naming, own
from migrations_data.loading.context import Context, Loader, Rejected
from migrations_data.loading.money import currency
from migrations_data.loading.references import Deals, Funnel, People, Products, of
from migrations_data.loading.rows import Row

BESIDE = frozenset({"product", "contact"})
"""Fields that are kept in rows of their own."""


def identify(context: Context, row: Row) -> tuple[str, bool]:
    said = row.values
    if said.get("amount", 0) < 0:
        raise Rejected("negative", "amount", str(said["amount"] / 100))
    if "key" in said:
        return context.key(said["key"]), True
    if not any(said.get(name) for name in ("title", "product", "company", "contact")):
        raise Rejected("nameless", "title")
    told = "|".join(str(said.get(name, "")) for name in ("title", "company", "product", "opened"))
    told += f"|{said['contact']}" if "contact" in said else ""
    return context.nth(context.key(f"deal:{told}")), False


def find(context: Context, rows: Sequence[Row]) -> Mapping[int, Deal]:
    locked = Deal._base_manager.select_for_update(of=("self",)).select_related("company")
    by_key = {
        one.external_id: one for one in locked.filter(source=Source.IMPORT, external_id__in=[row.key for row in rows])
    }
    return {row.pk: by_key[row.key] for row in rows if row.key in by_key}


def prepare(context: Context, rows: Sequence[Row]) -> None:
    naming.prepare(context, rows)


def draft(context: Context, row: Row) -> many.DealDraft:
    said = row.values
    people = of(context, People)
    company, contact = naming.clients(context, row)
    owner = people.owner(context, said.get("owner", ""))
    product = of(context, Products).find_or_add(said["product"]) if "product" in said else None
    client = company.name if company else contact.name if contact else ""
    title = said.get("title") or " – ".join(filter(None, (product.name if product else "", client))) or said["key"]
    return many.deal(
        by=context.by,
        home=context.home,
        owner=owner,
        external_id=row.key,
        title=title[:200],
        company=company,
        currency=currency(context, row),
        products=[product] if product else [],
        people=[contact] if contact else [],
        former=people.former,
        **_plain(context, said, set(said)),
        **own.values(context, row, "deal", said),
        **_outcome(context, row),
    )


def _plain(context: Context, said: Mapping[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    """What goes into columns as it is. A reason that is a text and none of a list goes into the note."""
    found = {name: said[name] for name in ("competitor", "note") if name in fields}
    if "loss_reason" in fields and of(context, Funnel).is_text(said["loss_reason"]):
        line = f"{context.reader.column_of('loss_reason')}: {said['loss_reason']}"
        found["note"] = f"{said['note']}\n{line}" if said.get("note") else line
    if "amount" in fields:
        found["amount_minor"] = said["amount"]
    return found


def _outcome(context: Context, row: Row) -> dict[str, Any]:
    """Stage, outcome and days of a new deal. A closing date of an open deal is when it is expected to close."""
    said = row.values
    status, stage = of(context, Funnel).place(said.get("stage", ""))
    if "stage" not in said and "closed" in said:
        status = DealStatus.LOST if "loss_reason" in said else DealStatus.WON
        context.note("assumed_won" if status == DealStatus.WON else "assumed_lost", "closed")
    found: dict[str, Any] = {"status": status, "stage": stage}
    expected = said.get("expected_close") or (said.get("closed") if status == DealStatus.OPEN else None)
    if expected:
        found["expected_close"] = date.fromisoformat(expected)
    if "opened" in said:
        found["opened_at"] = context.instant(said["opened"])
    if "closed" in said and status != DealStatus.OPEN:
        found["closed_at"] = context.instant(said["closed"])
        if said["closed"] < said.get("opened", ""):
            context.note("closed_before", "closed")
    if status == DealStatus.LOST:
        found["loss_reason"] = of(context, Funnel).reason(said.get("loss_reason", ""))
    return found


def add(context: Context, drafts: Sequence[many.DealDraft]) -> list[int]:
    many.add_deals(by=context.by, at=context.at, drafts=drafts)
    for one in drafts:
        of(context, Deals).put(one.deal)
    return [one.deal.pk for one in drafts]


def is_blank(deal: Deal, field: str) -> bool:
    """Only what a person would fill in; the outcome of a deal changes only when the old table's does. There is room for people."""
    if custom.key_of(field):
        return own.is_blank(deal, field)
    if field == "contact":
        return True
    column = {
        "company": "company_id",
        "amount": "amount_minor",
        "expected_close": "expected_close",
        "note": "note",
    }.get(field)
    return column is not None and getattr(deal, column) in ("", None)


def amend(context: Context, deal: Deal, row: Row, fields: set[str]) -> set[str]:
    said = row.values
    people = of(context, People)
    changes = _plain(context, said, fields) | own.values(context, row, "deal", fields)
    if "title" in fields:
        changes["title"] = said["title"]
    if "owner" in fields:
        changes["owner"] = people.owner(context, said["owner"])
    if "currency" in fields:
        changes["currency"] = currency(context, row)
    if {"company", "contact"} & fields:
        changes |= _other_client(context, deal, row)
    if "expected_close" in fields:
        changes["expected_close"] = date.fromisoformat(said["expected_close"])
    if "stage" in fields:
        changes |= _moved(context, deal, said)
    elif "loss_reason" in fields and deal.status == DealStatus.LOST:
        changes["loss_reason"] = of(context, Funnel).reason(said["loss_reason"])
    if "product" in fields:
        product = of(context, Products).find_or_add(said["product"])
        context.known.setdefault("products", []).append((deal, product))
    changed = many.amend(deal, by=context.by, home=context.home, changes=changes, former=people.former)
    return changed | (BESIDE & fields)


def _other_client(context: Context, deal: Deal, row: Row) -> dict[str, Any]:
    """A newer table may name another company; a person whom it names is put beside those who are there."""
    company, contact = naming.clients(context, row)
    if contact is not None:
        context.known.setdefault("people", []).append((deal, contact))
    return {"company": company} if company is not None else {}


def _moved(context: Context, deal: Deal, said: Mapping[str, Any]) -> dict[str, Any]:
    """What a new word in the stage column changes. The database stamps when: a deal is never closed in the past."""
    funnel = of(context, Funnel)
    status, stage = funnel.place(said["stage"])
    if status == DealStatus.OPEN:
        return {"status": status, "stage": stage, "loss_reason": None}
    if deal.status == DealStatus.OPEN:
        context.note("closed_now", "stage")
    reason = funnel.reason(said.get("loss_reason", "")) if status == DealStatus.LOST else None
    return {"status": status, "loss_reason": reason}


def save(context: Context, deals: Sequence[Deal], changed: set[str]) -> None:
    many.save(by=context.by, at=context.at, records=deals, names=changed - BESIDE)
    products, people = context.known.pop("products", []), context.known.pop("people", [])
    if products:
        many.put_products(by=context.by, at=context.at, wanted=products)
    if people:
        many.put_contacts(by=context.by, at=context.at, wanted=people)


LOADER = Loader(
    kind="deals",
    record_type="deal",
    model=Deal,
    identify=identify,
    find=find,
    draft=draft,
    add=add,
    is_blank=is_blank,
    amend=amend,
    save=save,
    money={"amount": "amount_minor"},
    once_only=frozenset({"opened", "closed"}),
    prepare=prepare,
)
