"""A report that somebody opened: its answer as a picture and as a table, each cell with the address of its records."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import formats
from accounts.policy import Use
from reports.asking import address, words
from reports.asking.grid import Grid
from reports.builder import Answer, Cell, Definition, DefinitionWrong, Place, Question, answer, pictures
from reports.charts import Chart

PICTURES = frozenset({"line", "bar", "column", "funnel", "heat"})


class Opened:
    """What `user` sees at `at`. `query` is how an address names the report; `back` the page that lists lead back to."""

    def __init__(
        self,
        data: Any,
        user: Any,
        at: datetime,
        *,
        query: str,
        name: str = "",
        note: str = "",
        back: str = "",
        use: Use = Use.READ,
    ) -> None:
        self.user, self.at, self.query, self.name, self.note, self.back = user, at, query, name, note, back
        self._use, self.mistake = use, ""
        self.definition: Definition | None = None
        self.question: Question | None = None
        try:
            asked = self.definition = data if isinstance(data, Definition) else Definition.of(data)
            self.question = Question(asked, user, at, use)
        except DefinitionWrong as wrong:
            self.mistake = str(wrong.message)

    @cached_property
    def answer(self) -> Answer | None:
        """What it comes to, read when it is first looked at; None where the question cannot be read."""
        if self.definition is None or self.question is None:
            return None
        return answer(self.definition, self.user, self.at, self._use)

    @cached_property
    def says(self) -> str:
        """What was asked, in a line."""
        return words.in_full(self.question) if self.question else ""

    @property
    def title(self) -> str:
        return self.name or (self.figure if self.question else _("Report"))

    @property
    def figure(self) -> str:
        assert self.question
        return str(self.question.figure.label)

    @property
    def total(self) -> str:
        assert self.answer
        return self.answer.total.shown

    @property
    def counted(self) -> str:
        """How many records are in it, unless the figure says that itself."""
        assert self.answer
        count = self.answer.total.count
        if self.answer.question.figure.key == "count":
            return ""
        return ngettext("%(n)s record", "%(n)s records", count) % {"n": formats.number(count)}

    @property
    def before(self) -> str:
        """What it was before, with the change: "was 12, +25 %"; empty where nothing is compared."""
        assert self.answer
        if not self.answer.compares:
            return ""
        total = self.answer.total
        said = _("before: %(figure)s") % {"figure": total.shown_before}
        return f"{said} ({total.change})" if total.change else said

    @property
    def notes(self) -> list[str]:
        """What the reader has to know beside the figures."""
        assert self.answer
        notes = [str(self.answer.question.figure.note)] if self.answer.question.figure.note else []
        if len(self.answer.currencies) > 1:
            notes.append(_("Several currencies are never added up: each stands for itself."))
        if self.answer.left_out:
            left = self.answer.left_out
            notes.append(
                ngettext(
                    "%(n)s more row is in the total, but not shown.",
                    "%(n)s more rows are in the total, but not shown.",
                    left,
                )
                % {"n": formats.number(left)}
            )
        if self.answer.truncated:
            notes.append(
                _(
                    "There is more than fits here. Choose fewer days or a filter to see everything; the totals are right all the same."
                )
            )
        if hidden := self.grid.not_drawn:
            notes.append(
                ngettext("%(n)s more row is in the Excel file.", "%(n)s more rows are in the Excel file.", hidden)
                % {"n": formats.number(hidden)}
            )
        return notes

    @cached_property
    def grid(self) -> Grid:
        assert self.answer
        assert self.definition
        return Grid(self.answer, self.link, folds=self.definition.show == "pivot")

    @property
    def has_picture(self) -> bool:
        return (
            self.definition is not None
            and self.definition.show in PICTURES
            and not (self.answer and self.answer.is_empty)
        )

    @cached_property
    def chart(self) -> Chart:
        assert self.answer
        return pictures.chart(self.answer, self.link, title=self.title)

    @property
    def total_href(self) -> str:
        assert self.answer
        return self.link(self.answer.total) if self.answer.total.count else ""

    def link(self, cell: Cell, before: bool = False) -> str:
        """The address of the records behind a cell, or behind what it is compared with."""
        place = [("down", key) for key in cell.place.rows] + [("over", key) for key in cell.place.columns]
        asked = urlencode([*place, *([("before", "1")] if before else [])])
        return f"{self._behind}&{asked}{self._way_back}" if asked else f"{self._behind}{self._way_back}"

    @cached_property
    def _behind(self) -> str:
        return f"{reverse('reports:report-behind')}?{self.query}"

    @cached_property
    def _way_back(self) -> str:
        return f"&{urlencode({'back': self.back})}" if self.back else ""

    @property
    def paper_url(self) -> str:
        return f"{reverse('reports:report-paper')}?{self.query}"

    @property
    def build_url(self) -> str:
        """The builder with this report in it."""
        return (
            f"{reverse('reports:report-new')}?{address.query_of(self.definition)}"
            if self.definition
            else reverse("reports:report-new")
        )


def place_of(params: QueryDict) -> Place:
    """Which cell an address names: its row, its column, and whether what it is compared with is meant."""
    return Place(tuple(params.getlist("down")), tuple(params.getlist("over")), before=params.get("before") == "1")
