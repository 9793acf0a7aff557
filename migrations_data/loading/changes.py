"""What an import changes of records that were here: field by field, as it was and as it is now, for the person who looks at the
preview and for an undo. It is told from the records themselves, not from what a loader says it did."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from accounts.models import Membership
from crm import custom
from crm.history.fields import StampField
from crm.models import ContactEmail, ContactPhone, DealProduct, Product
from crm.touched import plain
from migrations_data.loading import discretion
from migrations_data.loading.context import Context, Loader, Verdict

Beside = dict[int, dict[str, list[Any]]]
Pairs = dict[str, tuple[Any, Any]]
Names = dict[tuple[str, int], str]
PLACES: dict[str, dict[str, Callable[[Sequence[int]], Any]]] = {
    "contact": {
        "phones": lambda ids: ContactPhone.objects.filter(contact__in=ids).order_by("pk").values_list("contact", "number"),
        "emails": lambda ids: ContactEmail.objects.filter(contact__in=ids).order_by("pk").values_list("contact", "address"),
    },
    "deal": {
        "products": lambda ids: (
            DealProduct.objects.filter(deal__in=ids)
            .order_by("product")
            .values_list("deal", "product", "quantity", "price_minor")
        )
    },
    "user": {
        "team": lambda ids: Membership.objects.filter(user__in=ids, ends_on=None).values_list("user", "team__name"),
    },
}  # fmt: skip
"""What records have beside their own columns: record type -> name -> rows (key of the record, what it has)."""
FIELDS = {"phones": "phone", "emails": "email", "products": "product"}
NOT_TOLD = ("changed_by_id",)


@dataclass
class Change:
    """A record with what it was before its row. `pairs` maps columns to (was, now); those of own fields are "custom.<key>"."""

    verdict: Verdict
    record: Any
    before: Mapping[str, Any]
    pairs: Pairs = field(default_factory=dict)

    def see(self) -> None:
        """Find what is different of the record's own columns now."""
        for f in self.record._meta.concrete_fields:
            old, new = self.before.get(f.attname), vars(self.record).get(f.attname)
            if isinstance(f, StampField) or f.attname in NOT_TOLD or old == new:
                continue
            if f.name == "custom":
                self.pairs |= _own_fields(old or {}, new or {})
            else:
                self.pairs[f.attname] = (old, new)

    def side(self, which: int) -> dict[str, Any]:
        """What it was (0) or is now (1), in plain types and by the names that an undo knows (see `crm.services.undoing.Line`)."""
        return {FIELDS.get(name, name): plain(pair[which]) for name, pair in self.pairs.items()}


def _own_fields(old: Mapping[str, Any], new: Mapping[str, Any]) -> Pairs:
    keys = sorted(key for key in {*old, *new} if old.get(key) != new.get(key))
    return {f"{custom.PREFIX}{key}": (old.get(key), new.get(key)) for key in keys}


def before(record: Any) -> dict[str, Any]:
    """What to hold a record against once it is amended."""
    kept = dict(vars(record))
    return kept | {"custom": dict(kept["custom"])} if "custom" in kept else kept


def beside_of(loader: Loader, ids: Iterable[int]) -> Beside:
    """What these records have beside themselves: a statement for each kind of it."""
    places = PLACES.get(loader.record_type, {})
    found: Beside = {pk: {name: [] for name in places} for pk in ids} if places else {}
    for name, rows in places.items():
        for pk, *value in rows(list(found)) if found else ():
            found[pk][name].append(value[0] if len(value) == 1 else value)
    return found


def compare(loader: Loader, changed: Sequence[Change], was: Beside) -> None:
    """Add to what changed what is different beside the records; once for each of them, however many rows are about it."""
    now = beside_of(loader, {change.record.pk for change in changed} & was.keys())
    for change in changed:
        for name, is_now in now.pop(change.record.pk, {}).items():
            if was[change.record.pk][name] != is_now:
                change.pairs[name] = (was[change.record.pk][name], is_now)


def tell(context: Context, loader: Loader, changed: Sequence[Change]) -> None:
    """Put on each verdict what a person sees: {field: [was, now]}, references by their names. One statement for each kind of them.
    What was there of a client whom the person may not see stays untold."""
    names = _names(loader.model, changed)
    hidden = discretion.unseen(context, loader.record_type, {change.record.pk for change in changed if change.pairs})
    for change in changed:
        for column, pair in change.pairs.items():
            name = _field_of(column)
            if name in context.reader.kind.fields or name in ("status", "team"):
                was, now = (_shown(loader, column, value, names) for value in pair)
                if was != now:
                    untold = was and change.record.pk in hidden
                    change.verdict.changes[name] = [discretion.UNTOLD if untold else was, now]


def _field_of(column: str) -> str:
    """The field of a table that fills a column here."""
    for ending in ("_id", "_minor", "_at"):
        column = column.removesuffix(ending)
    return FIELDS.get(column, column)


def _names(model: Any, changed: Sequence[Change]) -> Names:
    """What the records are called that these refer to: (column, key) -> name."""
    names: Names = {}
    for f in model._meta.concrete_fields:
        ids = {pk for change in changed for pk in change.pairs.get(f.attname, ()) if pk} if f.is_relation else None
        if ids:
            names |= {(f.attname, one.pk): str(one) for one in f.related_model._base_manager.filter(pk__in=ids)}
    products = {one[0] for change in changed for side in change.pairs.get("products", ()) for one in side}
    if products:
        names |= {("products", one.pk): one.name for one in Product.objects.filter(pk__in=products)}
    return names


def _shown(loader: Loader, column: str, value: Any, names: Names) -> str:
    """A value in plain words, without a unit: the page knows the currency."""
    if value in (None, "", []):
        return ""
    if column == "products":
        return ", ".join(names.get((column, one[0]), "") for one in value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, int):
        return names.get((column, value)) or (
            f"{Decimal(value) / 100:f}" if column in loader.money.values() else str(value)
        )
    return str(plain(value))
