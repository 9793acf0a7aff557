"""Columns that many lists have. Each says by itself what it reads, how it is drawn and what goes into a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils.translation import gettext_lazy as _

from crm.lists import cells
from crm.lists.filters import Asker, Label
from crm.lists.pages import Column
from crm.models import Tag


def words(key: str, label: Label, **more: Any) -> Column:
    """A text of the record."""
    return _column(
        key, label, more, reads=(key,), draw=lambda row, asker: cells.text(row[key]), plain=lambda row, asker: row[key]
    )


def figure(key: str, label: Label, **more: Any) -> Column:
    """A whole number of the record."""
    more = {"classes": "is-secondary u-num", "summed": True, **more}
    return _column(
        key,
        label,
        more,
        reads=(key,),
        draw=lambda row, asker: cells.number(row[key]),
        plain=lambda row, asker: row[key],
    )


def year(key: str, label: Label, **more: Any) -> Column:
    """A year, without the space between thousands."""
    return figure(key, label, draw=lambda row, asker: cells.text(row[key]), summed=False, **more)


def amount(key: str, label: Label, column: str, currency: str = "currency", **more: Any) -> Column:
    """An amount in minor units with its currency."""
    return _column(
        key, label, {"classes": "is-secondary u-num", **more}, field=column, reads=(column, currency), money=True,
        draw=lambda row, asker: cells.money(row[column], row[currency]),
        plain=lambda row, asker: cells.Money(row[column], row[currency]),
    )  # fmt: skip


def day(key: str, label: Label, column: str, **more: Any) -> Column:
    """A date of the record."""
    return _column(
        key, label, {"classes": "is-secondary u-nowrap", **more}, field=column, reads=(column,),
        draw=lambda row, asker: cells.day(row[column], asker.at), plain=lambda row, asker: row[column],
    )  # fmt: skip


def moment(key: str, label: Label, column: str, **more: Any) -> Column:
    """An instant of the record."""
    return _column(
        key, label, {"classes": "is-secondary u-nowrap", **more}, field=column, reads=(column,),
        draw=lambda row, asker: cells.moment(row[column], asker.at), plain=lambda row, asker: row[column],
    )  # fmt: skip


def owner(**more: Any) -> Column:
    """Whose record it is."""
    return someone("owner", _("Owner"), "owner__full_name", **{"standard": True, **more})


def someone(key: str, label: Label, column: str, **more: Any) -> Column:
    """A colleague whom the record names."""
    return _column(
        key, label, more, reads=(column,), draw=lambda row, asker: cells.person(row[column] or ""),
        plain=lambda row, asker: row[column],
    )  # fmt: skip


def tags(relation: str, **more: Any) -> Column:
    """The tags; `relation` is how they refer to the records of the list ("companies")."""

    def adds(asker: Asker) -> dict[str, Any]:
        named = Tag.objects.filter(**{relation: OuterRef("pk")}).order_by("name").values("name")
        return {"tag_names": ArraySubquery(named)}

    return _column(
        "tags", _("Tags"), more, adds=adds, draw=lambda row, asker: cells.badges(row["tag_names"]),
        plain=lambda row, asker: ", ".join(row["tag_names"]),
    )  # fmt: skip


def picked(key: str, label: Label, column: str, words_of: Callable[[Any], Any], **more: Any) -> Column:
    """One of a few values, drawn by its word."""
    return _column(
        key, label, more, reads=(column,), draw=lambda row, asker: cells.text(words_of(row[column])),
        plain=lambda row, asker: str(words_of(row[column])),
    )  # fmt: skip


def _column(key: str, label: Label, more: dict[str, Any], **usual: Any) -> Column:
    """A column that people may add, secondary on a phone, unless `more` says otherwise."""
    return Column(**{"key": key, "label": label, "classes": "is-secondary", "standard": False, **usual, **more})
