"""The values of two clients beside each other: which differ, and what the one that stays gets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from crm.models import Company

FIELDS = {
    "company": (
        "name", "tax_number", "domain", "phone", "email", "address", "city", "country", "industry", "employees", "founded",
        "revenue_minor", "parent", "owner", "note",
    ),
    "contact": ("name", "title", "company", "city", "owner", "note"),
}  # fmt: skip
WITH = {"revenue_minor": "currency"}
"""An amount is nothing without its currency: they go together."""
OWN = "custom."
LONGEST_NOTE = 10_000


class Take(StrEnum):
    """Whose value is taken: that of the client who stays, that of the merged one, or one text of both."""

    KEPT = "kept"
    MERGED = "merged"
    BOTH = "both"


def noun_of(record: Any) -> str:
    return "company" if isinstance(record, Company) else "contact"


def value(record: Any, name: str) -> Any:
    """A client's value by the name of the field, "custom.<key>" for a field of the company's own; a record by its key."""
    if name.startswith(OWN):
        return record.custom.get(name.removeprefix(OWN))
    found = getattr(record, record._meta.get_field(name).attname)
    return (found, getattr(record, WITH[name])) if name in WITH and found is not None else found


def is_filled(found: Any) -> bool:
    return found not in ("", None)


def differing(one: Any, other: Any) -> list[str]:
    """The fields in which two clients differ, own fields last."""
    own = sorted({f"{OWN}{key}" for key in (*one.custom, *other.custom)})
    return [name for name in (*FIELDS[noun_of(one)], *own) if _norm(value(one, name)) != _norm(value(other, name))]


def may_join(one: Any, other: Any, name: str) -> bool:
    """Whether both texts can stand one after the other."""
    texts = [value(one, name), value(other, name)]
    return name == "note" and all(texts) and len(_joined(*texts)) <= LONGEST_NOTE


def default(kept: Any, merged: Any, name: str) -> Take:
    """What is taken when nobody says: both notes, else what the client has who stays, else what the merged one has."""
    if may_join(kept, merged, name):
        return Take.BOTH
    return Take.KEPT if is_filled(value(kept, name)) else Take.MERGED


def chosen(kept: Any, merged: Any, choices: Mapping[str, str]) -> dict[str, Any]:
    """The values that replace those of the client who stays."""
    found = {}
    for name in differing(kept, merged):
        take = choices.get(name) or default(kept, merged, name)
        if take == Take.BOTH and may_join(kept, merged, name):
            found[name] = _joined(value(kept, name), value(merged, name))
        elif take == Take.MERGED:
            found[name] = value(merged, name)
    return found


def columns(record: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as columns to be stored: a record's key under its column, own fields as the whole of them."""
    made: dict[str, Any] = {}
    own = dict(record.custom)
    for name, found in values.items():
        if name.startswith(OWN):
            own[name.removeprefix(OWN)] = found
        elif name in WITH:
            made[name], made[WITH[name]] = found or (None, getattr(record, WITH[name]))
        else:
            made[record._meta.get_field(name).attname] = found
    if own != record.custom:
        made["custom"] = {key: found for key, found in own.items() if found is not None}
    return made


def as_kept(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as JSON keeps them: a pair becomes a list."""
    return {name: list(found) if isinstance(found, tuple) else found for name, found in values.items()}


def from_kept(values: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Those of the kept values that are asked for, as `value` gives them."""
    return {name: tuple(values[name]) if name in WITH and values[name] else values[name] for name in names}


def _norm(found: Any) -> Any:
    return found if is_filled(found) else None


def _joined(one: str, other: str) -> str:
    """One text after the other; what the first has already is not said again."""
    return one if other in one else other if one in other else f"{one}\n\n{other}"
