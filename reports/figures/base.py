"""A figure of the screens: the records behind it as of a moment. The sum and the list that opens are one statement."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise

from reports.moments import Span

Label = str | Promise
Tallied = tuple[int, str, str, int, int]
"""A person, a part, a currency, so many records, so many minor units."""


class Noun(StrEnum):
    """What kind of records a figure lists."""

    COMPANY = "company"
    CONTACT = "contact"
    DEAL = "deal"
    TASK = "task"
    ACTIVITY = "activity"
    PURCHASE = "purchase"
    COMPLAINT = "complaint"
    CARD = "card"
    PLAN = "plan"
    PERSON = "person"


class Part(StrEnum):
    """By what a figure is divided: the meaning of `part`, a text."""

    NONE = ""
    STAGE = "stage"
    REASON = "reason"
    COMPETITOR = "competitor"
    DAY = "day"
    KIND = "kind"
    PRODUCT = "product"


class Holds(StrEnum):
    """What stands under `minor`: nothing, money in minor units of `currency`, or hundredths of a plain number."""

    COUNT = "count"
    MONEY = "money"
    HUNDREDTHS = "hundredths"


@dataclass(frozen=True, kw_only=True)
class Figure:
    """The key is stored for ever: retire one, never rename it, and give what counts otherwise a new one.

    `records` is SQL of rows id, person, part (text), currency (text), minor (bigint, may be NULL), each record once; it may ask for
    what `moments.Span.parameters` holds, and must answer the same for one moment whenever it is run: from timelines and periods.
    What is no list of records has `people` instead (a person, a part, a currency, a count, minor units): its list opens from the
    rows of the reading itself. A `heavy` figure is measured once a morning and carried over to the readings of the day. One that `counts_points` says so where
    others say how many records there are.
    """

    key: str
    label: Label
    why: Label
    icon: str
    noun: Noun
    records: str = ""
    people: Callable[[Span], Iterable[Tallied]] | None = None
    part: Part = Part.NONE
    holds: Holds = Holds.COUNT
    heavy: bool = False
    counts_points: bool = False
