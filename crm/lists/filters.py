"""What a list can be narrowed by: a choice, a record (a person, a tag), the beginning of a text, a yes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db.models import CharField, F, Model, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.functional import Promise

Rows = QuerySet[Any, Any]
Label = str | Promise
MINE = "me"
TEXT_LENGTH = 100


@dataclass(frozen=True)
class Asker:
    """Who asks for a list, and when."""

    user: Any
    at: datetime


Narrow = Callable[[Rows, str, Asker], Rows]


@dataclass(frozen=True, kw_only=True)
class Filter:
    """One filter. `key` is its name in the address; `field` the field of `of` (the list's own model when empty) that the
    asker must be allowed to read. `options` are fixed choices; `suggest` names the autocomplete that offers more."""

    key: str
    label: Label
    kind: Literal["choice", "record", "text", "toggle"]
    narrow: Narrow
    field: str
    of: type[Model] | None = None
    options: Sequence[tuple[str, Label]] = ()
    source: type[Model] | None = None
    named_by: str = ""
    suggest: str = ""
    icon: str = ""

    def clean(self, value: str) -> str:
        """The value as it may stand in the address; empty when it says nothing that this filter understands."""
        value = value.strip().replace("\x00", "")
        fixed = {offered for offered, _label in self.options}
        if self.kind == "text":
            return value[:TEXT_LENGTH]
        if self.kind == "record":
            return value if value in fixed or _is_key(value) else ""
        return value if value in fixed else ""

    def names(self, value: str) -> Rows | None:
        """The choices that the page has to look up, as rows (filter, key, name, ""): all of a short list, else the chosen one."""
        if self.source is None:
            return None
        rows = self.source._default_manager.all()
        if self.suggest:
            if not _is_key(value):
                return None
            rows = rows.filter(pk=value)
        return rows.order_by().values_list(
            Value(self.key), Cast("pk", CharField()), F(self.named_by), Value(""), named=False
        )


def _is_key(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= 18


def choice(key: str, label: Label, options: Sequence[tuple[str, Label]], narrow: Narrow, **more: Any) -> Filter:
    """One of a few fixed values."""
    return Filter(key=key, label=label, kind="choice", options=options, narrow=narrow, **{"field": key, **more})


def toggle(key: str, label: Label, narrow: Callable[[Rows, Asker], Rows], **more: Any) -> Filter:
    """A yes, drawn as a chip; `?key=1`."""
    return Filter(
        key=key, label=label, kind="toggle", options=[("1", label)],
        narrow=lambda rows, value, asker: narrow(rows, asker), **{"field": key, **more},
    )  # fmt: skip


def text(key: str, label: Label, lookup: str = "", **more: Any) -> Filter:
    """The beginning of a text, without regard to case; `lookup` replaces `<key>__istartswith`."""
    lookup = lookup or f"{key}__istartswith"
    return Filter(
        key=key, label=label, kind="text",
        narrow=lambda rows, value, asker: rows.filter(**{lookup: value}), **{"field": key, **more},
    )  # fmt: skip


def record(
    key: str, label: Label, source: type[Model], *, named_by: str, suggest: str = "", mine: Label = "", **more: Any
) -> Filter:
    """A record that the rows refer to by their field `key`. With `mine` the first choice is the asker himself."""

    def narrow(rows: Rows, value: str, asker: Asker) -> Rows:
        return rows.filter(**{key: asker.user.pk if value == MINE else int(value)})

    return Filter(
        key=key, label=label, kind="record", narrow=narrow, source=source, named_by=named_by, suggest=suggest,
        options=[(MINE, mine)] if mine else [], **{"field": key, **more},
    )  # fmt: skip
