"""A real pivot table over a sheet. The library that writes workbooks knows none, so its parts are put into the finished file.

The parts carry no rows: a spreadsheet reads them from the sheet when it opens the file. What it will show is on the sheet already,
for readers that only look (a phone, a protected view).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_range

from crm.exports.groups import Groups
from crm.exports.sheet import Sheet
from crm.exports.table import Pivot

TOP = 2
"""The row on which the pivot table begins."""
WIDE, NARROW = 28, 16
BLANK = "(blank)"


@dataclass(frozen=True, kw_only=True)
class Ready:
    """A pivot table over a written sheet: where its data stands, which fields it uses, and the cells that it takes.

    `rows`, `columns` and `figure` are places in `fields`; `page` is the number of its sheet in the file.
    """

    data: str
    span: str
    fields: Sequence[str]
    rows: Sequence[int]
    columns: Sequence[int]
    figure: int
    counts: bool
    title: str
    total: str
    place: str
    page: int


def over(pivot: Pivot, sheet: Sheet, name: str, page: Any, looks: dict[str, Any]) -> Ready:
    """Draw what the pivot table will show, and say how it is made. Amounts in several currencies are kept apart."""
    at = sheet.headings.index
    figure = at(pivot.values) if pivot.values else 0
    rows, columns = [at(one) for one in pivot.rows], [at(one) for one in pivot.columns]
    mixed = bool(pivot.values) and len(sheet.currencies.get(figure, ())) > 1
    if mixed and figure + 1 not in (*rows, *columns):
        rows = [figure + 1, *rows]
    page.write_string(0, 0, _("A pivot table: drag its fields to see the same in another way."), looks["faint"])
    page.set_column(0, 0, WIDE)
    page.set_column(1, 60, NARROW)
    title = _("Sum of %(what)s") % {"what": pivot.values} if pivot.values else _("How many")
    drawn = sheet.groups.drawn and not mixed
    ends = _draw(page, sheet.groups, looks, _heads(sheet, rows, columns, title)) if drawn else (TOP + 2, 2)
    return Ready(
        data=name, span=xl_range(0, 0, sheet.rows, len(sheet.headings) - 1), fields=sheet.headings, rows=rows, columns=columns,
        figure=figure, counts=not pivot.values, title=title, total=_("Total"), place=xl_range(TOP, 0, *ends), page=page.index + 1,
    )  # fmt: skip


def _heads(sheet: Sheet, rows: Sequence[int], columns: Sequence[int], title: str) -> tuple[str, str, str]:
    return sheet.headings[rows[0]], sheet.headings[columns[0]] if columns else "", title


def _draw(page: Any, groups: Groups, looks: dict[str, Any], heads: tuple[str, str, str]) -> tuple[int, int]:
    """The sums as the spreadsheet will lay them out; returns the last row and column."""
    down_head, across_head, title = heads
    down = sorted({key[0] for key in groups.sums}, key=_order)
    across = sorted({key[1] for key in groups.sums}, key=_order) if across_head else [""]
    head = TOP + 1 if across_head else TOP
    page.write_string(TOP, 0, title if across_head else down_head, looks["bold"])
    page.write_string(TOP, 1, across_head or title, looks["bold"])
    if across_head:
        for place, word in enumerate([down_head, *(one or BLANK for one in across), _("Total")]):
            page.write_string(head, place, word, looks["bold"])
    for place, word in enumerate(down, start=1):
        page.write_string(head + place, 0, word or BLANK)
        _line(page, head + place, [groups.sums.get((word, one)) for one in across], bool(across_head), looks["money"])
    page.write_string(head + len(down) + 1, 0, _("Total"), looks["bold"])
    sums = [sum(groups.sums.get((word, one), 0) for word in down) for one in across]
    _line(page, head + len(down) + 1, sums, bool(across_head), looks["bold money"])
    return head + len(down) + 1, len(across) + 1 if across_head else 1


def _line(page: Any, row: int, values: Sequence[Any], summed: bool, look: Any) -> None:
    for column, value in enumerate(values, start=1):
        if value is not None:
            page.write_number(row, column, float(value), look)
    if summed:
        page.write_number(row, len(values) + 1, float(sum(value or 0 for value in values)), look)


def _order(word: str) -> tuple[bool, str]:
    """As a spreadsheet sorts: what is empty comes last."""
    return not word, word.casefold()
