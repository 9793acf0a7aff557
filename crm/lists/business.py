"""What the lists of contracts, complaints and purchases have in common: whose they are, and how one is looked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from crm.folding import fold
from crm.lists.cells import Money
from crm.lists.filters import Asker, Filter, Rows, record
from crm.models import Company


def whose() -> list[Filter]:
    """By client, and by who looks after it."""
    return [
        client(),
        record("owner", _("Who looks after it"), User, named_by="full_name", suggest="person", mine=_("Mine")),
    ]


def client() -> Filter:
    return record("company", _("Client"), Company, named_by="name", suggest="company")


def amount(row: Any, asker: Asker) -> Money:
    """The amount of a row, for a file."""
    return Money(row["amount_minor"], row["currency"])


def searching(*columns: str) -> Callable[[Rows, str], Rows]:
    """Finds rows whose client has all the words, or one of whose own texts begins or goes on with what was typed."""

    def search(rows: Rows, query: str) -> Rows:
        named = Q()
        for word in fold(query).split():
            named &= Q(company__folded__contains=word)
        own = [Q(**{column: query}) for column in columns]
        return rows.filter(_any([named, *own] if named else own))

    return search


def _any(conditions: Sequence[Q]) -> Q:
    wanted = Q()
    for condition in conditions:
        wanted |= condition
    return wanted
