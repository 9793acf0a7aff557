"""The payroll file of a settlement: people with their sums, and every single line behind them. Written row by row, so that its size
does not matter to the memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

import xlsxwriter
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.formats import NO_MINOR_UNITS
from discipline import entry_words, scoring, words
from discipline.models import EntryKind, LedgerEntry, Result, Settlement

AT_ONCE = 50
DETAILS = (
    *entry_words.COLUMNS, "user__full_name", "user__email", "card__mode", "card__lines__metric", "card__lines__rule__label",
    "card__lines__value", "card__lines__comparison", "card__lines__threshold", "card__lines__result", "card__lines__points",
)  # fmt: skip
PEOPLE_WIDTHS = (28, 30, 20, 9, 9, 12, 10, 14, 10, 13, 10, 30)
LINE_WIDTHS = (12, 28, 30, 18, 44, 10, 16, 14, 9, 9, 10, 68)


def write(settlement: Settlement, out: BinaryIO) -> None:
    """Write the workbook of a settlement that was found with its team and the people of its steps."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": title(settlement), "created": settlement.approved_at.replace(tzinfo=None)})  # type: ignore[union-attr]
        _People(book, settlement).write()
        _Lines(book, settlement).write()
        _About(book, settlement).write()


def title(settlement: Settlement) -> str:
    """Whose settlement of which days."""
    whom = settlement.team.name if settlement.team else _("Everybody")
    return _("%(whom)s, %(first)s to %(last)s") % {
        "whom": whom,
        "first": _day(settlement.first),
        "last": _day(settlement.last),
    }


def file_name(settlement: Settlement) -> str:
    return f"payroll-{settlement.first.isoformat()}-{settlement.last.isoformat()}-{settlement.pk}.xlsx"


class _Sheet:
    """A sheet with a frozen header, widths and typed cells."""

    name = ""
    widths: Sequence[int] = ()

    def __init__(self, book: Any, settlement: Settlement) -> None:
        self.settlement, self.row = settlement, 0
        self.sheet = book.add_worksheet(self.name)
        self.bold = book.add_format({"bold": True})
        self.head = book.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top", "bg_color": "#EEF0F4"}
        )
        self.date = book.add_format({"num_format": "yyyy-mm-dd"})
        self.signed = book.add_format({"num_format": "+0;-0;0"})
        self.sum = book.add_format({"bold": True, "top": 1})
        self.sum_signed = book.add_format({"bold": True, "top": 1, "num_format": "+0;-0;0"})
        self._money = {places: book.add_format({"num_format": _pattern(places)}) for places in (0, 2)}
        self._money_sum = {
            places: book.add_format({"num_format": _pattern(places), "bold": True, "top": 1}) for places in (0, 2)
        }
        self.line_below = book.add_format({"bottom": 4})
        for column, width in enumerate(self.widths):
            self.sheet.set_column(column, column, width)

    def header(self, *labels: str) -> None:
        self.sheet.freeze_panes(1, 1)
        for column, label in enumerate(labels):
            self.sheet.write_string(0, column, label, self.head)
        self.sheet.repeat_rows(0)
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)
        self.row = 1

    def put(self, *cells: tuple[Any, ...]) -> None:
        """The next row; a cell is a value with its format. What is text stays text, whatever it begins with."""
        for column, (value, *form) in enumerate(cells):
            if isinstance(value, str):
                self.sheet.write_string(self.row, column, value, *form)
            elif isinstance(value, date):
                self.sheet.write_datetime(self.row, column, datetime(value.year, value.month, value.day), *form)  # noqa: DTZ001 - a cell has no zone
            elif value is not None:
                self.sheet.write_number(self.row, column, value, *form)
            elif form:
                self.sheet.write_blank(self.row, column, None, *form)
        self.row += 1

    def money(self, currency: str, *, total: bool = False) -> Any:
        """The format of amounts in a currency."""
        return (self._money_sum if total else self._money)[0 if currency in NO_MINOR_UNITS else 2]


class _People(_Sheet):
    """A row for each person, and a total for each currency."""

    widths = PEOPLE_WIDTHS

    def __init__(self, book: Any, settlement: Settlement) -> None:
        self.name = _("People")
        super().__init__(book, settlement)

    def write(self) -> None:
        self.header(
            _("Name"), _("E-mail"), _("Team"), _("Met"), _("Missed"), _("Corrections"), _("Rewards"), _("Points settled"), _("Rate"),
            _("Amount"), _("Currency"), _("Signature"),
        )  # fmt: skip
        lines = self.settlement.lines.order_by("user__full_name", "user_id").values(
            "user__full_name", "user__email", "team__name", "points", "amount_minor", "currency", "working"
        )
        totals: dict[str, list[int]] = {}
        for line in lines:
            self._person(line)
            points, amount = totals.get(line["currency"], [0, 0])
            totals[line["currency"]] = [points + line["points"], amount + line["amount_minor"]]
        last = self.row
        self.sheet.autofilter(0, 0, last - 1, len(PEOPLE_WIDTHS) - 1)
        for currency, (points, amount) in sorted(totals.items()):
            self._total(currency, points, amount, last)

    def _person(self, line: Mapping[str, Any]) -> None:
        working, currency = line["working"], line["currency"]
        money = self.money(currency)
        self.put(
            (line["user__full_name"],), (line["user__email"],), (line["team__name"],), (working["met"], self.signed),
            (working["missed"], self.signed), (working["corrections"], self.signed), (working["rewards"], self.signed),
            (line["points"], self.signed), (_whole(working["rate_minor"], currency), money),
            (_whole(line["amount_minor"], currency), money), (currency,), (None, self.line_below),
        )  # fmt: skip

    def _total(self, currency: str, points: int, amount: int, last: int) -> None:
        """Sums that follow the rows above when somebody changes one, with their values for whoever does not work them out."""
        self.sheet.write_string(self.row, 0, _("Total %(currency)s") % {"currency": currency}, self.sum)
        for column in range(1, len(PEOPLE_WIDTHS) - 1):
            self.sheet.write_blank(self.row, column, None, self.sum)
        rows = f"K2:K{last}"
        by_currency = '=SUMIF({rows},"{currency}",{column}2:{column}{last})'
        asked = {"rows": rows, "currency": currency, "last": last}
        self.sheet.write_formula(self.row, 7, by_currency.format(column="H", **asked), self.sum_signed, points)
        money = self.money(currency, total=True)
        self.sheet.write_formula(self.row, 9, by_currency.format(column="J", **asked), money, _whole(amount, currency))
        self.sheet.write_string(self.row, 10, currency, self.sum)
        self.row += 1


class _Lines(_Sheet):
    """Every rule of every settled day, every correction and reward, with the seal of its entry in the ledger."""

    widths = LINE_WIDTHS

    def __init__(self, book: Any, settlement: Settlement) -> None:
        self.name = _("Lines")
        self._said: dict[tuple[Any, ...], str] = {}
        super().__init__(book, settlement)

    def write(self) -> None:
        self.header(
            _("Date"), _("Name"), _("E-mail"), _("Entry"), _("Rule or reason"), _("Value"), _("Target"), _("Result"), _("Points"),
            _("Posted"), _("Entry no."), _("Seal of the entry"),
        )  # fmt: skip
        total = 0
        for entry in self._entries():
            total += self._line(entry)
        last = self.row
        self.sheet.autofilter(0, 0, last - 1, len(LINE_WIDTHS) - 1)
        self.sheet.write_string(self.row, 0, _("Total"), self.sum)
        for column in range(1, len(LINE_WIDTHS)):
            self.sheet.write_blank(self.row, column, None, self.sum)
        self.sheet.write_formula(self.row, 9, f"=SUBTOTAL(109,J2:J{last})", self.sum_signed, total)

    def _entries(self) -> Iterator[dict[str, Any]]:
        """A row for each line of a card, and one for everything else; read for some people at a time."""
        people = list(self.settlement.lines.order_by("user__full_name", "user_id").values_list("pk", flat=True))
        for start in range(0, len(people), AT_ONCE):
            rows = LedgerEntry.objects.filter(settled__line__in=people[start : start + AT_ONCE])
            rows = rows.order_by("user__full_name", "user_id", "day", "pk", "card__lines__position")
            yield from rows.values(*DETAILS)

    def _line(self, entry: dict[str, Any]) -> int:
        """Write one, and give what of it was posted."""
        kind = self._word(entry_words.kind, entry)
        start = ((entry["day"], self.date), (entry["user__full_name"],), (entry["user__email"],), (kind,))
        end = ((entry["pk"],), (entry["hash"],))
        if entry["kind"] != EntryKind.CARD:
            points = entry_words.moved(entry)
            middle = ((entry_words.about(entry),), (None,), ("",), ("",), (points, self.signed), (points, self.signed))
            self.put(*start, *middle, *end)
            return points
        points = entry["card__lines__points"]
        posted = scoring.posted([points], entry["card__mode"])
        named = (
            (self._word(_rule, entry),),
            (entry["card__lines__value"],),
            (self._word(_target, entry),),
            (self._word(_result, entry),),
        )
        self.put(*start, *named, (points, self.signed), (posted, self.signed), *end)
        return posted

    def _word(self, say: Callable[[dict[str, Any]], str], entry: dict[str, Any]) -> str:
        """A word of a line, looked up once: there are few different ones and many lines."""
        key = (say, *(entry[name] for name in SAID_BY[say]))
        if key not in self._said:
            self._said[key] = say(entry)
        return self._said[key]


def _rule(entry: dict[str, Any]) -> str:
    return entry_words.rule(entry["card__lines__rule__label"], entry["card__lines__metric"])


def _target(entry: dict[str, Any]) -> str:
    return words.target(entry["card__lines__comparison"], entry["card__lines__threshold"])


def _result(entry: dict[str, Any]) -> str:
    return str(Result(entry["card__lines__result"]).label)


SAID_BY: dict[Any, tuple[str, ...]] = {
    entry_words.kind: ("kind",),
    _rule: ("card__lines__rule__label", "card__lines__metric"),
    _target: ("card__lines__comparison", "card__lines__threshold"),
    _result: ("card__lines__result",),
}
"""What a word of a line follows from."""


class _About(_Sheet):
    """What the file is, who answers for it, and the formula."""

    widths = (30, 90)

    def __init__(self, book: Any, settlement: Settlement) -> None:
        self.name = _("About")
        super().__init__(book, settlement)

    def write(self) -> None:
        settlement = self.settlement
        facts = [
            (_("Settlement"), f"{settlement.pk}: {title(settlement)}"),
            *(
                (str(step.get_kind_display()).capitalize(), f"{step.by.full_name}, {_stamp(step.recorded_at)}")
                for step in settlement.steps.all()
            ),
            (_("Points above zero"), _("are paid at the rate.")),
            (
                _("Points below zero"),
                _(
                    "take nothing, or reduce the bonus not earned yet: by points × rate, at most by the cap. Wages are never touched."
                ),
            ),
            (
                _("Lines"),
                _(
                    "Of each person, the column Posted adds up to Points settled. A seal is an entry's place in the ledger."
                ),
            ),
        ]
        for label, text in facts:
            self.put((label, self.bold), (text,))


def _whole(minor: int, currency: str) -> Decimal:
    return Decimal(minor) if currency in NO_MINOR_UNITS else Decimal(minor) / 100


def _pattern(places: int) -> str:
    return "#,##0" if places == 0 else "#,##0.00"


def _day(day: date) -> str:
    return date_format(day, "j M Y")


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
