"""A list as one person asked for it: everything that its templates draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Cast, Coalesce
from django.http import QueryDict
from django.urls import reverse

from accounts.formats import number
from accounts.permissions import Permission
from accounts.policy import holds
from crm import search
from crm.lists.asked import Asked
from crm.lists.filters import Asker, Filter, Label, Rows
from crm.lists.keyset import MOST_COUNTED, Counted, Cursor, Page, page
from crm.lists.pages import Column, ListPage
from crm.lists.shown import Chip, Drawn, chips_of, drawn_of
from crm.models import SavedView, StandardView

VIEWS = ("view", "offered")


@dataclass(frozen=True)
class Head:
    """The head of a column, ready to draw; without `href` it does not sort."""

    label: Label
    classes: str
    href: str = ""
    direction: str = ""


@dataclass(frozen=True)
class Tab:
    """A view as a tab; `pk` when somebody kept it, `own` when it was this person; the list opens with the `standard` one."""

    label: Label
    href: str
    current: bool
    pk: int | None = None
    own: bool = False
    standard: bool = False


class Listing(Asked):
    """What was asked, with the answers, each read when a template first wants it."""

    def __init__(self, page: ListPage, asker: Asker, params: Mapping[str, Any]) -> None:
        super().__init__(page, asker, params)
        self._after, self._before = params.get("after", ""), params.get("before", "")

    @property
    def url(self) -> str:
        """The address of the first page of what was asked."""
        return self._url()

    @property
    def here(self) -> str:
        """The address of this very page."""
        place = {"before": self._before} if self._before else {"after": self._after}
        return self._url(**place) or self.url

    @cached_property
    def heads(self) -> list[Head]:
        return [self._head(column) for column in self.columns]

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """The rows of this page as the row template draws them."""
        drawn = [(column, self._classes(column), column.draw) for column in self.columns[1:] if column.draw]
        asker, show = self.asker, self.page.show
        return [
            {
                **show(row, asker),
                "pk": row["pk_"],
                "cells": [{**draw(row, asker), "classes": css, "inline": column.inline} for column, css, draw in drawn],
            }
            for row in self._page.rows
        ]

    @property
    def previous(self) -> str:
        return self._url(before=self._page.previous)

    @property
    def next(self) -> str:
        return self._url(after=self._page.next)

    @property
    def total(self) -> int:
        """How many there are, counted up to one more than MOST_COUNTED."""
        return self._page.rows[0]["total_"] if self._page.rows else 0

    @property
    def counted(self) -> str:
        """How many there are, in words; never more than is counted: "1 000+"."""
        said = self.page.counted(min(self.total, MOST_COUNTED))
        return said.replace(number(MOST_COUNTED), f"{number(MOST_COUNTED)}+") if self.total > MOST_COUNTED else said

    @cached_property
    def filters(self) -> list[Drawn]:
        return [drawn_of(one, self.values.get(one.key, ""), self._options(one)) for one in self.known_filters]

    @property
    def quick_filters(self) -> list[Drawn]:
        return [drawn for drawn in self.filters if drawn.filter.quick]

    @property
    def more_filters(self) -> list[Drawn]:
        return [drawn for drawn in self.filters if not drawn.filter.quick]

    @cached_property
    def chips(self) -> list[Chip]:
        """Every filter in force, in words, with the address that is without it."""
        return chips_of(self, self.filters)

    @cached_property
    def tabs(self) -> list[Tab]:
        """Everybody's views, then those kept by the person or offered by a colleague."""
        known = [(view.label, view.query, None, False) for view in self.page.views]
        kept = [(name, query, int(pk), kind == "view") for kind, pk, name, query in self._names if kind in VIEWS]
        return [
            Tab(label, self.address(query), query == self.query, pk, own, query == self.standard)
            for label, query, pk, own in [*known, *kept]
        ]

    @property
    def current(self) -> Tab | None:
        """The view that is shown."""
        return next((tab for tab in self.tabs if tab.current), None)

    @property
    def in_view(self) -> bool:
        """Whether what is shown is one of the tabs."""
        return self.current is not None

    @property
    def kept(self) -> Tab | None:
        """The person's own view that is shown."""
        return next((tab for tab in self.tabs if tab.current and tab.own), None)

    @property
    def own_views(self) -> list[Tab]:
        """What the person may change: nothing while no filter or column is chosen that a view could take over."""
        return [tab for tab in self.tabs if tab.own] if self.query else []

    @cached_property
    def standard(self) -> str:  # type: ignore[override]
        """The query with which the list opens for this person."""
        return next((query for kind, _pk, _name, query in self._names if kind == "standard"), "")

    @property
    def empty_url(self) -> str:
        """Where somebody with nothing in his list begins; empty when he may not."""
        name, permission = self.page.empty.get("url_name"), self.page.empty.get("permission")
        return reverse(name) if name and (permission is None or holds(self.asker.user, permission)) else ""

    @property
    def may_keep(self) -> bool:
        """Whether what is asked is worth a name: it is nobody's view yet."""
        return bool(self.query) and not self.in_view

    # --- addresses ---

    def _url(self, **place: Any) -> str:
        if place and not any(place.values()):
            return ""
        parts = [part for part in (self.query, urlencode({k: str(v) for k, v in place.items()})) if part]
        return self.address("&".join(parts))

    def _head(self, column: Column) -> Head:
        classes = self._classes(column)
        if not column.sort:
            return Head(column.label, classes)
        current = self.sort.removeprefix("-") == column.key
        direction = ("descending" if self.order.downwards else "ascending") if current else ""
        wanted = f"-{column.key}" if current and not self.sort.startswith("-") else column.key
        return Head(column.label, classes, self.address(self.query_with(sort=wanted)), direction)

    def _classes(self, column: Column) -> str:
        """What somebody chose to see does not vanish on a narrow desk."""
        return column.classes.replace("is-tertiary", "is-secondary") if self.is_chosen else column.classes

    # --- what is read ---

    def found(self) -> Rows:
        """The records that the person may see and asked for, in no order."""
        manager: Any = self.page.model._default_manager
        rows = manager.visible_to(self.asker.user, self.page.permission)
        if self.q:
            found = self.page.search or self._search
            rows = found(rows, self.q)
        for one in self.known_filters:
            if value := self.values.get(one.key):
                rows = one.narrow(rows, value, self.asker)
        return rows

    def _search(self, rows: Rows, query: str) -> Rows:
        """A few are looked up by their keys; many are met soon in any order."""
        found = rows.filter(search.condition(self.asker.user, self.page.model, query))
        keys = search.keys_of(found, MOST_COUNTED)
        return found if keys is None else rows.filter(pk__in=keys)

    @cached_property
    def _page(self) -> Page:
        found = self.found()
        read = self.page.read_rows(found, self.columns, self.asker).annotate(
            pk_=F("pk"), sorted_by=self.order.key(self.page.model), total_=Counted(found, most=MOST_COUNTED + 1)
        )
        written = self._before or self._after
        cursor = Cursor.read(written, self.order, found, backwards=bool(self._before)) if written else None
        return page(read, self.order, cursor, self.page.size)

    @cached_property
    def _names(self) -> list[tuple[str, str, str, str]]:
        """One statement for all names that the bar above the table needs: kept views, and the choices of filters."""
        asked = [one.names(self.values.get(one.key, ""), self.asker.user) for one in self.known_filters]
        queries = [query for query in (*self._kept(), *asked) if query is not None]
        if not queries:
            return []
        together: Rows = reduce(lambda left, right: left.union(right, all=True), queries)
        return sorted(together, key=lambda row: str(row[2]).casefold())

    def _kept(self) -> list[Rows]:
        """The views that the person may use, and the one with which his list opens."""
        user = self.asker.user
        if not holds(user, Permission.VIEW_SAVE):
            return []
        whose = Case(When(user=user.pk, then=Value("view")), default=Value("offered"), output_field=CharField())
        views = SavedView.objects.visible_to(user).filter(page=self.page.noun).order_by()
        opens = StandardView.objects.filter(user=user.pk, page=self.page.noun).order_by()
        return [
            views.values_list(whose, Cast("pk", CharField()), "name", "query"),
            opens.values_list(
                Value("standard"), Cast("pk", CharField()), Value(""), Coalesce("view__query", "query", output_field=CharField())
            ),
        ]  # fmt: skip

    def _options(self, one: Filter) -> list[tuple[str, Label]]:
        named: list[tuple[str, Label]] = [(pk, name) for kind, pk, name, _query in self._names if kind == one.key]
        return [*one.options, *named]


def canonical(page: ListPage, asker: Asker, query: str) -> str:
    """A list's query in its one spelling, with everything dropped that the list does not know."""
    return Asked(page, asker, QueryDict(query)).query
