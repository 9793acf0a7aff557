"""The records that somebody chose in a list: by ticking rows, or all that its filters find."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import QueryDict

from crm.lists import companies, contacts, deals
from crm.lists.filters import Asker, Rows
from crm.lists.listing import Listing
from crm.lists.pages import ListPage, pages

OF_NOUN = {"company": companies.COMPANIES, "contact": contacts.CONTACTS, "deal": deals.DEALS}


def page_of(noun: str) -> ListPage | None:
    """The list of a noun, by the list's own word ("companies") or the record's ("company")."""
    return OF_NOUN.get(noun) or pages.get(noun)


def selected(noun: str, user: Any, query: str, ids: Sequence[int], at: datetime) -> Rows:
    """The records with the keys `ids`, or without any all that the list's `query` finds; of those that `user` may see, in no order.

    Raises KeyError for a noun that has no list.
    """
    page = page_of(noun)
    if page is None:
        raise KeyError(noun)
    if ids:
        manager: Any = page.model._default_manager
        return manager.visible_to(user, page.permission).filter(pk__in=ids)
    return Listing(page, Asker(user, at), QueryDict(query)).found()
