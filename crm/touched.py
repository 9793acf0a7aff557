"""What people have done with records since an import brought them in: the reasons for an undo to leave them where they are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm import custom
from crm.history.fields import StampField
from crm.models import Activity, Company, Contact, Deal, Merge, Purchase, Task
from crm.models.base import UNTRACKED, Recorded

MODELS: dict[str, Any] = {
    "activity": Activity,
    "task": Task,
    "purchase": Purchase,
    "deal": Deal,
    "contact": Contact,
    "company": Company,
}
"""In this order: what hangs on others goes before them."""

PARTS = frozenset({
    "crm.Activity_others.activity", "crm.ContactEmail.contact", "crm.ContactPhone.contact", "crm.DealProduct.deal",
    "crm.Deal_contacts.deal", "crm.Employment.contact",
})  # fmt: skip
"""What a record consists of beside its own row: whoever changes it makes a version of the record."""

DERIVED = UNTRACKED | {
    "changed_by", "completeness", "created_by", "domain_key", "external_id", "first_won_by", "name_key", "phone_reversed", "tax_key",
}  # fmt: skip
"""Columns that follow from others, or say whose hand it was."""

EDITED, DELETED, MERGED, USED = "edited", "deleted", "merged", "used"
WORDS: dict[str, Any] = {
    EDITED: _("changed since"),
    DELETED: _("deleted since"),
    MERGED: _("others have become part of it"),
    USED: _("something hangs on it"),
    "crm.Company": _("a subsidiary hangs on it"),
    "crm.Contact": _("a contact hangs on it"),
    "crm.Employment": _("a contact hangs on it"),
    "crm.Deal": _("a deal hangs on it"),
    "crm.Deal_contacts": _("a deal hangs on it"),
    "crm.Task": _("a task hangs on it"),
    "crm.Activity": _("an activity hangs on it"),
    "crm.Activity_others": _("an activity hangs on it"),
    "crm.Contract": _("a contract hangs on it"),
    "crm.Complaint": _("a complaint hangs on it"),
    "crm.Purchase": _("a purchase hangs on it"),
    "crm.File": _("a file hangs on it"),
    "crm.Share": _("shared with somebody"),
    "crm.Company_tags": _("somebody gave it a tag"),
    "crm.Contact_tags": _("somebody gave it a tag"),
    "crm.Deal_tags": _("somebody gave it a tag"),
    "discipline.Priority": _("somebody has it among the day's priorities"),
}
"""Reasons by their code; what hangs on a record is named by its model."""

Ours = Callable[[str, str], Q]
"""Noun and a column with keys of its records -> the condition that they came with the same import."""


@dataclass(frozen=True)
class Relation:
    """A way from other rows to a record: their model, the column, and the condition for them to count. `holders` are the records that
    such a row is, or belongs to: their noun, and the column with their key."""

    label: str
    field: str
    alive: Q
    holders: tuple[tuple[str, str], ...]

    @property
    def model(self) -> Any:
        return apps.get_model(self.label)


def words(reason: str) -> Any:
    """Why a record stays, in words."""
    return WORDS.get(reason, WORDS[USED])


def reasons(
    noun: str, keys: Collection[int], *, left: Mapping[int, Mapping[str, Any]] | None = None, ours: Ours | None = None
) -> dict[int, str]:
    """Those among the records of `keys` that somebody has touched since they were made, with the first reason for each.

    `left` has what the import itself made of some of them later: field -> value as `plain` says it. Rows for which `ours` holds do
    not count as hanging on a record. A record whose content is again what the import left is untouched, whoever had it meanwhile.
    """
    rows = MODELS[noun]._base_manager.filter(pk__in=keys)
    relations, found = _uses(MODELS[noun], ours)
    if noun in ("company", "contact"):
        found["merged"] = Exists(Merge.objects.filter(noun=noun, survivor=OuterRef("pk"), undone_at__isnull=True))
    told: dict[int, str] = {}
    changed = []
    for row in rows.annotate(**found).values("pk", "deleted_at", "recorded_at", "changed_at", *found):
        pk = row["pk"]
        if row["deleted_at"] is not None:
            told[pk] = DELETED
        elif row.get("merged"):
            told[pk] = MERGED
        elif used := next((one.label for place, one in enumerate(relations) if row[f"uses_{place}"]), ""):
            told[pk] = used
        elif row["changed_at"] > row["recorded_at"]:
            changed.append(pk)
    return told | dict.fromkeys(_edited(noun, changed, left or {}), EDITED)


def in_use(model: type[Model], keys: Collection[int], *, ours: Ours | None = None) -> dict[int, str]:
    """Those among the entries of a list (products, stages, reasons) that a live record names, with the model of the first that does."""
    relations, found = _uses(model, ours)
    rows = model._base_manager.filter(pk__in=keys).annotate(**found).values("pk", *found)
    used = {row["pk"]: [one.label for place, one in enumerate(relations) if row[f"uses_{place}"]] for row in rows}
    return {pk: labels[0] for pk, labels in used.items() if labels}


def _uses(model: type[Model], ours: Ours | None) -> tuple[tuple[Relation, ...], dict[str, Exists]]:
    """The relations to a model, and for each whether one of its rows hangs on a record."""
    relations = hanging_on(model)
    return relations, {f"uses_{place}": _exists(one, ours) for place, one in enumerate(relations)}


def _exists(relation: Relation, ours: Ours | None) -> Exists:
    rows: QuerySet[Any] = relation.model._base_manager.filter(relation.alive, **{relation.field: OuterRef("pk")})
    for noun, column in relation.holders if ours is not None else ():
        rows = rows.exclude(ours(noun, column))  # type: ignore[misc]
    return Exists(rows)


@cache
def hanging_on(model: type[Model]) -> tuple[Relation, ...]:
    """Every relation that leads to a model, of all the apps there are, but for what the record itself consists of and what triggers
    write: so what is added to Daybook later keeps a record too, without being named here."""
    found = []
    for relation in model._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete or relation.many_to_many:
            continue
        of: Any = relation.related_model
        field: Any = relation.field  # type: ignore[union-attr]
        if field.db_constraint and f"{of._meta.label}.{field.name}" not in PARTS:
            found.append(_relation(of, field.name, model))
    return tuple(found)


def _relation(of: Any, field: str, model: type[Model]) -> Relation:
    """Deleted rows do not count, and rows between two records not when the other one is deleted."""
    label = of._meta.label
    if issubclass(of, Recorded):
        return Relation(label, field, Q(deleted_at__isnull=True), ((of._meta.model_name, "pk"),))
    alive, holders = Q(), []
    for column in of._meta.concrete_fields:
        to = column.related_model
        if isinstance(to, type) and issubclass(to, Recorded) and to is not model:
            alive &= Q(**{f"{column.name}__deleted_at__isnull": True})
            holders.append((str(to._meta.model_name), column.attname))
    return Relation(label, field, alive, tuple(holders))


def _edited(noun: str, keys: Sequence[int], left: Mapping[int, Mapping[str, Any]]) -> set[int]:
    """Those whose content is no longer what they were made with, nor what the import made of it later."""
    if not keys:
        return set()
    model = MODELS[noun]
    if noun == "purchase":
        return set(keys)  # no versions are kept of purchases
    names = compared(noun)
    timeline = apps.get_model("crm", f"{model.__name__}Timeline")
    first = timeline.objects.filter(pk__in=keys, from_at=F("recorded_at"))
    made = {row["id"]: row for row in first.values("id", *names)}
    edited = set(keys) - made.keys()
    for now in model._base_manager.filter(pk__in=made).values("id", *names):
        known = left.get(now["id"], {})
        then = made[now["id"]]
        if "custom" in then:
            then["custom"] = then["custom"] | _own_fields(known)
        if any(now[name] != then[name] and (name == "custom" or not still(known, name, now[name])) for name in names):
            edited.add(now["id"])
    return edited


@cache
def compared(noun: str) -> tuple[str, ...]:
    """The columns that people fill in."""
    columns = MODELS[noun]._meta.concrete_fields
    return tuple(
        f.attname
        for f in columns
        if not isinstance(f, StampField) and f.name not in DERIVED and f.name not in ("id", "source", "deleted_at")
        and not f.generated
    )  # fmt: skip


def still(left: Mapping[str, Any], name: str, value: Any) -> bool:
    """Whether a column says what the import left in it; of own fields, whether those do that it wrote."""
    if name == "custom":
        said = _own_fields(left)
        return bool(said) and all(same(kept, (value or {}).get(key)) for key, kept in said.items())
    return name in left and same(left[name], value)


def _own_fields(left: Mapping[str, Any]) -> dict[str, Any]:
    return {custom.key_of(name): value for name, value in left.items() if custom.key_of(name)}


def same(said: Any, value: Any) -> bool:
    """Whether a value is the one that was kept as `plain` says it."""
    now = plain(value)
    return bool(now == said or (isinstance(value, Decimal) and Decimal(str(said)) == value))


def plain(value: Any) -> Any:
    """A value of a column in plain JSON types: a record is its key, days and instants are in ISO form, decimals text."""
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value
