"""Saved views: a list's filters, order and columns under a name, for oneself or for a team; and with which one a list opens."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import Role, Team, User
from accounts.permissions import Permission
from accounts.reach import teams_of
from accounts.refusals import NotAllowed, Refused
from crm.models import SavedView, StandardView
from crm.services.base import allow, check_filled
from crm.services.text import cleaned

MOST = 30
PASSING = ("page", "cursor", "after", "before", "csrfmiddlewaretoken", "view")
"""Where somebody is in a list is no part of the view."""


class TooManyViews(Refused):
    code = "too_many_views"
    message = _("You have saved as many views here as fit. Remove one first.")


class NameTaken(Refused):
    code = "name_taken"
    field = "name"
    message = _("You have another view of that name here. Choose another name.")


@transaction.atomic
def save(*, page: str, name: str, query: str, team: Team | None = None, by: User, at: datetime) -> SavedView:
    """Keep a list's query string under a name; an existing view of one's own of that name and page is replaced.

    With `team` it is offered to the people of that team and of those below it.
    """
    allow(by, Permission.VIEW_SAVE)
    _check_team(by, team)
    words = cleaned(SavedView, {"page": page, "name": name, "query": _lasting(query)})
    check_filled(words["name"], _("Give the view a name."), field="name")
    mine = SavedView.objects.filter(user=by, page=words["page"])
    if mine.exclude(name=words["name"]).count() >= MOST:
        raise TooManyViews
    kept, _created = SavedView.objects.update_or_create(
        user=by, page=words["page"], name=words["name"], defaults={"query": words["query"], "team": team}
    )
    return kept


@transaction.atomic
def edit(
    *, view: SavedView, name: str | None = None, query: str | None = None, team: Team | None = None, by: User, at: datetime
) -> SavedView:  # fmt: skip
    """Give a view of one's own another name, another team (or none), or what the list shows now. Raises NameTaken."""
    _check_own(view, by)
    if team != view.team:
        _check_team(by, team)
    words = cleaned(SavedView, {"name": view.name if name is None else name})
    check_filled(words["name"], _("Give the view a name."), field="name")
    if SavedView.objects.filter(user=by, page=view.page, name=words["name"]).exclude(pk=view.pk).exists():
        raise NameTaken
    view.name, view.team = words["name"], team
    if query is not None:
        view.query = cleaned(SavedView, {"query": _lasting(query)})["query"]
    view.save(update_fields=["name", "team", "query"])
    if team is None:
        StandardView.objects.filter(view=view).exclude(user=by).delete()
    return view


@transaction.atomic
def forget(*, view: SavedView, by: User, at: datetime) -> None:
    """Remove a view of one's own; lists that opened with it show everything again."""
    _check_own(view, by)
    view.delete()


@transaction.atomic
def set_standard(*, page: str, view: SavedView | None = None, query: str = "", by: User, at: datetime) -> None:
    """Let a list open with a view that one has or is offered, or with the query of one that everybody has; empty: with everything."""
    allow(by, Permission.VIEW_SAVE, view)
    if view is None and not query:
        StandardView.objects.filter(user=by, page=page).delete()
        return
    words = cleaned(StandardView, {"query": "" if view else _lasting(query)})
    StandardView.objects.update_or_create(user=by, page=page, defaults={"view": view, **words})


def teams_for(by: User) -> list[Team]:
    """The teams that somebody may offer views to: a head those that he leads, owner and coordinator all."""
    if by.role == Role.HEAD:
        return list(teams_of(by).in_order())  # type: ignore[attr-defined]
    return list(Team.objects.in_order()) if by.role in (Role.OWNER, Role.ADMIN) else []


def _lasting(query: str) -> str:
    asked = QueryDict(query.removeprefix("?"), mutable=True)
    for passing in PASSING:
        asked.pop(passing, None)
    return asked.urlencode(safe=",.")


def _check_own(view: SavedView, by: User) -> None:
    allow(by, Permission.VIEW_SAVE)
    if view.user_id != by.pk:
        raise NotAllowed


def _check_team(by: User, team: Team | None) -> None:
    if team is None:
        return
    allow(by, Permission.VIEW_SHARE)
    if team not in teams_for(by):
        raise NotAllowed
