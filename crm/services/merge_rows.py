"""The rows that hang on a client, taken over by another one and given back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from accounts.models import User
from crm.merging.relations import RELATIONS, Fate, Relation
from crm.models import Activity, ContactEmail, ContactPhone, Employment, Share

BACKWARDS = "-"
"""In front of a relation whose rows went from the one who stays to the merged one."""
GIVEN = "given"
"""Shares that the merge itself made."""
OTHERS = "crm.Activity_others.contact"
EMPLOYED = "crm.Employment.contact"
"""Employments of a person are joined by days: see `join_employments`."""
IN_ORDER = (ContactPhone, ContactEmail)

Moved = dict[str, list[int]]


def take_over(noun: str, *, kept: Any, merged: Any, by: User) -> Moved:
    """Let everything that hangs on `merged` hang on `kept`; the keys of what went over, by relation."""
    moved: Moved = {}
    if noun == "contact":
        _put(moved, BACKWARDS + OTHERS, _stay_out(kept, merged))
    for relation in RELATIONS[noun]:
        if relation.fate != Fate.KEEP and relation.label != EMPLOYED:
            _put(moved, relation.label, _take(relation, kept, merged, by))
    return moved


def _put(moved: Moved, label: str, keys: list[int]) -> None:
    if keys:
        moved[label] = keys


def _take(relation: Relation, kept: Any, merged: Any, by: User) -> list[int]:
    keys = _locked(_free(relation, kept.pk, merged.pk).exclude(_own(relation, kept, merged)))
    if keys and relation.model in IN_ORDER:
        _put_behind(relation, keys, kept)
    return _hang(relation, keys, kept.pk, by)


def _own(relation: Relation, kept: Any, merged: Any) -> Q:
    """What makes no sense at the one who stays: a company under itself, a share with its owner, somebody beside himself."""
    if relation.label == "crm.Company.parent":
        return Q(pk=kept.pk)
    if relation.model is Share:
        return Q(user=kept.owner_id)
    if relation.label == OTHERS:
        return Q(activity__in=Activity._base_manager.filter(contact__in=[kept.pk, merged.pk]).values("pk"))
    return Q(pk__in=[])


def _free(relation: Relation, to: int, of: int) -> QuerySet[Any]:
    """Rows that hang on `of` and may hang on `to`: none that is there already."""
    rows = relation.model._base_manager.filter(**{relation.field: of})
    if not relation.beside:
        return rows
    there = relation.model._base_manager.filter(**{relation.field: to, relation.beside: OuterRef(relation.beside)})
    return rows.filter(~Exists(there))


def _locked(rows: QuerySet[Any]) -> list[int]:
    """The keys of rows, locked one after the other as everybody locks them."""
    return list(rows.select_for_update(no_key=True, of=("self",)).order_by("pk").values_list("pk", flat=True))


def _hang(relation: Relation, keys: Iterable[int], to: int, by: User) -> list[int]:
    listed = list(keys)
    names = {field.name for field in relation.model._meta.concrete_fields}
    written: dict[str, Any] = {relation.field: to}
    if "changed_by" in names:
        written["changed_by"] = by
    if listed:
        relation.model._base_manager.filter(pk__in=listed).update(**written)
    return listed


def _put_behind(relation: Relation, keys: list[int], kept: Any) -> None:
    """Phones and e-mails stand behind those that are there."""
    rows = relation.model._base_manager
    last = rows.filter(**{relation.field: kept.pk}).aggregate(last=Max("position"))["last"]
    if last is not None:
        rows.filter(pk__in=keys).update(position=F("position") + last + 1)


def _stay_out(kept: Any, merged: Any) -> list[int]:
    """Where the one who stays was with the merged one, he is now the one himself and no longer beside: such rows go to the other."""
    relation = next(one for one in RELATIONS["contact"] if one.label == OTHERS)
    rows = relation.model._base_manager.filter(
        contact=kept.pk, activity__in=Activity._base_manager.filter(contact=merged.pk).values("pk")
    )
    keys = _locked(rows)
    return _hang(relation, keys, merged.pk, kept.changed_by)


def join_employments(*, kept: Any, merged: Any, on: date) -> tuple[Moved, dict[str, str]]:
    """Let a person have worked wherever either of the two did; who is at one company now has left the other by `on`.

    `kept` has its new company already. The keys that went over, and the ends that were written, by key.
    """
    rows = list(Employment.objects.select_for_update().filter(contact__in=[kept.pk, merged.pk]).order_by("pk"))
    there = any(row.contact_id == kept.pk and _is_present(row, kept) for row in rows)
    ended, moved = {}, []
    for row in rows:
        if row.contact_id == merged.pk and not (there and _is_present(row, kept)):
            moved.append(row.pk)
            row.contact = kept
        if row.ends_on is None and row.company_id != kept.company_id:
            row.ends_on = max(on, row.starts_on or on)
            ended[str(row.pk)] = row.ends_on.isoformat()
    Employment.objects.bulk_update(rows, ["contact", "ends_on"])
    return ({EMPLOYED: moved} if moved else {}), ended


def _is_present(row: Employment, person: Any) -> bool:
    return row.ends_on is None and row.company_id == person.company_id


def part_employments(*, kept: int, merged: int, keys: Iterable[int], ended: Mapping[str, str]) -> None:
    """Undo `join_employments`; an end that somebody has corrected since stays."""
    Employment.objects.filter(pk__in=list(keys), contact=kept).update(contact=merged)
    for key, day in ended.items():
        Employment.objects.filter(pk=int(key), contact__in=[kept, merged], ends_on=day).update(ends_on=None)


def give_back(noun: str, *, moved: Mapping[str, list[int]], kept: int, merged: int, by: User) -> None:
    """Let rows that a merge moved hang on the merged record again, as far as they still hang on the one that stayed."""
    Share.objects.filter(pk__in=moved.get(GIVEN, []), **{noun: kept}).delete()
    for relation in reversed(RELATIONS[noun]):
        if relation.label == EMPLOYED:
            continue
        _back(relation, moved.get(relation.label, []), to=merged, of=kept, by=by)
        _back(relation, moved.get(BACKWARDS + relation.label, []), to=kept, of=merged, by=by)


def _back(relation: Relation, keys: list[int], *, to: int, of: int, by: User) -> None:
    if keys:
        _hang(relation, _locked(_free(relation, to, of).filter(pk__in=keys)), to, by)
