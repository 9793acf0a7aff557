"""The sums below a table: they follow the filter, and stand there already for programs that do not count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from crm.exports.table import whole

if TYPE_CHECKING:
    from crm.exports.sheet import Sheet

MOST_FOLLOWED = 20_000
"""With several currencies, the sums of longer tables are over all rows: following the filter would make each change slow."""


def write(sheet: Sheet) -> None:
    """A line with the sums of the numbers and of the amounts; a line for each currency where there are several."""
    currencies = sorted({code for found in sheet.currencies.values() for code in found})
    if not currencies and not sheet.sums:
        return
    for place, currency in enumerate(currencies or [""]):
        row = sheet.rows + 1 + place
        several = len(currencies) > 1
        sheet.page.write_string(row, 0, _label(sheet, currency if several else ""), sheet.looks["total"])
        for column in range(1, len(sheet.headings)):
            sheet.page.write_blank(row, column, None, sheet.looks["total"])
        if place == 0:
            _numbers(sheet, row)
        _amounts(sheet, row, currency, several)


def _label(sheet: Sheet, currency: str) -> str:
    if not currency:
        return _("Total")
    said = _("Total %(currency)s") if sheet.rows <= MOST_FOLLOWED else _("Total %(currency)s, all rows")
    return said % {"currency": currency}


def _numbers(sheet: Sheet, row: int) -> None:
    for column, figure in sheet.sums.items():
        if column:
            formula = f"=SUBTOTAL(109,{sheet.span(column)})"
            sheet.page.write_formula(row, column, formula, sheet.looks["total"], float(figure))


def _amounts(sheet: Sheet, row: int, currency: str, several: bool) -> None:
    for column, found in sheet.currencies.items():
        if currency in found:
            formula = _by_currency(sheet, row, column) if several else f"=SUBTOTAL(109,{sheet.span(column)})"
            value = float(whole(found[currency], currency))
            sheet.page.write_formula(row, column, formula, sheet.looks["total money"], value)
            sheet.page.write_string(row, column + 1, currency, sheet.looks["total"])


def _by_currency(sheet: Sheet, row: int, column: int) -> str:
    """The sum of the rows in the currency that stands beside it."""
    amounts, codes, wanted = sheet.span(column), sheet.span(column + 1), xl_rowcol_to_cell(row, column + 1)
    if sheet.rows > MOST_FOLLOWED:
        return f"=SUMIF({codes},{wanted},{amounts})"
    first = f"{xl_col_to_name(column)}2"
    visible = f"SUBTOTAL(109,OFFSET({first},ROW({amounts})-ROW({first}),0))"
    return f"=SUMPRODUCT({visible},--({codes}={wanted}))"
