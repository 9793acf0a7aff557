"""What a list can be narrowed by: choices, records (people, tags), the beginning of a text, a yes. Days and amounts lie in `spans`.

A value in the address is one text: several choices stand side by side with commas between ("owner=me,12").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db.models import CharField, Exists, F, Model, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import policy
from accounts.policy import Use

Rows = QuerySet[Any, Any]
Label = str | Promise
MINE = "me"
NONE, ANY = "none", "any"
TEXT_LENGTH = 100
MOST_CHOSEN = 20
EMPTY: list[tuple[str, Label]] = [(NONE, _("Not set")), (ANY, _("Set"))]


@dataclass(frozen=True)
class Asker:
    """Who asks for a list, and when."""

    user: Any
    at: datetime


Narrow = Callable[[Rows, str, Asker], Rows]


@dataclass(frozen=True, kw_only=True)
class Filter:
    """One filter. `key` is its name in the address; `field` the field of `of` (the list's own model when empty) that the
    asker must be allowed to read. `options` are fixed choices; `suggest` names the autocomplete that offers more; `several`
    may be chosen at once. `quick` ones stand beside the search box, the others behind the button."""

    key: str
    label: Label
    kind: Literal["choice", "record", "text", "toggle", "days", "amount"]
    narrow: Narrow
    field: str
    of: type[Model] | None = None
    options: Sequence[tuple[str, Label]] = ()
    source: type[Model] | None = None
    named_by: str = ""
    suggest: str = ""
    icon: str = ""
    several: bool = False
    quick: bool = False
    read_span: Callable[[str], str] | None = None

    def asked(self, params: Mapping[str, Any]) -> str:
        """The value that the address gives it, in its one spelling; empty when it says nothing that this filter understands."""
        getlist = getattr(params, "getlist", None)
        given = getlist(self.key) if getlist else [params[self.key]] if self.key in params else []
        ends = [params.get(f"{self.key}_{end}", "").strip() for end in ("from", "to")]
        if self.read_span and any(ends):
            given = ["..".join(ends)]
        return self.clean(",".join(given) if self.several else "".join(given[-1:]))

    def clean(self, value: str) -> str:
        """The value as it may stand in the address; empty when it says nothing that this filter understands."""
        value = value.strip().replace("\x00", "")
        if self.kind == "text":
            return value[:TEXT_LENGTH]
        known = [one for one in value.split(",") if self._understands(one)]
        if self.read_span and not known:
            return self.read_span(value)
        return ",".join(list(dict.fromkeys(known))[: MOST_CHOSEN if self.several else 1])

    def _understands(self, value: str) -> bool:
        return value in {offered for offered, _label in self.options} or (self.kind == "record" and is_key(value))

    def names(self, value: str, user: Any) -> Rows | None:
        """The choices that the page has to look up, as rows (filter, key, name, ""): all of a short list, else the chosen ones,
        of those that `user` may see."""
        if self.source is None:
            return None
        rows: Any = self.source._default_manager.all()
        rows = rows.visible_to(user) if hasattr(rows, "visible_to") else rows
        if self.suggest:
            chosen = [one for one in value.split(",") if is_key(one)]
            if not chosen:
                return None
            rows = rows.filter(pk__in=chosen)
        return rows.order_by().values_list(
            Value(self.key), Cast("pk", CharField()), F(self.named_by), Value(""), named=False
        )


def is_key(value: str) -> bool:
    """Whether a text can be the key of a record."""
    return value.isascii() and value.isdigit() and len(value) <= 18


def choice(key: str, label: Label, options: Sequence[tuple[str, Label]], narrow: Narrow, **more: Any) -> Filter:
    """One of a few fixed values."""
    return Filter(key=key, label=label, kind="choice", options=options, narrow=narrow, **{"field": key, **more})


def choices(key: str, label: Label, options: Sequence[tuple[str, Label]], **more: Any) -> Filter:
    """Any of a few values of the model's own column `key`."""

    def narrow(rows: Rows, value: str, asker: Asker) -> Rows:
        return rows.filter(**{f"{key}__in": value.split(",")})

    return choice(key, label, options, narrow, several=True, **more)


def toggle(key: str, label: Label, narrow: Callable[[Rows, Asker], Rows], **more: Any) -> Filter:
    """A yes, drawn as a chip; `?key=1`."""
    return Filter(
        key=key, label=label, kind="toggle", options=[("1", label)], quick=True,
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
    key: str,
    label: Label,
    source: type[Model],
    *,
    named_by: str,
    suggest: str = "",
    mine: Label = "",
    empty: bool = False,
    **more: Any,
) -> Filter:
    """Any of the records that the rows refer to by their field `key`. With `mine` the first choice is the asker himself, with
    `empty` one may ask for rows that refer to none, or to any at all."""

    def narrow(rows: Rows, value: str, asker: Asker) -> Rows:
        asked = value.split(",")
        keys = [asker.user.pk if one == MINE else int(one) for one in asked if one not in (NONE, ANY)]
        wanted = Q(_refers(rows.model, key, keys)) if keys else Q()
        if ANY in asked:
            wanted |= _refers(rows.model, key, None)
        if NONE in asked:
            wanted |= ~_refers(rows.model, key, None)
        return rows.filter(wanted)

    return Filter(
        key=key, label=label, kind="record", narrow=narrow, source=source, named_by=named_by, suggest=suggest, several=True,
        options=[*([(MINE, mine)] if mine else []), *(EMPTY if empty else [])], **{"field": key, **more},
    )  # fmt: skip


def _refers(model: type[Model], key: str, keys: list[int] | None) -> Q:
    """Rows that refer to one of `keys` by their field `key`, each once; to anything, without `keys`."""
    field: Any = model._meta.get_field(key)
    if not field.many_to_many:
        return Q(**({f"{key}__isnull": False} if keys is None else {f"{key}__in": keys}))
    through = field.remote_field.through._base_manager.filter(**{field.m2m_field_name(): OuterRef("pk")})
    return Q(Exists(through if keys is None else through.filter(**{f"{field.m2m_reverse_field_name()}__in": keys})))


def gaps(key: str, label: Label, names: Mapping[str, Label], *, filled: bool, **more: Any) -> Filter:
    """Rows in which every one of the chosen texts is empty, or is not (`filled`)."""

    def narrow(rows: Rows, value: str, asker: Asker) -> Rows:
        for name in set(value.split(",")) & policy.fields(asker.user, rows.model, Use.READ):
            rows = rows.exclude(**{name: ""}) if filled else rows.filter(**{name: ""})
        return rows

    options = list(names.items())
    return Filter(
        key=key, label=label, kind="choice", options=options, narrow=narrow, several=True, **{"field": "name", **more}
    )
