"""How a list is described: its columns, filters and views, and how its rows are read and shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise

from accounts import policy
from accounts.permissions import Permission
from accounts.policy import Use
from crm.lists.filters import Asker, Filter, Rows
from crm.lists.keyset import Order

Label = str | Promise


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column. `sort` is the model's column it sorts by (none: it does not); `field` of `of` must be readable.

    The row's template asks `list.shows.<key>` before it draws the cell.
    """

    key: str
    label: Label
    field: str = ""
    of: type[Model] | None = None
    sort: str = ""
    descending: bool = False
    nullable: bool = False
    classes: str = ""

    @property
    def order(self) -> Order:
        return Order(self.sort, self.descending, self.nullable)


@dataclass(frozen=True)
class View:
    """A view that everybody has: a word and the query it stands for ("owner=me")."""

    label: Label
    query: str = ""


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """A list of records of one model.

    `read` gets the narrowed query and the asker and returns `.values(...)`; `show` turns one such row into what the
    template `row_template` draws (format there, once per value). `search` narrows by what was typed, where the search over
    everything does not know the model. `counted` says a number of records in words; `noun` names the kept views.
    """

    noun: str
    model: type[Model]
    permission: Permission
    url_name: str
    title: Label
    columns: Sequence[Column]
    filters: Sequence[Filter]
    read: Callable[[Rows, Asker], Rows]
    show: Callable[[Any, Asker], dict[str, Any]]
    counted: Callable[[int], str]
    row_template: str
    sort: str
    search_label: Label
    search: Callable[[Rows, str], Rows] | None = None
    views: Sequence[View] = ()
    empty: Mapping[str, Any] = field(default_factory=dict)
    template: str = "crm/lists/page.html"
    size: int = 50

    def columns_for(self, user: Any) -> list[Column]:
        """The columns this person may read."""
        return [column for column in self.columns if self._readable(user, column.of, column.field or column.key)]

    def filters_for(self, user: Any) -> list[Filter]:
        """The filters over fields that this person may read."""
        return [one for one in self.filters if self._readable(user, one.of, one.field)]

    def _readable(self, user: Any, of: type[Model] | None, name: str) -> bool:
        return name in policy.fields(user, of or self.model, Use.READ)


pages: dict[str, ListPage] = {}


def register(page: ListPage) -> ListPage:
    """Make a list known by its noun, so that its views can be kept."""
    pages[page.noun] = page
    return page
