"""The table of personal plans as a form: a field for each person and month that may be set."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ServiceForm
from crm.forms.fields import AmountField

Cell = tuple[int, date]


class PlanTable(ServiceForm):
    """Targets by person and month; what is left empty is not touched."""

    def __init__(self, data: Any = None, *, cells: Iterable[tuple[Cell, Decimal | None]]) -> None:
        super().__init__(data)
        self.cells: dict[str, Cell] = {}
        for cell, target in cells:
            name = name_of(cell)
            self.cells[name] = cell
            self.fields[name] = AmountField(initial=target)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for name in self.cells:
            if name in values and values[name] is not None and values[name] <= 0:
                self.add_error(name, _("Give a target above 0, or leave the field as it was."))
            elif name in values and values[name] is None and self.fields[name].initial is not None:
                self.add_error(name, _("A plan can be changed, not taken away. Give another target."))
        return values

    def arguments(self) -> dict[str, Any]:
        given = {cell: self.cleaned_data[name] for name, cell in self.cells.items()}
        return {"targets": {cell: target for cell, target in given.items() if target is not None}}

    def cell(self, cell: Cell) -> forms.BoundField | None:
        """The field of a person's month; None where it may not be set."""
        name = name_of(cell)
        return self[name] if name in self.cells else None


def name_of(cell: Cell) -> str:
    person, month = cell
    return f"t{person}_{month:%Y%m}"
