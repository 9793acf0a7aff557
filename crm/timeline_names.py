"""Who and what the entries of a timeline speak of, by name: one statement for a page, each name looked up once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import CharField, F, Model, QuerySet, Value

from accounts.models import User
from crm.models import Contact, Deal, Mention

PERSON, CONTACT, DEAL, MENTIONED = "person", "contact", "deal", "mentioned"


class Names:
    """The names of one page; empty for what the reader may not see."""

    def __init__(self, found: Iterable[tuple[str, int, str]]) -> None:
        self._names: dict[tuple[str, int], list[str]] = {}
        for what, pk, name in found:
            self._names.setdefault((what, pk), []).append(name)

    def person(self, pk: int) -> str:
        return self._one(PERSON, pk)

    def contact(self, pk: int | None) -> str:
        return self._one(CONTACT, pk)

    def deal(self, pk: int | None) -> str:
        return self._one(DEAL, pk)

    def mentioned(self, activity: int) -> Sequence[str]:
        """The colleagues who were told of an entry."""
        return self._names.get((MENTIONED, activity), [])

    def _one(self, what: str, pk: int | None) -> str:
        return self._names.get((what, pk or 0), [""])[0]


def read(rows: Sequence[Mapping[str, Any]], *, noun: str, user: Any) -> Names:
    """The names for these rows of activities; those of the record that the timeline belongs to are left out."""

    def keys(column: str) -> set[int]:
        return {row[column] for row in rows if row[column]}

    wanted = [_named(PERSON, User, keys("performed_by_id"), "full_name", User.objects.all())]
    if noun != "contact":
        wanted.append(_named(CONTACT, Contact, keys("contact_id"), "name", Contact.objects.visible_to(user)))
    if noun != "deal":
        wanted.append(_named(DEAL, Deal, keys("deal_id"), "title", Deal.objects.visible_to(user)))
    noted = {row["pk"] for row in rows if "@" in row["note"]}
    told = Mention.objects.filter(activity__in=noted).order_by()
    wanted.append(_listed(told, MENTIONED, "activity_id", "user__full_name") if noted else Mention.objects.none())
    asked = [query for query in wanted if not query.query.is_empty()]
    return Names(asked[0].union(*asked[1:], all=True) if asked else ())


def _named(what: str, model: type[Model], keys: set[int], name: str, rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    return _listed(rows.filter(pk__in=keys).order_by(), what, "pk", name) if keys else model._default_manager.none()


def _listed(rows: QuerySet[Any], what: str, key: str, name: str) -> QuerySet[Any, Any]:
    told = rows.annotate(what_=Value(what, output_field=CharField()), key_=F(key), name_=F(name))
    return told.values_list("what_", "key_", "name_")
