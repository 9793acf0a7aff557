"""What an undo would do, told before: nothing is written, no lock is taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm import touched
from crm.models import Product
from crm.services import undoing_lists
from crm.services.undoing import BESIDE
from crm.touched import MODELS, Ours
from migrations_data.models import Action, Import, ImportChange
from migrations_data.undoing import made, people

WORDS: dict[str, Any] = {
    people.NEEDED: _("still has clients or work"),
    people.SIGNED_IN: _("has signed in"),
    people.NAMED: _("teams are kept: rename it, or give it people"),
}


@dataclass(frozen=True)
class Stay:
    """A record that stays, with the reason as a code."""

    kind: str
    record: int
    reason: str

    @property
    def words(self) -> Any:
        return WORDS.get(self.reason) or touched.words(self.reason)


@dataclass
class Plan:
    """`goes` and `stays` count by kind of record, `returns` are changes that are taken back; `listed` has those that stay."""

    goes: dict[str, int] = field(default_factory=dict)
    returns: int = 0
    listed: list[Stay] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.goes.values())

    @property
    def nothing(self) -> bool:
        return not self.total and not self.returns


def plan(of: Import) -> Plan:
    """How many records would go, how many changes would be taken back, and which records stay because somebody has touched them, or
    because one that stays hangs on them."""
    ours, found = made.ours(of), Plan()
    keys = {kind: made.keys(of, kind) for kind in made.IN_ORDER}
    stays = _records(of, keys, ours)
    for kind in made.LISTED:
        stays[kind] = _entries(of, kind, keys[kind], ours, stays)
    stays["user"] = people.stay(keys["user"], ours=ours) | _owners(keys["user"], stays)
    stays["team"] = people.teams_stay(keys["team"])
    for kind, listed in keys.items():
        found.goes[kind] = len(listed) - len(stays[kind])
        found.listed += [Stay(kind, pk, reason) for pk, reason in sorted(stays[kind].items())]
    found.returns, changed = _changes(of, keys)
    found.listed += changed
    return found


def _records(of: Import, keys: Mapping[str, list[int]], ours: Ours) -> dict[str, dict[int, str]]:
    """The clients, deals and so on that stay: touched ones, and what they hang on, however far up."""
    stays: dict[str, dict[int, str]] = {}
    for noun, listed in keys.items():
        if noun in MODELS:
            left = made.left(of, noun, listed)
            stays[noun] = {}
            for part in made.chunks(listed):
                stays[noun] |= touched.reasons(noun, part, left=left, ours=ours)
    for noun, of_noun in stays.items():
        fresh = set(of_noun)
        while fresh:
            fresh = _push(noun, fresh, keys, stays)
    return stays


def _push(noun: str, staying: set[int], keys: Mapping[str, list[int]], stays: dict[str, dict[int, str]]) -> set[int]:
    """Let what these records hang on stay too; those of the same noun that were not staying before."""
    fresh: set[int] = set()
    for above, model in MODELS.items():
        mine = set(keys[above])
        for relation in touched.hanging_on(model) if mine else ():
            columns = [column for holder, column in relation.holders if holder == noun]
            for column in columns:
                for pk in _above(relation, column, staying) & mine - stays[above].keys():
                    stays[above][pk] = relation.label
                    fresh |= {pk} if above == noun else set()
    return fresh


def _above(relation: touched.Relation, column: str, staying: Iterable[int]) -> set[int]:
    """The records that rows of a relation lead to, of those that stay and are not deleted."""
    listed, found = sorted(staying), set()
    for part in made.chunks(listed):
        rows = relation.model._base_manager.filter(relation.alive, **{f"{column}__in": part})
        found |= set(rows.values_list(relation.field, flat=True))
    return found - {None}


def _entries(
    of: Import, kind: str, keys: list[int], ours: Ours, stays: Mapping[str, Mapping[int, str]]
) -> dict[int, str]:
    """Entries of lists that stay: used by other records, or by those of this import that stay."""
    told = undoing_lists.stay(kind, keys, left=made.left(of, kind, keys), ours=ours)
    if kind in undoing_lists.LISTS:
        for relation in touched.hanging_on(undoing_lists.LISTS[kind].model):
            for holder, column in relation.holders:
                used = _above(relation, column, stays.get(holder, {})) & set(keys)
                told |= dict.fromkeys(used - told.keys(), relation.label)
    return told


def _owners(keys: list[int], stays: Mapping[str, Mapping[int, str]]) -> dict[int, str]:
    """People who own what stays."""
    found: set[int] = set()
    for noun, of_noun in stays.items():
        if noun in MODELS and noun != "purchase" and keys:
            owner = "performed_by_id" if noun == "activity" else "owner_id"
            for part in made.chunks(sorted(of_noun)):
                found |= set(MODELS[noun]._base_manager.filter(pk__in=part).values_list(owner, flat=True))
    return dict.fromkeys(found & set(keys), people.NEEDED)


def _changes(of: Import, keys: Mapping[str, list[int]]) -> tuple[int, list[Stay]]:
    """How many records of before return, and those that were deleted meanwhile or say something else in every field."""
    returned: set[tuple[str, int]] = set()
    listed: dict[tuple[str, int], Stay] = {}
    own = {kind: set(of_kind) for kind, of_kind in keys.items()}
    changes = made.lines(of, Action.CHANGED).order_by("-pk")
    rows: list[ImportChange] = [
        one
        for one in changes.iterator()
        if one.record_id not in own.get(one.record_type, ()) and one.before is not None
    ]
    now = _now(rows)
    for one in rows:
        who = (one.record_type, one.record_id)
        record = now.get(who)
        if record is None:
            listed[who] = Stay(*who, touched.DELETED)
        elif _returns(one, record):
            returned.add(who)
        elif who not in returned:
            listed[who] = Stay(*who, touched.EDITED)
    return len(returned), [stay for who, stay in sorted(listed.items()) if who not in returned]


def _now(rows: Iterable[ImportChange]) -> dict[tuple[str, int], dict[str, Any]]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for one in rows:
        wanted[one.record_type].add(one.record_id)
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for noun, ids in wanted.items():
        for part in made.chunks(sorted(ids)) if noun in MODELS else ():
            live = MODELS[noun]._base_manager.filter(pk__in=part, deleted_at__isnull=True)
            found |= {(noun, row["id"]): row for row in live.values("id", *touched.compared(noun))}
    products = Product.objects.filter(pk__in=wanted["product"]).values("id", *undoing_lists.OF_PRODUCTS)
    found |= {("product", row["id"]): row for row in products} if wanted["product"] else {}
    return found


def _returns(one: ImportChange, now: Mapping[str, Any]) -> bool:
    """Whether anything still says what the import left; phones and the like are looked at when it is done."""
    after = one.after or {}
    own = touched.still(after, "custom", now.get("custom"))
    return own or any(touched.still(after, name, now[name]) if name in now else name in BESIDE for name in after)
