"""What the sheets of an import are about: guessed when they are read, changed by the person before they are loaded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.permissions import Permission
from accounts.policy import ensure
from accounts.refusals import Refused
from migrations_data.models import Import, ImportFile, ImportRow, ImportSheet, Status
from migrations_data.models.rows import Part
from migrations_data.understanding import own, sheets, values
from migrations_data.understanding.nouns import ALL
from migrations_data.understanding.sheets import Column
from migrations_data.understanding.values import Unclear

CONFIDENT = {"people": 0.75}
USUALLY = 0.5
"""A sheet whose kind is less sure is left out until the person says what it is; of people who may sign in it must be surer."""
UNITS = (1, 1_000, 1_000_000)
ORDERS = ("dmy", "mdy", "ymd")


class TwoColumns(Refused):
    code = "two_columns"


class FieldMissing(Refused):
    code = "field_missing"


class NotNow(Refused):
    """The import is at work, or done."""

    code = "not_now"
    message = _("The columns cannot be changed any more. Upload the files again to import them differently.")


@transaction.atomic
def recognise(file: ImportFile) -> None:
    """Guess of every sheet of a file, out of its kept rows, where its header is, what it is about and what its columns hold."""
    for sheet in file.sheets.select_related("file"):
        rows = list(ImportRow.objects.filter(sheet=sheet).order_by("number").values_list("number", "cells"))
        understand(sheet, rows)
        _mark(sheet)
        sheet.save()


def _mark(sheet: ImportSheet) -> None:
    """Put down what each row is in its table."""
    rows = ImportRow.objects.filter(sheet=sheet)
    rows.exclude(part=Part.DATA).update(part=Part.DATA)
    rows.filter(number__lt=sheet.header_row).update(part=Part.BANNER)
    rows.filter(number=sheet.header_row).update(part=Part.HEADER)
    rows.filter(cells=[]).update(part=Part.BLANK)


def understand(sheet: ImportSheet, rows: Sequence[tuple[int, list[Any]]], header_row: int | None = None) -> None:
    """Guess header, kind and columns of a sheet from its rows and put them on it, unsaved."""
    sheet.header_row = sheets.header_row(rows) if header_row is None else header_row
    header = next((cells for number, cells in rows if number == sheet.header_row), [])
    data = [(number, cells) for number, cells in rows if number > sheet.header_row and cells]
    columns = sheets.columns_of(header, data)
    sheet.rows_in = len(data)
    named = (sheet.name, sheet.file.name)
    sheet.kind, sheet.confidence = sheets.guess(columns, *named, kinds=own.kinds()) if data else ("", 0.0)
    if sheet.confidence < CONFIDENT.get(sheet.kind, USUALLY) or sheet.hidden:
        sheet.kind = ""
        for column in columns:
            column.field, column.confidence = "", 0
    _look_at_revenue(columns, data)
    sheet.columns = [column.as_dict() for column in columns]
    _leave_out(sheet)


def _leave_out(sheet: ImportSheet) -> None:
    sheet.left_out = 0 if sheet.kind else sheet.rows_in


def _look_at_revenue(columns: Sequence[Column], data: Sequence[tuple[int, list[Any]]]) -> None:
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
def set_kind(*, sheet: ImportSheet, kind: str, header_row: int | None = None, by: User) -> ImportSheet:
    """Say what a sheet is about ("" leaves it out), and which of its rows is the header; its columns are guessed anew for that."""
    ensure(by, Permission.IMPORT_RUN, sheet.file.of_import)
    _lock(sheet.file.of_import)
    rows = list(ImportRow.objects.filter(sheet=sheet).order_by("number").values_list("number", "cells"))
    understand(sheet, rows, sheet.header_row if header_row is None else header_row)
    columns = [Column(**column) for column in sheet.columns]
    if kind in ALL:
        sheets.assign(columns, own.kind_of(kind))
        _look_at_revenue(columns, [row for row in rows if row[0] > sheet.header_row])
    else:
        for column in columns:
            column.field, column.confidence = "", 0
    sheet.kind = kind if kind in ALL else ""
    sheet.confidence = 1.0
    sheet.columns = [column.as_dict() for column in columns]
    _leave_out(sheet)
    sheet.save()
    _mark(sheet)
    Import.objects.filter(pk=sheet.file.of_import_id).update(rows_in=_rows_in(sheet.file.of_import))
    return sheet


@transaction.atomic
def set_columns(*, sheet: ImportSheet, columns: Mapping[int, Mapping[str, Any]], by: User) -> ImportSheet:
    """Say which column fills which field, in which order its dates are and in which unit its amounts.

    `columns` maps a column's index to what changes: field, dates, unit. Raises TwoColumns, FieldMissing, NotNow.
    """
    ensure(by, Permission.IMPORT_RUN, sheet.file.of_import)
    _lock(sheet.file.of_import)
    for column in sheet.columns:
        changes = columns.get(column["index"], {})
        if changes.get("field", column["field"]) != column["field"]:
            column["confidence"] = 1.0
        column |= {name: changes[name] for name in ("field", "dates", "unit") if name in changes}
    check(sheet)
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
    forget_verdicts(of)


def forget_verdicts(of: Import) -> None:
    """Take back what a preview found: it no longer holds."""
    ImportRow.objects.filter(sheet__file__of_import=of).exclude(outcome="").update(
        outcome="", code="", column="", detail="", key="", values=None, record_type="", record_id=None
    )
    ImportSheet.objects.filter(file__of_import=of).update(
        created=0, updated=0, skipped=0, rejected=0, sums=[], findings=[]
    )
    Import.objects.filter(pk=of.pk).update(rows_done=0, seconds=0)


def _rows_in(of: Import) -> int:
    return sum(ImportSheet.objects.filter(file__of_import=of).values_list("rows_in", flat=True))
