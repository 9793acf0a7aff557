"""What somebody asked of a list: filters, columns and order, each checked, and written in one spelling.

Nothing in an address is trusted: what is unknown, wrong or not allowed is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from crm.lists.filters import Asker, Filter
from crm.lists.keyset import Order
from crm.lists.pages import Column, ListPage

SEARCH_LENGTH = 100
KEPT_COMMAS = ",."


class Asked:
    """`ListPage` + person + query, before anything is read."""

    standard = ""
    """The query with which the list opens when nothing is asked."""

    def __init__(self, page: ListPage, asker: Asker, params: Mapping[str, Any]) -> None:
        self.page = page
        self.asker = asker
        self.offered = page.columns_for(asker.user)
        self.known_filters = page.filters_for(asker.user)
        self.columns = self._chosen(params)
        self.shows = {column.key: True for column in self.columns}
        self.values = self._clean(params)
        self.sort, self.order = self._sorted(params.get("sort", ""))

    @property
    def q(self) -> str:
        """What was typed into the list's own search box."""
        return self.values.get("q", "")

    @property
    def narrowed(self) -> bool:
        """Whether the list shows less than all that the person may see."""
        return bool(self.values)

    @cached_property
    def query(self) -> str:
        """What was asked, in one spelling: the same question always makes the same text. Without the place in the list."""
        return self.query_with()

    @property
    def path(self) -> str:
        return reverse(self.page.url_name)

    @property
    def everything(self) -> str:
        """The address of the list without any filter, with the same columns."""
        return self.address(urlencode({"cols": self.cols} if self.is_chosen else {}, safe=KEPT_COMMAS))

    @property
    def usual(self) -> str:
        """The address of the same with the columns that everybody has."""
        return self.address(self.query_with(cols=""))

    def query_with(self, *, without: str = "", **other: str) -> str:
        """The query with the filter `without` taken away, or with another `sort` or `cols`; an empty one is taken away too."""
        values = {key: value for key, value in self.values.items() if key != without}
        rest = {"cols": self.cols if self.is_chosen else "", "sort": self.sort} | other
        if rest["sort"] == self.page.sort:
            rest["sort"] = ""
        return urlencode({**values, **{key: value for key, value in rest.items() if value}}, safe=KEPT_COMMAS)

    def address(self, query: str) -> str:
        """The address of a query; everything has to be asked for where the list opens with something else."""
        query = query or ("all=1" if self.standard else "")
        return f"{self.path}?{query}" if query else self.path

    @property
    def standard_columns(self) -> list[Column]:
        return [column for column in self.offered if column.standard]

    @property
    def is_chosen(self) -> bool:
        """Whether the person looks at other columns than everybody."""
        return [column.key for column in self.columns] != [column.key for column in self.standard_columns]

    @property
    def cols(self) -> str:
        """The columns on screen beside the record's name, as the address names them; a dash for none."""
        return ",".join(column.key for column in self.columns[1:]) or "-"

    def _chosen(self, params: Mapping[str, Any]) -> list[Column]:
        """The columns on screen, in order: the record's name, then those asked for, else the standard ones."""
        getlist = getattr(params, "getlist", None)
        asked = ",".join(getlist("cols")) if getlist else params.get("cols", "")
        if not asked or not self.page.choosable or not self.offered:
            return self.standard_columns
        by_key = {column.key: column for column in self.offered[1:]}
        return [self.offered[0], *(by_key[key] for key in dict.fromkeys(asked.split(",")) if key in by_key)]

    def _clean(self, params: Mapping[str, Any]) -> dict[str, str]:
        typed = params.get("q", "").replace("\x00", "").strip()[:SEARCH_LENGTH]
        asked = {one.key: one.asked(params) for one in self.known_filters}
        return {key: value for key, value in ({"q": typed} | asked).items() if value}

    def _sorted(self, asked: str) -> tuple[str, Order]:
        by_key = {column.key: column for column in self.offered if column.sort}
        column = by_key.get(asked.removeprefix("-"))
        if column is None:
            asked = self.page.sort
            column = next(one for one in self.page.columns if one.key == asked.removeprefix("-"))
        order = column.order
        return asked, order.turned() if asked.startswith("-") else order

    def filter_of(self, key: str) -> Filter | None:
        return next((one for one in self.known_filters if one.key == key), None)
