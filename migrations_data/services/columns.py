"""What the sheets of an import are about: guessed when they are read, changed by the person before they are loaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.refusals import Refused
from migrations_data.models import Import, ImportFile, ImportSheet, Part, Status
from migrations_data.services import links, new_fields, profiles, tables, verdicts
from migrations_data.understanding import guessing, own, sheets, values
from migrations_data.understanding.nouns import ALL
from migrations_data.understanding.sheets import Column
from migrations_data.understanding.tables import Header, header_of, is_pivot, names_of
from migrations_data.understanding.values import Unclear

CONFIDENT = {"people": 0.75}
USUALLY = 0.5
"""A sheet whose kind is less sure is left out until the person says what it is; of people who may sign in it must be surer."""
UNITS = (1, 1_000, 1_000_000)
ORDERS = ("dmy", "mdy", "ymd")
POLICIES = ("fill", "over", "never")
CHANGES = ("field", "dates", "unit", "policy", "country", "currency")
"""What a person says of a column."""


class TwoColumns(Refused):
    code = "two_columns"


class FieldMissing(Refused):
    code = "field_missing"


class NotNow(Refused):
    """The import is at work, or done."""

    code = "not_now"
    message = _("The columns cannot be changed any more. Upload the files again to import them differently.")


def recognise(file: ImportFile) -> None:
    """Find out of the kept rows of a file which tables are on its sheets, what each is about and what its columns hold.

    Tables beside or below others become sheets of their own. What a profile knows is read as it says. Rows are streamed: a big
    file takes time, not memory.
    """
    with transaction.atomic():
        for sheet in list(file.sheets.select_related("file__of_import")):
            for table in tables.set_apart(sheet):
                understand(table)
                table.save()
        links.link(file.of_import)
        profiles.recall(file.of_import)


def understand(sheet: ImportSheet, header: Header | None = None) -> None:
    """Guess header, kind and columns of a table from its rows and put them on it, unsaved; what each row is, is put down."""
    rows = tables.sample(sheet)
    header = header or header_of(rows)
    names = names_of(header, rows)
    sheet.header_row, sheet.header_rows = header.row, header.rows
    width = tables.width_of(sheet)
    first = sheets.columns_of(names, [row for row in rows if row[0] > header.last], width)
    points = {column.index: column.point for column in first if column.shares.get("number", 0) >= sheets.ENOUGH}
    counts = tables.sort_rows(sheet, header, names, points)
    sheet.rows_in = sum(counts[part] for part in (Part.DATA, *verdicts.NO_DATA))
    data = tables.data_sample(sheet)
    columns = sheets.columns_of(names, data, width) if data else []
    _look_at_dates(sheet, columns)
    _guess(sheet, columns, data)
    if is_pivot(names) or any(is_pivot(cells) for _number, cells in rows[:3]):
        _set_kind(sheet, columns, data, "")
    sheet.columns = [column.as_dict() for column in [*columns, *tables.beside(sheet)]]


def _look_at_dates(sheet: ImportSheet, columns: Sequence[Column]) -> None:
    """Decide the order of days and months of each column of dates by all of its dates."""
    for column in columns:
        if column.type == "date" and column.dates != values.ISO:
            column.dates, column.sure, column.mixed = values.order_of_dates(tables.cells_of(sheet, column.index))


def _guess(sheet: ImportSheet, columns: Sequence[Column], data: Sequence[tables.Row]) -> None:
    named = (sheet.name, sheet.file.name)
    kind, confidence = sheets.guess(columns, *named, kinds=own.kinds()) if data else ("", 0.0)
    if confidence < CONFIDENT.get(kind, USUALLY) or sheet.hidden:
        kind = ""
    sheet.confidence = confidence
    _set_kind(sheet, columns, data, kind)


def _set_kind(sheet: ImportSheet, columns: Sequence[Column], data: Sequence[tables.Row], kind: str) -> None:
    """Give a sheet its kind, its columns their fields and what is guessed about their values; without a kind all is left out."""
    sheet.kind = kind
    if kind:
        sheets.assign(columns, own.kind_of(kind))
        guessing.look(columns, kind, data, sheet.file.of_import.currency)
        _look_at_revenue(columns, data)
    else:
        sheets.clear(columns)
    _leave_out(sheet)


def _leave_out(sheet: ImportSheet) -> None:
    aside = sheet.rows.filter(part__in=verdicts.NO_DATA).count()
    sheet.left_out = aside if sheet.kind else sheet.rows_in


def _look_at_revenue(columns: Sequence[Column], data: Sequence[tables.Row]) -> None:
    """Note when revenues, held against the number of employees, can only be in thousands or millions."""
    places = {column.field: column for column in columns}
    if not {"revenue", "employees"} <= set(places):
        return
    revenue, employees = places["revenue"], places["employees"]
    pairs: list[tuple[Decimal, Decimal]] = []
    for _number, cells in data[: sheets.SAMPLE]:
        try:
            pairs.append((
                values.amount(cells[revenue.index], revenue.point) * revenue.unit,
                values.amount(cells[employees.index], employees.point),
            ))  # fmt: skip
        except (Unclear, IndexError):
            continue
    revenue.looks = revenue.unit * sheets.revenue_looks_scaled([a for a, _b in pairs], [b for _a, b in pairs])


@transaction.atomic
def set_kind(
    *, sheet: ImportSheet, kind: str, header_row: int | None = None, header_rows: int | None = None, by: User
) -> ImportSheet:
    """Say what a sheet is about ("" leaves it out), which of its rows is the header, and whether that takes two; its columns are
    guessed anew for that."""
    of = sheet.file.of_import
    ensure(by, Permission.IMPORT_RUN, of)
    _lock(of)
    header = Header(
        sheet.header_row if header_row is None else header_row,
        sheet.header_rows if header_rows is None else header_rows,
    )
    if (header.row, header.rows) != (sheet.header_row, sheet.header_rows):
        understand(sheet, header)
    columns = [Column(**column) for column in sheet.columns if column["index"] >= 0]
    _set_kind(sheet, columns, tables.data_sample(sheet), kind if kind in ALL else "")
    sheet.confidence = 1.0
    sheet.columns = [column.as_dict() for column in columns] + [one for one in sheet.columns if one["index"] < 0]
    sheet.save()
    links.link(of)
    sheet.refresh_from_db()
    _count(of)
    return sheet


@transaction.atomic
def set_parts(*, sheet: ImportSheet, numbers: Sequence[int], part: str, by: User) -> ImportSheet:
    """Say of rows of a table what they are: data after all, totals or notes. Rows up to its header stay what they are."""
    ensure(by, Permission.IMPORT_RUN, sheet.file.of_import)
    _lock(sheet.file.of_import)
    below = sheet.rows.filter(number__in=numbers, number__gt=sheet.header_row + sheet.header_rows - 1)
    if part in (Part.DATA, *verdicts.NO_DATA):
        below.exclude(part__in=(Part.BLANK, Part.HEADER)).update(part=part)
    _leave_out(sheet)
    sheet.save(update_fields=["left_out"])
    return sheet


@transaction.atomic
def set_columns(*, sheet: ImportSheet, columns: Mapping[int, Mapping[str, Any]], by: User) -> ImportSheet:
    """Say which column fills which field, how its values read, and what becomes of values that records have already.

    `columns` maps a column's index to what changes: field, dates, unit, policy, country, currency. Raises TwoColumns, FieldMissing,
    NotNow.
    """
    ensure(by, Permission.IMPORT_RUN, sheet.file.of_import)
    _lock(sheet.file.of_import)
    for column in sheet.columns:
        changes = columns.get(column["index"], {})
        if changes.get("field", column["field"]) != column["field"]:
            column["confidence"] = 1.0
        column |= {name: changes[name] for name in CHANGES if name in changes}
    check(sheet)
    sheet.save(update_fields=["columns"])
    return sheet


@transaction.atomic
def settle(*, sheet: ImportSheet, by: User, at: datetime) -> ImportSheet:
    """Make sure that a sheet can be imported, and give columns that are to be fields of the company's own such fields.

    Raises TwoColumns, FieldMissing and what adding a field refuses.
    """
    check(sheet)
    if new_fields.make(sheet, by=by, at=at):
        sheet.save(update_fields=["columns"])
    return sheet


def check(sheet: ImportSheet) -> None:
    """Raise TwoColumns or FieldMissing when a sheet cannot be imported as its columns stand."""
    if not sheet.kind:
        return
    kind = own.kind_of(sheet.kind)
    fields = [column["field"] for column in sheet.columns if column["field"] in kind.fields]
    for name in fields:
        if fields.count(name) > 1 and not kind.fields[name].many:
            label = kind.fields[name].label
            raise TwoColumns(
                _("%(sheet)s: two columns fill “%(field)s”. Choose one.") % {"sheet": sheet.name, "field": label}
            )
    for group in kind.needs:
        if not set(group) & set(fields):
            labels = ", ".join(str(kind.fields[name].label) for name in group)
            said = {"sheet": sheet.name, "fields": labels}
            raise FieldMissing(
                _("%(sheet)s: choose a column for one of these: %(fields)s. Or leave the sheet out.") % said
            )


def _lock(of: Import) -> None:
    """Only an import that nobody works on changes; what was found about its rows is found again."""
    locked = Import.objects.select_for_update().get(pk=of.pk)
    if locked.status not in (Status.READ, Status.PREVIEWED):
        raise NotNow
    Import.objects.filter(pk=of.pk).update(status=Status.READ)
    verdicts.forget(of)


def _count(of: Import) -> None:
    rows = ImportSheet.objects.filter(file__of_import=of).aggregate(rows=Sum("rows_in", default=0))["rows"]
    Import.objects.filter(pk=of.pk).update(rows_in=rows)
