"""The builder of segments, and what is given to do to the owners of one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ServiceForm
from crm.forms.records import PLAIN, line
from crm.models import TaskKind
from crm.segments import CONDITIONS, Condition, ConditionWrong, Value, check

ROW = re.compile(r"[a-z0-9]{1,12}")


@dataclass(frozen=True)
class Row:
    """One condition as the builder draws it; `id` tells the rows of a form apart."""

    id: str
    condition: Condition
    given: Mapping[str, Any]

    @property
    def parts(self) -> list[dict[str, Any]]:
        """The sentence in pieces: words, and values with what stands in them."""
        values = {one.key: one for one in self.condition.values}
        pieces = re.split(r"(\{\w+\})", str(self.condition.says))
        return [self._part(piece, values.get(piece.strip("{}"))) for piece in pieces if piece.strip()]

    def _part(self, piece: str, value: Value | None) -> dict[str, Any]:
        if value is None or not piece.startswith("{"):
            return {"words": piece.strip()}
        return {
            "value": value,
            "name": f"{self.id}-{value.key}",
            "given": str(self.given.get(value.key, value.default)),
        }


def row_of(key: str, given: Mapping[str, Any] | None = None) -> Row | None:
    """A row for a condition; without values those that it starts with. None for an unknown condition."""
    condition = CONDITIONS.get(key)
    return Row(uuid4().hex[:8], condition, given or {}) if condition else None


class SegmentForm(ServiceForm):
    """A name and conditions. Every row sends its id as `row`, its condition as `<id>-key` and its values as `<id>-<value>`."""

    name = line(_("Name"), 80, required=True, placeholder=_("for example: Purchases fell"))
    is_shared = forms.BooleanField(label=_("Everybody may use it, each for the clients that he sees"), required=False)

    def __init__(self, data: Any = None, *, conditions: Iterable[Mapping[str, Any]] = (), **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.rows = (
            self._sent(data) if data is not None else [row for one in conditions if (row := row_of(one["key"], one))]
        )

    @staticmethod
    def _sent(data: Any) -> list[Row]:
        rows = []
        for number in dict.fromkeys(data.getlist("row")):
            condition = CONDITIONS.get(data.get(f"{number}-key", ""))
            if condition is not None and ROW.fullmatch(number):
                given = {value.key: data.get(f"{number}-{value.key}", "") for value in condition.values}
                rows.append(Row(number, condition, given))
        return rows

    @property
    def conditions(self) -> list[dict[str, Any]]:
        """What the rows say, unchecked."""
        return [{"key": row.condition.key, **row.given} for row in self.rows]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        try:
            values["conditions"] = check(self.conditions)
        except ConditionWrong as wrong:
            self.add_error(None, str(wrong.message))
        return values


class GiveTasks(ServiceForm):
    """What each owner is to do for each of his clients, and by which day."""

    title = line(_("What is to be done"), 200, required=True, autofocus=True)
    kind = forms.ChoiceField(label=_("How"), choices=TaskKind.choices, initial=TaskKind.CALL)
    due = forms.DateField(
        label=_("By the end of"), widget=forms.DateInput(attrs={"type": "date", **PLAIN}, format="%Y-%m-%d")
    )
    note = forms.CharField(
        label=_("What they should know"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, due: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("key", uuid4())
        self.initial.setdefault("due", due)

    def arguments(self) -> dict[str, Any]:
        values = super().arguments()
        key = values.pop("key", None)
        return values | {"key": str(key) if key else ""}
