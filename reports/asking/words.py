"""What a definition asks for, in a line that people read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import formats
from crm.lists.shown import words_of
from reports.asking.draft import COUNT, drawn
from reports.builder import SOURCES, Definition
from reports.builder.periods import ALL, COMPARISONS, FROM_TO, KINDS
from reports.builder.question import Question
from reports.builder.times import LABELS as TIMES


def in_short(definition: Definition, user: Any) -> str:
    """ "Deals · Amount, in all · by Month, Owner · This year": for a list of many, without asking the database for names."""
    source = SOURCES.get(definition.source)
    if source is None:
        return _("This report cannot be read any more.")
    figures = {one.key: one.label for one in source.figures_for(user)}
    parts = {**TIMES, **{one.key: one.label for one in source.dimensions_for(user)}}
    by = [str(parts.get(key, key)) for key in (*definition.rows, *definition.columns)]
    figure = [] if definition.figure == COUNT else [str(figures.get(definition.figure, definition.figure))]
    said = [str(source.label), *figure, *_by(by), *_days(definition)]
    count = len(definition.filters)
    return " · ".join([*said, *([ngettext("%(n)s filter", "%(n)s filters", count) % {"n": count}] if count else [])])


def in_full(question: Question) -> str:
    """The same with every filter named: "Deals · Amount, in all · by Month, Owner · This year · Status: Won"."""
    by = [str(one.label) for one in question.dimensions]
    filters = [f"{one.filter.label}: {words_of(one)}" for one in drawn(question.filters, question.asker.user)]
    figure = [] if question.figure.key == COUNT else [str(question.figure.label)]
    said = [str(question.source.label), *figure, *_by(by), *_days(question.definition), *filters]
    return " · ".join(said)


def as_name(question: Question) -> str:
    """A name for a report that has none: "Won, sum of amounts by Month, Owner"."""
    about = question.source.label if question.figure.key == COUNT else question.figure.label
    return " ".join([str(about), *_by([str(one.label) for one in question.dimensions])])


def _by(labels: Sequence[str]) -> list[str]:
    return [_("by %(what)s") % {"what": ", ".join(labels)}] if labels else []


def _days(definition: Definition) -> list[str]:
    period = definition.period
    if period.kind == FROM_TO:
        today = timezone.localdate()
        first, last = (formats.day(day, today) if day else "" for day in (period.first, period.last))
        days = (
            f"{first} – {last}".strip(" –")
            if first and last
            else _("from %(start)s") % {"start": first}
            if first
            else _("up to %(end)s") % {"end": last}
        )
    else:
        days = str(KINDS[period.kind])
    against = (
        [_("against: %(what)s") % {"what": COMPARISONS[definition.compare]}]
        if definition.compare and period.kind != ALL
        else []
    )
    return [days, *against]
