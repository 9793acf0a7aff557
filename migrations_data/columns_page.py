"""What the page of columns shows: each table with its columns, some of their values, how sure each guess is, and the rows set aside."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.formats import number
from migrations_data.forms import Columns, Kind, Parts
from migrations_data.loading.rows import cell_of
from migrations_data.models import ImportRow, ImportSheet, Part
from migrations_data.services.verdicts import NO_DATA
from migrations_data.understanding.guessing import NEW
from migrations_data.understanding.nouns import ALL, Type
from migrations_data.understanding.own import kind_of
from migrations_data.understanding.sheets import LIKELY, SURE

SAMPLES = 3
ROWS_SHOWN = 10
MODIFIERS = ("dates", "unit", "currency", "country", "policy")
MOST_IN_A_CELL = 60


@dataclass
class ColumnChoice:
    """A column with what can be said about it: the fields are bound form fields, `more` those beside the first."""

    name: str
    samples: list[str]
    field: Any
    more: list[Any]
    state: str
    word: str
    hints: list[str]


@dataclass
class Aside:
    """A row that is not data, with its first cells."""

    number: int
    part: str
    cells: list[str]


@dataclass
class SheetColumns:
    """A table on the page of columns. `look` tells that something in it wants to be looked at."""

    sheet: ImportSheet
    title: str
    form: Kind
    parts: Parts
    label: str
    icon: str
    columns: list[ColumnChoice] = field(default_factory=list)
    summary: str = ""
    look: bool = False
    aside: list[Aside] = field(default_factory=list)
    more_aside: int = 0

    @property
    def aside_in_words(self) -> str:
        """How many rows are set aside."""
        count = len(self.aside) + self.more_aside
        return ngettext("%(count)s row is left out", "%(count)s rows are left out", count) % {"count": number(count)}


def page(
    sheets: Sequence[ImportSheet], form: Columns, *, kinds: Mapping[int, Kind] | None = None
) -> list[SheetColumns]:
    """The tables of an import that hold anything. Three statements, whatever their number. `kinds` are forms that were sent."""
    filled = [sheet for sheet in sheets if sheet.rows_in]
    pks = [sheet.pk for sheet in filled]
    first = _first_rows(pks, [Part.DATA], SAMPLES * 4)
    aside = _first_rows(pks, list(NO_DATA), ROWS_SHOWN)
    counts = _counts(pks)
    return [
        _sheet(sheet, form, (kinds or {}).get(sheet.pk), first[sheet.pk], aside[sheet.pk], counts[sheet.pk])
        for sheet in filled
    ]


def _first_rows(pks: Sequence[int], parts: Sequence[str], most: int) -> dict[int, list[ImportRow]]:
    """The first rows of these parts of each table, in one statement."""
    found: dict[int, list[ImportRow]] = defaultdict(list)
    for row in ImportRow.objects.raw(FIRST_ROWS, [list(pks), list(parts), most]):
        found[row.sheet_id].append(row)
    return found


FIRST_ROWS = """
SELECT r.id, r.sheet_id, r.number, r.part, r.cells, r.extras, r.fixes
FROM unnest(%s::bigint[]) AS wanted (pk)
CROSS JOIN LATERAL (
    SELECT * FROM migrations_data_importrow WHERE sheet_id = wanted.pk AND part = ANY(%s) ORDER BY number LIMIT %s
) r
ORDER BY r.sheet_id, r.number
"""


def _counts(pks: Sequence[int]) -> Counter[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sheet_id, count(*) FROM migrations_data_importrow WHERE sheet_id = ANY(%s) AND part = ANY(%s) GROUP BY 1",
            [list(pks), list(NO_DATA)],
        )
        return Counter(dict(cursor.fetchall()))


def _sheet(
    sheet: ImportSheet,
    form: Columns,
    kind_form: Kind | None,
    first: Sequence[ImportRow],
    aside: Sequence[ImportRow],
    count: int,
) -> SheetColumns:
    kind = ALL.get(sheet.kind)
    shown = SheetColumns(
        sheet=sheet,
        title=f"{sheet.name} · {_('table %(number)s') % {'number': sheet.table + 1}}" if sheet.table else sheet.name,
        form=kind_form or kind_form_of(sheet),
        parts=Parts(auto_id=f"id_%s-parts-{sheet.pk}"),
        label=str(kind.label) if kind else _("Left out"),
        icon=kind.icon if kind else "eye-off",
        aside=[_aside(row) for row in aside] if sheet.kind else [],
        more_aside=max(0, count - len(aside)) if sheet.kind else 0,
    )
    if kind:
        shown.columns = [_choice(sheet, column, first, form) for column in sheet.columns]
        shown.summary = _summary(sheet)
        shown.look = any(column.hints for column in shown.columns) or bool(form.is_bound and form.errors)
    return shown


def kind_form_of(sheet: ImportSheet) -> Kind:
    said = {"kind": sheet.kind, "header_row": sheet.header_row, "two_rows": sheet.header_rows == 2}
    return Kind(initial=said, auto_id=f"id_%s-{sheet.pk}")


def _aside(row: ImportRow) -> Aside:
    cells = [str(cell)[:MOST_IN_A_CELL] for cell in row.cells if cell not in ("", None)]
    return Aside(row.number, str(Part(row.part).label), cells[:4])


def _summary(sheet: ImportSheet) -> str:
    """In a few words what becomes of the columns."""
    noted = sum(column["field"] == "note" and column["confidence"] < SURE for column in sheet.columns)
    out = sum(not column["field"] for column in sheet.columns)
    said = [
        _("%(used)s of %(all)s columns are used")
        % {"used": len(sheet.columns) - out - noted, "all": len(sheet.columns)}
    ]
    if noted:
        said.append(ngettext("%(count)s goes into the note", "%(count)s go into the note", noted) % {"count": noted})
    if out:
        said.append(ngettext("%(count)s is left out", "%(count)s are left out", out) % {"count": out})
    return ", ".join(said)


def _choice(sheet: ImportSheet, column: dict[str, Any], first: Sequence[ImportRow], form: Columns) -> ColumnChoice:
    place = f"{sheet.pk}-{column['index']}"
    cells = (cell_of(column["index"], row.cells, row.extras, row.fixes) for row in first)
    samples = [str(cell)[:MOST_IN_A_CELL] for cell in cells if cell is not None and str(cell).strip()]
    said = [column["names"].get(sample, sample) for sample in samples] if column["names"] else samples
    state, word = _sureness(column)
    filled = kind_of(sheet.kind).fields.get(column["field"])
    amounts = filled is not None and filled.type in (Type.MONEY, Type.SUM)
    wanted = [what for what in MODIFIERS if what != "unit" or amounts]
    more = [form[f"{what}-{place}"] for what in wanted if f"{what}-{place}" in form.fields]
    return ColumnChoice(
        column["name"],
        list(dict.fromkeys(said))[:SAMPLES],
        form[f"field-{place}"],
        more,
        state,
        word,
        _hints(column, amounts),
    )


def _hints(column: Mapping[str, Any], amounts: bool) -> list[str]:
    """What a person should look at before going on."""
    hints = []
    if amounts and column["looks"] > column["unit"]:
        hints.append(_("Held against the number of employees, they look like millions or thousands."))
    if column["dates"] and column["field"] and column["mixed"]:
        hints.append(_("Some of its dates have the day first, some the month. Choose which of them are right."))
    elif column["dates"] and column["field"] and not column["sure"]:
        hints.append(_("No date here shows which part is the day. Look at it."))
    return hints


def _sureness(column: Mapping[str, Any]) -> tuple[str, str]:
    if not column["field"]:
        return "na", _("Left out")
    if column["field"] == NEW:
        return "met", _("New field")
    if column["confidence"] >= SURE:
        return "met", _("Sure")
    if column["field"] == "note":
        return "met", _("Kept")
    return ("watch", _("Likely")) if column["confidence"] >= LIKELY else ("watch", _("A guess"))
