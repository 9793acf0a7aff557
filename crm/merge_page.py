"""Two clients side by side: what differs, what both have, what comes together. One statement beside own fields' people."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import formats
from accounts.policy import Use
from accounts.policy import fields as allowed
from crm import custom
from crm.lists.keyset import Counted
from crm.merging import fields
from crm.merging.fields import Take
from crm.merging.relations import RELATIONS, Fate
from crm.models import Company, ContactEmail, ContactPhone
from crm.models.merging import CLIENTS
from crm.quality import completeness
from crm.services.merge_rules import YOUNG

COUNTS: dict[str, Any] = {
    "crm.Contact": gettext_lazy("Contacts"),
    "crm.Deal": gettext_lazy("Deals"),
    "crm.Deal_contacts": gettext_lazy("Deals"),
    "crm.Task": gettext_lazy("Tasks"),
    "crm.Activity": gettext_lazy("Activities"),
    "crm.File": gettext_lazy("Files"),
    "crm.Contract": gettext_lazy("Contracts"),
    "crm.Complaint": gettext_lazy("Complaints and returns"),
    "crm.Purchase": gettext_lazy("Purchases"),
    "crm.Share": gettext_lazy("Shared with"),
    "crm.Company": gettext_lazy("Subsidiaries"),
}
"""What hangs on a client and is counted here, by the models of the allow-list."""
SIDES = ("first", "second")


@dataclass(frozen=True)
class Option:
    """One of the values that may be taken."""

    side: str
    text: str
    chosen: bool
    by_default: bool


@dataclass(frozen=True)
class Line:
    """A field in which the two differ. `options` are the first's value, the second's and, for notes, both."""

    name: str
    label: str
    options: list[Option]

    @property
    def taken(self) -> str:
        return next(option.text for option in self.options if option.chosen)


@dataclass(frozen=True)
class Comparison:
    """Two clients as one person compares them. `sides` says by field whose value he takes, `keeps` who stays: "first" or "second"."""

    noun: str
    first: Any
    second: Any
    user: Any
    at: datetime
    keeps: str
    sides: Mapping[str, str]
    young: bool

    @property
    def records(self) -> tuple[Any, Any]:
        return self.first, self.second

    @property
    def kept(self) -> Any:
        return self.first if self.keeps == "first" else self.second

    @property
    def gone(self) -> Any:
        return self.second if self.keeps == "first" else self.first

    @property
    def choices(self) -> dict[str, str]:
        """What the service is told: whose value is taken, from where the one stands who stays."""
        return {
            name: Take.BOTH if side == "both" else Take.KEPT if side == self.keeps else Take.MERGED
            for name, side in self.sides.items()
        }

    @cached_property
    def lines(self) -> list[Line]:
        return [self._line(name) for name in fields.differing(self.first, self.second) if self._is_read(name)]

    @property
    def same(self) -> list[tuple[str, str]]:
        """What both say alike."""
        differ = set(fields.differing(self.first, self.second))
        named = [name for name in fields.FIELDS[self.noun] if name not in differ and self._is_read(name)]
        return [
            (label(self.noun, name), text)
            for name in named
            if (text := self._text(self.first, name)) and name != "owner"
        ]

    @property
    def joined(self) -> list[tuple[str, list[str]]]:
        """What is not chosen but put together: each thing once."""
        listed = {"tags": _("Tags")} | (
            {"phones": _("Phones"), "emails": _("E-mails")} if self.noun == "contact" else {}
        )
        return [
            (label, together)
            for name, label in listed.items()
            if self._is_read(name)
            and (together := list(dict.fromkeys([*self._list(self.kept, name), *self._list(self.gone, name)])))
        ]

    @property
    def counts(self) -> list[tuple[str, int, int, int]]:
        """What hangs on each and on both, as far as there is any."""
        listed = []
        for name, label in _counted(self.noun).items():
            one, other = getattr(self.first, name), getattr(self.second, name)
            if one or other:
                listed.append((label, one, other, one + other))
        return listed

    @property
    def two_tax_numbers(self) -> bool:
        if self.noun != "company":
            return False
        return bool(self.first.tax_key and self.second.tax_key and self.first.tax_key != self.second.tax_key)

    @property
    def name(self) -> str:
        """What the one that stays will be called."""
        return str(self._after.get("name", self.kept.name))

    @property
    def _after(self) -> dict[str, Any]:
        return fields.chosen(self.kept, self.gone, self.choices)

    @property
    def result(self) -> list[tuple[str, str, bool]]:
        """The facts of the one that stays, with whether each was taken from the other."""
        lines = [(line.label, line.taken, line.name in self._after) for line in self.lines if line.name != "name"]
        return [(label, text, new) for label, text, new in lines if text] + [(*fact, False) for fact in self.same]

    @property
    def complete(self) -> tuple[str, str]:
        """How complete the card is now, and will be."""
        after = copy(self.kept)
        for name, value in fields.columns(self.kept, self._after).items():
            setattr(after, name, value)
        return formats.percent(completeness(self.kept)), formats.percent(completeness(after))

    def _line(self, name: str) -> Line:
        default = fields.default(self.kept, self.gone, name)
        other = "second" if self.keeps == "first" else "first"
        by_default = {Take.KEPT: self.keeps, Take.MERGED: other, Take.BOTH: "both"}[default]
        sides = {"first": self._text(self.first, name), "second": self._text(self.second, name)}
        if fields.may_join(self.first, self.second, name):
            sides["both"] = _("Both, one after the other")
        chosen = self.sides.get(name, by_default)
        chosen = chosen if chosen in sides else by_default
        return Line(
            name,
            label(self.noun, name),
            [Option(side, text, side == chosen, side == by_default) for side, text in sides.items()],
        )

    def _is_read(self, name: str) -> bool:
        if name.startswith(custom.PREFIX):
            return name in self._own and "custom" in self._readable
        return name in self._readable

    @cached_property
    def _readable(self) -> frozenset[str]:
        return allowed(self.user, CLIENTS[self.noun][0], Use.READ)

    @cached_property
    def _own(self) -> dict[str, Any]:
        return {custom.name_of(field): field for field in custom.fields_of(self.noun)}

    def _text(self, record: Any, name: str) -> str:
        """A value in words; a company that the person does not see stays unnamed."""
        value = fields.value(record, name)
        if not fields.is_filled(value):
            return ""
        if name in self._own:
            return custom.shown(self._own[name], value)
        if name == "owner":
            return str(record.owner)
        if name in ("parent", "company"):
            return record.above or _("a company that you do not see")
        if name == "revenue_minor":
            return formats.money(*value)
        return formats.number(value) if name == "employees" else str(value)

    def _list(self, record: Any, name: str) -> list[str]:
        return list(getattr(record, f"listed_{name}"))


def label(noun: str, name: str) -> str:
    """What a field is called."""
    own = {custom.name_of(field): field.label for field in custom.fields_of(noun)}
    if name.startswith(custom.PREFIX):
        return str(own.get(name, name.removeprefix(custom.PREFIX)))
    return capfirst(str(CLIENTS[noun][0]._meta.get_field(name).verbose_name))


def read(
    *,
    noun: str,
    first: int,
    second: int,
    user: Any,
    at: datetime,
    keeps: str = "",
    sides: Mapping[str, str] | None = None,
) -> Comparison:
    """Both clients; 404 unless the person may edit them both. Who stays is the older one, or the fuller when both are old enough."""
    if noun not in CLIENTS or first == second:
        raise Http404
    found = {record.pk: record for record in _records(noun, user).filter(pk__in=[first, second])}
    if len(found) < 2:
        raise Http404
    one, other = found[first], found[second]
    newer = max(one, other, key=lambda record: (record.recorded_at, record.pk))
    young = noun == "company" and newer.recorded_at > at - YOUNG
    keeps = keeps if keeps in SIDES and not young else _likely(one, other, newer, young)
    return Comparison(noun, one, other, user, at, keeps, sides or {}, young)


def _likely(one: Any, other: Any, newer: Any, young: bool) -> str:
    older = "second" if newer is one else "first"
    if young:
        return older
    filled = [_filled(record) for record in (one, other)]
    return older if filled[0] == filled[1] else SIDES[filled.index(max(filled))]


def _filled(record: Any) -> int:
    return sum(fields.is_filled(fields.value(record, name)) for name in fields.FIELDS[fields.noun_of(record)])


def _counted(noun: str) -> dict[str, str]:
    """The names of the counts and what they are called."""
    models = {relation.label.rpartition(".")[0] for relation in RELATIONS[noun] if relation.fate != Fate.KEEP}
    return {f"n_{model.partition('.')[2].lower()}": str(label) for model, label in COUNTS.items() if model in models}


def _records(noun: str, user: Any) -> QuerySet[Any]:
    """The clients with all that the page shows of them."""
    model, action = CLIENTS[noun]
    counts = {}
    for relation in RELATIONS[noun]:
        name = f"n_{relation.label.split('.')[1].lower()}"
        if name in _counted(noun):
            rows = relation.model._base_manager.filter(**{relation.field: OuterRef("pk")})
            counts[name] = Counted(
                rows.filter(deleted_at__isnull=True) if hasattr(relation.model, "deleted_at") else rows
            )
    above = Company.objects.visible_to(user).filter(pk=OuterRef("parent" if noun == "company" else "company"))
    tags = model.tags.through.objects.filter(**{f"{noun}_id": OuterRef("pk")}).order_by("tag__name").values("tag__name")
    rows = model.objects.visible_to(user, action).select_related("owner")
    rows = rows.annotate(above=Subquery(above.values("name")[:1]), listed_tags=ArraySubquery(tags), **counts)
    if noun == "company":
        return rows
    phones = ContactPhone.objects.filter(contact=OuterRef("pk")).order_by("position", "pk").values("number")
    emails = ContactEmail.objects.filter(contact=OuterRef("pk")).order_by("position", "pk").values("address")
    return rows.annotate(listed_phones=ArraySubquery(phones), listed_emails=ArraySubquery(emails))
