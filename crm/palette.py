"""The palette beside the search: verbs about what was found ("Log call with …"), typed in words, and the views one keeps.

A query may begin with words of a verb in the reader's language: "log kow", "new deal quarry". The rest is searched for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Permission
from accounts.policy import holds
from crm.folding import fold
from crm.lists.filters import Rows
from crm.lists.selection import page_of
from crm.models import SavedView
from crm.search import Found, Group, find

VIEWS_SHOWN = 5
OFFERED = 8
NAME = "%(name)s"


@dataclass(frozen=True)
class Verb:
    """Something to do with a record of a noun, in a dialog."""

    noun: str
    label: Any
    icon: str
    url_name: str
    permission: Permission


VERBS: Sequence[Verb] = (
    Verb("contact", gettext_lazy("Log call with %(name)s"), "phone", "crm:quick-log", Permission.ACTIVITY_ADD),
    Verb("company", gettext_lazy("Log call with %(name)s"), "phone", "crm:quick-log", Permission.ACTIVITY_ADD),
    Verb("company", gettext_lazy("New deal for %(name)s"), "currency-euro", "crm:deal-new", Permission.DEAL_ADD),
    Verb("contact", gettext_lazy("New deal for %(name)s"), "currency-euro", "crm:deal-new", Permission.DEAL_ADD),
    Verb("deal", gettext_lazy("New task for %(name)s"), "square-plus", "crm:task-new", Permission.TASK_ADD),
    Verb("contact", gettext_lazy("New task for %(name)s"), "square-plus", "crm:task-new", Permission.TASK_ADD),
    Verb("company", gettext_lazy("New task for %(name)s"), "square-plus", "crm:task-new", Permission.TASK_ADD),
)


@dataclass(frozen=True)
class Answer:
    """What the palette draws for a query: verbs to do, records by noun, kept views."""

    verbs: list[dict[str, Any]]
    first: bool
    """Whether the verbs were asked for, and stand before the records."""
    groups: list[Group]
    views: list[dict[str, Any]]


def answer(user: Any, query: str, limit: int) -> Answer:
    """Records, views and verbs for what was typed; two statements at most."""
    asked, rest = meant(user, query)
    found: Found = find(user, rest, limit, _views(user, query))
    verbs = asked or [verb for verb in VERBS if holds(user, verb.permission)]
    return Answer(
        verbs=_offers(verbs, found.groups, rest if asked else ""),
        first=bool(asked),
        groups=found.groups,
        views=[_view(view) for view in found.also[0] if page_of(view["page"])],
    )


def meant(user: Any, query: str) -> tuple[list[Verb], str]:
    """The verbs whose words the query begins with, and what is left of it; none, with the whole query, where nothing would be left."""
    best: list[Verb] = []
    left = typed = query.split()
    for verb in VERBS:
        if not holds(user, verb.permission):
            continue
        rest = _without(typed, fold(str(verb.label).partition(NAME)[0]).split())
        if len(rest) < len(left):
            best, left = [verb], rest
        elif len(rest) == len(left) < len(typed):
            best.append(verb)
    return (best, " ".join(left)) if best and left else ([], query)


def _without(typed: list[str], words: list[str]) -> list[str]:
    """What remains of the typed words once those at its beginning are taken off that begin the verb's words, in their order."""
    rest = list(typed)
    for word in words:
        if rest and (begun := fold(rest[0])) and word.startswith(begun):
            rest = rest[1:]
    return rest


def _offers(verbs: Iterable[Verb], groups: Iterable[Group], asked: str) -> list[dict[str, Any]]:
    """The verbs with the best record of each noun; when they were `asked` for, with all that they fit, whose names begin so first."""
    found = {group.noun: group.records if asked else group.records[:1] for group in groups}
    pairs = [(verb, record) for verb in verbs for record in found.get(verb.noun, [])]
    if asked:
        pairs.sort(key=lambda pair: not fold(str(pair[1])).startswith(fold(asked)))
    return [_offer(verb, record) for verb, record in pairs[:OFFERED]]


def _offer(verb: Verb, record: Any) -> dict[str, Any]:
    return {
        "id": f"{verb.url_name.replace(':', '-')}-{verb.noun}-{record.pk}",
        "href": f"{reverse(verb.url_name)}?{verb.noun}={record.pk}",
        "title": verb.label % {"name": record},
        "icon": verb.icon,
        "dialog": True,
    }


def _views(user: Any, query: str) -> Rows:
    """Kept views whose names have all the words."""
    named = Q()
    for word in query.split():
        named &= Q(name__icontains=word)
    rows = SavedView.objects.visible_to(user).filter(named).order_by("name", "pk")
    return rows.values("id", "page", "name", "query")[:VIEWS_SHOWN]


def _view(view: dict[str, Any]) -> dict[str, Any]:
    page: Any = page_of(view["page"])
    return {
        "id": f"view-{view['id']}",
        "href": f"{reverse(page.url_name)}?{view['query']}",
        "title": view["name"],
        "sub": _("View of %(list)s") % {"list": page.title},
        "icon": "table",
    }
