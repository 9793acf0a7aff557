"""The report of an import as a workbook: a sheet for each question, one line a fact, ready for a pivot table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from crm.exports import Table
from migrations_data.loading.problems import say, say_finding
from migrations_data.models import COUNTS, ImportRow, ImportSheet, Outcome, Part
from migrations_data.reconciling.important import Client, State
from migrations_data.reconciling.standing import Standing, conclusion
from migrations_data.understanding.nouns import ALL
from migrations_data.understanding.own import kind_of

CHUNK = 2000
NOT_TAKEN = (Outcome.REJECTED, Outcome.ASKED, Outcome.LEFT_OUT)


def tables(found: Standing) -> Iterator[Table]:
    """All sheets of the workbook, in the reader's language."""
    yield Table(_("Report"), [_("What"), _("Value")], _summary(found))
    yield Table(
        _("Sheets"),
        [*_where(), _("Kind"), *_parts(), _("Rows read"), *outcomes().values(), _("Adds up")],
        _sheets(found),
    )
    yield Table(_("Sums"), [*_where(), _("Column"), _("In the table"), _("In Daybook"), _("Not taken"), _("In Daybook now"), _("Records changed since"), _("Agrees")], _sums(found))  # fmt: skip
    yield Table(_("Important clients"), [_("List"), _("Place"), _("Client"), _("Amount"), _("Rows of activity"), _("VIP"), _("State"), *_where(), _("Row")], _important(found))  # fmt: skip
    yield Table(_("Not in Daybook"), [_("Client"), _("State"), *_where(), _("Row")], _missing(found))
    yield Table(_("Rows not taken"), [*_where(), _("Row"), _("State"), _("Column"), _("Reason")], _rows(found))
    yield Table(_("Put right"), [*_where(), _("Column"), _("What"), _("Times")], _findings(found))
    yield Table(_("Columns"), [*_where(), _("Column"), _("Field"), _("Sure, %")], _columns(found))


def outcomes() -> dict[str, str]:
    """What may become of a row, in words, in the order in which they add up."""
    words = (_("New"), _("Updated"), _("Unchanged"), _("Merged"), _("To decide"), _("Rejected"), _("Left out"))
    return dict(zip(COUNTS, words, strict=True))


def state_words() -> Mapping[State, str]:
    """Where a client is, in a word."""
    return {
        State.THERE: _("In Daybook"),
        State.ASKED: _("To decide"),
        State.REJECTED: _("Rejected"),
        State.LEFT_OUT: _("Left out"),
        State.GONE: _("Deleted in Daybook"),
    }


def _where() -> list[str]:
    return [_("File"), _("Sheet")]


def _place(sheet: ImportSheet) -> list[str]:
    return [sheet.file.name, f"{sheet.name} #{sheet.table + 1}" if sheet.table else sheet.name]


def _parts() -> list[str]:
    return [_("Rows kept"), _("Above the table"), _("Header"), _("Blank"), _("Subtotals"), _("Notes")]


def _yes(is_so: bool) -> str:
    return _("yes") if is_so else _("no")


def _summary(found: Standing) -> Iterator[list[Any]]:
    of = found.of
    yield [_("Conclusion"), conclusion(found.figures)]
    yield [_("Files"), ", ".join(dict.fromkeys(sheet.file.name for sheet in found.sheets))]
    yield [_("By"), of.created_by.full_name]
    yield [_("Uploaded"), of.created_at]
    yield [_("Finished"), of.finished_at]
    yield [_("Closed"), of.closed_at]
    yield [_("Closed by"), of.closed_by.full_name if of.closed_by else None]
    yield [_("Rows read"), found.rows_in]
    for name, word in outcomes().items():
        yield [word, found.totals[name]]
    yield [_("Clients not in Daybook"), len(found.missing)]
    yield [_("Important clients that hold it open"), found.blocking]


def _sheets(found: Standing) -> Iterator[list[Any]]:
    beside = (Part.BANNER, Part.HEADER, Part.BLANK, Part.TOTAL, Part.NOTE)
    for one in found.accounts:
        kind = str(ALL[one.sheet.kind].label) if one.sheet.kind else _("Left out")
        counts = [one.counted[name] for name in COUNTS]
        parts = [one.parts[part] for part in beside]
        yield [*_place(one.sheet), kind, one.kept, *parts, one.rows_in, *counts, _yes(one.agrees)]


def _sums(found: Standing) -> Iterator[list[Any]]:
    for one in found.checks:
        yield [*_place(one.sheet), one.column, *one.ran, one.again.loaded, one.differing, _yes(one.agrees)]


def _important(found: Standing) -> Iterator[list[Any]]:
    lists = found.important
    named: Iterable[tuple[str, list[Client]]] = (
        (_("By money"), lists.money), (_("By activity"), lists.activity), (_("VIP"), lists.vip),
    )  # fmt: skip
    sheets = {sheet.pk: sheet for sheet in found.sheets}
    for name, clients in named:
        for place, one in enumerate(clients, start=1):
            sheet, row = one.places[0]
            said = [name, place, one.name, one.money, one.times, _yes(one.vip), state_words()[one.state]]
            yield [*said, *_place(sheets[sheet]), row]


def _missing(found: Standing) -> Iterator[list[Any]]:
    sheets = {sheet.pk: sheet for sheet in found.sheets}
    for one in found.missing:
        word = state_words()[State.ASKED if one.asked else State.REJECTED]
        yield [one.name, word, *_place(sheets[one.sheet]), one.row]


def _rows(found: Standing) -> Iterator[list[Any]]:
    sheets, words = {sheet.pk: sheet for sheet in found.sheets if sheet.kind}, outcomes()
    rows = ImportRow.objects.filter(sheet__in=sheets, outcome__in=NOT_TAKEN, part=Part.DATA).order_by("sheet", "number")
    columns = ("sheet", "number", "outcome", "column", "code", "detail")
    for sheet, number, outcome, column, code, detail in rows.values_list(*columns).iterator(chunk_size=CHUNK):
        yield [*_place(sheets[sheet]), number, words[outcome], column, say(code, detail) if code else ""]


def _findings(found: Standing) -> Iterator[list[Any]]:
    for sheet in found.sheets:
        for one in sheet.findings:
            yield [*_place(sheet), one["column"], say_finding(one), one["count"]]


def _columns(found: Standing) -> Iterator[list[Any]]:
    for sheet in found.sheets:
        fields = kind_of(sheet.kind).fields if sheet.kind else {}
        for column in sheet.columns:
            field = fields.get(column["field"])
            yield [
                *_place(sheet),
                column["name"],
                str(field.label) if field else _("Left out"),
                round(column["confidence"] * 100),
            ]
