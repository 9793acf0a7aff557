"""What an import added to the lists that records choose from, taken back where nothing uses it: products, stages, reasons, own fields."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from accounts.models import User
from accounts.permissions import Permission
from crm.models import CustomField, Deal, DealProduct, LossReason, Product, Purchase, Source, Stage
from crm.services import fields
from crm.services.base import allow
from crm.services.undoing import Line
from crm.touched import DELETED, EDITED, MODELS, USED, Ours, in_use, same

UNDONE = Q(source=Source.IMPORT, external_id="", deleted_at__isnull=False)
"""Records that an undo has taken out. They let go of what the same import added to the lists; their versions keep it."""
OF_PRODUCTS = ("price_minor", "group")
"""What a newer table changes of a product."""
OF_UNDONE = Q(deal__source=Source.IMPORT, deal__external_id="", deal__deleted_at__isnull=False)


@dataclass(frozen=True)
class List:
    """One list: its entries, what an import leaves in their other columns, and how undone records let go of one."""

    model: Any
    usual: Mapping[str, Any]
    let_go: Callable[[Any, User], None]


def _lose_product(one: Product, by: User) -> None:
    DealProduct.objects.filter(OF_UNDONE, product=one).delete()
    Purchase._base_manager.filter(UNDONE, product=one).update(product=None, changed_by=by)


def _lose_stage(one: Stage, by: User) -> None:
    """An undone deal moves to the first stage that stays; without one the stage stays too, for a deal cannot be nowhere."""
    other = Stage.objects.filter(pipeline=one.pipeline_id).exclude(pk=one.pk).order_by("position", "pk").first()
    if other is not None:
        Deal._base_manager.filter(UNDONE, stage=one).update(stage=other, changed_by=by)


def _lose_reason(one: LossReason, by: User) -> None:
    Deal._base_manager.filter(UNDONE, loss_reason=one).update(loss_reason=None, changed_by=by)


LISTS = {
    "product": List(Product, {"price_minor": None, "group": "", "is_active": True}, _lose_product),
    "stage": List(Stage, {"probability": 0, "cold_after_days": 14, "required_fields": []}, _lose_stage),
    "reason": List(LossReason, {"asks_competitor": False, "is_active": True}, _lose_reason),
}


def stay(
    kind: str, keys: Collection[int], *, left: Mapping[int, Mapping[str, Any]] | None = None, ours: Ours | None = None
) -> dict[int, str]:
    """The entries of a list that stay, with the reason: used by a record, or completed by somebody. `left` says by key what the
    import wrote in them, where that is not the usual."""
    if kind == "field":
        return _fields_in_use(keys)
    of, told = LISTS[kind], in_use(LISTS[kind].model, keys, ours=ours)
    for one in of.model._base_manager.filter(pk__in=keys).exclude(pk__in=told):
        expected = {**of.usual, **(left or {}).get(one.pk, {})}
        if not all(same(value, getattr(one, name)) for name, value in expected.items() if hasattr(one, name)):
            told[one.pk] = EDITED
    return told


@transaction.atomic
def take_out(
    *, kind: str, keys: Collection[int], by: User, at: datetime, left: Mapping[int, Mapping[str, Any]] | None = None
) -> dict[int, str]:
    """Take these entries off their list; the reasons of those that stay. A field is retired: what records have in it is kept."""
    allow(by, Permission.IMPORT_RUN)
    told = stay(kind, keys, left=left)
    if kind == "field":
        for field in CustomField.objects.filter(pk__in=keys, is_active=True).exclude(pk__in=told):
            fields.retire(field=field, by=by, at=at)
        return told
    of = LISTS[kind]
    for one in of.model.objects.select_for_update(of=("self",)).filter(pk__in=keys).exclude(pk__in=told).order_by("pk"):
        try:
            with transaction.atomic():
                of.let_go(one, by)
                one.delete()
        except IntegrityError:  # what was deleted before names it still
            told[one.pk] = USED
    return told


@transaction.atomic
def give_back(*, lines: Sequence[Line], by: User) -> list[list[str]]:
    """Let products say again what they said before, as `undoing.give_back` does with records; the fields of each line that stay."""
    allow(by, Permission.IMPORT_RUN)
    rows = Product.objects.select_for_update(of=("self",)).filter(pk__in={line.record for line in lines})
    there = {one.pk: one for one in rows.order_by("pk")}
    kept = [_take(there[line.record], line) if line.record in there else [DELETED] for line in lines]
    Product.objects.bulk_update(there.values(), OF_PRODUCTS)
    return kept


def _take(one: Product, line: Line) -> list[str]:
    stay = []
    for name, value in line.after.items():
        if name in OF_PRODUCTS and same(value, getattr(one, name)):
            setattr(one, name, line.before.get(name))
        else:
            stay.append(name)
    return stay


def _fields_in_use(keys: Collection[int]) -> dict[int, str]:
    told = {}
    for field in CustomField.objects.filter(pk__in=keys, is_active=True):
        rows = MODELS[field.noun]._base_manager.filter(deleted_at__isnull=True, custom__has_key=field.key)
        if rows.exists():
            told[field.pk] = USED
    return told
