"""Saved views: a list's filters, order and columns under a name of one's own."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.refusals import Refused
from crm.models import SavedView
from crm.services.base import allow, check_filled
from crm.services.text import cleaned

MOST = 30
PASSING = ("page", "cursor", "csrfmiddlewaretoken", "view")
"""Where somebody is in a list is no part of the view."""


class TooManyViews(Refused):
    code = "too_many_views"
    message = _("You have saved as many views here as fit. Remove one first.")


@transaction.atomic
def save(*, page: str, name: str, query: str, by: User, at: datetime) -> SavedView:
    """Keep a list's query string under a name; an existing view of that name and page is replaced."""
    allow(by, Permission.VIEW_SAVE)
    asked = QueryDict(query.removeprefix("?"), mutable=True)
    for passing in PASSING:
        asked.pop(passing, None)
    words = cleaned(SavedView, {"page": page, "name": name, "query": asked.urlencode()})
    check_filled(words["name"], _("Give the view a name."), field="name")
    mine = SavedView.objects.filter(user=by, page=words["page"])
    if mine.exclude(name=words["name"]).count() >= MOST:
        raise TooManyViews
    kept, _created = SavedView.objects.update_or_create(
        user=by, page=words["page"], name=words["name"], defaults={"query": words["query"]}
    )
    return kept


@transaction.atomic
def forget(*, view: SavedView, by: User, at: datetime) -> None:
    """Remove a view of one's own."""
    allow(by, Permission.VIEW_SAVE, view)
    view.delete()
