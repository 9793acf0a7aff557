"""Deals by the thousand, with their products and people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.permissions import Permission
from crm import keys
from crm.models import CompanySettings, Contact, Deal, DealProduct, DealStatus, Product
from crm.services import deals, stages
from crm.services.base import allow, check_filled
from crm.services.many.base import BATCH, NOBODY, check_keeper, insert, origin, own_of, put
from crm.services.text import cleaned

PLAIN = ("title", "amount_minor", "currency", "competitor", "note")


@dataclass
class DealDraft:
    """A deal with the products that it will have, one piece of each at the list price, and its people."""

    deal: Deal
    products: Sequence[Product]
    contacts: Sequence[Contact] = ()


def deal(
    *,
    by: User,
    home: CompanySettings,
    owner: User,
    external_id: str,
    products: Sequence[Product] = (),
    people: Sequence[Contact] = (),
    former: Collection[int] = NOBODY,
    custom: Mapping[str, Any] | None = None,
    **facts: Any,
) -> DealDraft:
    """A deal to be added, open or closed; `opened_at` and `closed_at` are those of its source. Raises Refused with the field.

    A lost one has a reason; an open one has what its stage asks for.
    """
    texts = {name: facts.pop(name) for name in PLAIN if name in facts}
    words = cleaned(Deal, {"currency": home.currency, **texts})
    check_filled(words["title"], deals.NAMELESS, field="title")
    check_keeper(owner, former)
    own = own_of(Deal, custom, by)
    draft = Deal(owner=owner, **origin(by, external_id), **words, **facts, **own)
    _check_outcome(draft, products, people)
    put(draft, keys.deal_keys(draft, draft.company.name if draft.company else ""))
    return DealDraft(draft, products, people)


@transaction.atomic
def add_deals(*, by: User, at: datetime, drafts: Sequence[DealDraft]) -> None:
    """Add deals with their products and people."""
    allow(by, Permission.IMPORT_RUN)
    insert([draft.deal for draft in drafts])
    lines = [(draft.deal, one) for draft in drafts for one in draft.products]
    insert([_line(of, one) for of, one in lines])
    put_contacts(by=by, at=at, wanted=[(draft.deal, one) for draft in drafts for one in draft.contacts])


@transaction.atomic
def put_contacts(*, by: User, at: datetime, wanted: Sequence[tuple[Deal, Contact]]) -> None:
    """Put people to deals where they are not yet; nobody is taken off. One statement for all of them."""
    allow(by, Permission.IMPORT_RUN)
    if not wanted:
        return
    through = Deal.contacts.through
    rows = [through(deal=of, contact=one) for of, one in wanted]
    through._default_manager.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)


@transaction.atomic
def put_products(*, by: User, at: datetime, wanted: Sequence[tuple[Deal, Product]]) -> None:
    """Let deals have another product, where they have one or none; a list that somebody made by hand stays. Three statements."""
    allow(by, Permission.IMPORT_RUN)
    there = Counter(DealProduct.objects.filter(deal__in=[of.pk for of, _one in wanted]).values_list("deal", flat=True))
    single = [(of, one) for of, one in wanted if there[of.pk] <= 1]
    DealProduct.objects.filter(deal__in=[of.pk for of, _one in single]).delete()
    DealProduct.objects.bulk_create([_line(of, one) for of, one in single], batch_size=BATCH)


def _check_outcome(draft: Deal, products: Sequence[Product], people: Sequence[Contact]) -> None:
    if draft.status == DealStatus.LOST and draft.loss_reason_id is None:
        raise deals.LossReasonMissing
    if draft.status == DealStatus.OPEN:
        has = ({"lines"} if products else set()) | ({"contacts"} if people else set())
        stages.check_required(draft, draft.stage, has)


def _line(of: Deal, one: Product) -> DealProduct:
    return DealProduct(deal=of, product=one, price_minor=one.price_minor if one.currency == of.currency else None)
