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
from crm.lists.cells import Cell
from crm.lists.filters import Asker, Filter, Rows
from crm.lists.keyset import Order

Label = str | Promise


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column. `sort` is the model's column it sorts by (none: it does not); `field` of `of` must be readable.

    `reads` are the names it takes from the row, `adds` annotations that it needs besides (read only while it is shown); `draw`
    makes the cell of a row, `plain` the value for a file (`cells.Money` in a `money` column), where a `summed` one has a total.
    A `standard` one is shown to whoever chose none. `inline` is the field that the cell edits. In a list with a row template of
    its own, the template draws what has no `draw`.
    """

    key: str
    label: Label
    field: str = ""
    of: type[Model] | None = None
    sort: str = ""
    descending: bool = False
    nullable: bool = False
    classes: str = ""
    standard: bool = True
    reads: Sequence[str] = ()
    adds: Callable[[Asker], Mapping[str, Any]] | None = None
    draw: Callable[[Any, Asker], Cell] | None = None
    plain: Callable[[Any, Asker], Any] | None = None
    inline: str = ""
    money: bool = False
    summed: bool = False

    @property
    def order(self) -> Order:
        return Order(self.sort, self.descending, self.nullable)


@dataclass(frozen=True)
class View:
    """A view that everybody has: a word and the query it stands for ("owner=me")."""

    label: Label
    query: str = ""


def _none() -> Sequence[Any]:
    return ()


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """A list of records of one model. The first column is the record's name: it leads to the record and always stays.

    `show` turns a row into what the row template draws beside the columns' own cells (format there, once per value), `reads`
    are the names that it takes; a list that reads otherwise has `read`, which gets the narrowed query and returns
    `.values(...)`. `search` narrows by what was typed, where the search over everything does not know the model. `counted` says
    a number of records in words; `noun` names the kept views. `extra_columns` and `extra_filters` are asked at each request,
    for fields that come and go. `also_out` are columns that only a file has: what the row template draws beside others.
    """

    noun: str
    model: type[Model]
    permission: Permission
    url_name: str
    title: Label
    columns: Sequence[Column]
    filters: Sequence[Filter]
    show: Callable[[Any, Asker], dict[str, Any]]
    counted: Callable[[int], str]
    sort: str
    search_label: Label
    read: Callable[[Rows, Asker], Rows] | None = None
    reads: Sequence[str] = ()
    row_template: str = "crm/lists/_row.html"
    extra_columns: Callable[[], Sequence[Column]] = _none
    extra_filters: Callable[[], Sequence[Filter]] = _none
    also_out: Sequence[Column] = ()
    search: Callable[[Rows, str], Rows] | None = None
    views: Sequence[View] = ()
    empty: Mapping[str, Any] = field(default_factory=dict)
    template: str = "crm/lists/page.html"
    size: int = 50
    bulk: str = ""

    @property
    def choosable(self) -> bool:
        """Whether people choose the columns: where each draws itself."""
        return all(column.draw for column in self.columns[1:])

    @property
    def exportable(self) -> bool:
        """Whether the list goes out as a file: where its columns have plain values."""
        return any(column.plain for column in self.columns)

    def columns_for(self, user: Any, use: Use = Use.READ) -> list[Column]:
        """The columns this person may read, the company's own ones last."""
        every = [*self.columns, *self.extra_columns()]
        return [column for column in every if self._allowed(user, column.of, column.field or column.key, use)]

    def out_with(self, columns: Sequence[Column], user: Any) -> list[Column]:
        """Those of `columns`, and of what only a file has, whose values may leave with this person."""
        return [
            column
            for column in (*columns, *self.also_out)
            if column.plain and self._allowed(user, column.of, column.field or column.key, Use.EXPORT)
        ]

    def filters_for(self, user: Any) -> list[Filter]:
        """The filters over fields that this person may read."""
        every = [*self.filters, *self.extra_filters()]
        return [one for one in every if self._allowed(user, one.of, one.field, Use.READ)]

    def read_rows(self, rows: Rows, columns: Sequence[Column], asker: Asker) -> Rows:
        """The narrowed `rows` as values: what `show` needs and what the columns on screen need, no more."""
        if self.read is not None:
            return self.read(rows, asker)
        added: dict[str, Any] = {}
        for column in columns:
            added |= column.adds(asker) if column.adds else {}
        names = [*self.reads, *added, *(name for column in columns for name in column.reads)]
        return rows.annotate(**added).values(*dict.fromkeys(names))

    def _allowed(self, user: Any, of: type[Model] | None, name: str, use: Use) -> bool:
        return name in policy.fields(user, of or self.model, use)


pages: dict[str, ListPage] = {}


def register(page: ListPage) -> ListPage:
    """Make a list known by its noun, so that its views can be kept."""
    pages[page.noun] = page
    return page
