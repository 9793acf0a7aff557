"""The head's morning as of now, or as it was on a morning that is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import formats
from accounts.models import User
from reports.behind import link
from reports.figures import FIGURES
from reports.figures.sums import Sums, live
from reports.moments import ZONE, Span
from reports.morning import gathering, questions
from reports.morning.agenda import Agenda, Part
from reports.morning.desk import Desk
from reports.morning.people import Member, People
from reports.morning.questions import Question
from reports.morning.rows import Row

KEYS = ("entered", "overdue", "deals_bare", "deals_cold", "unreviewed", "won", "plan")
ON_SCREEN = 4
"""So many lines of a list stand on the screen; its page or the paper holds all."""
ONLY: dict[str, Callable[[Row], bool]] = {"silent": lambda row: row.silent, "unset": lambda row: row.unset}
"""What the list of people can be narrowed to."""


@dataclass(frozen=True, kw_only=True)
class Tally:
    """An exception counted over everybody, with the list that it opens."""

    count: int
    label: str
    icon: str
    tone: str
    url: str
    current: bool = False


class Morning:
    """The morning of `head`: three statements, or one for the `day` of a kept morning. `back` is the address of the page."""

    def __init__(self, head: User, now: datetime, *, day: date | None = None, only: str = "", back: str = "/") -> None:
        self.head, self.now, self.back = head, now, back
        self.only = only if only in ONLY else ""
        today = timezone.localtime(now).date()
        self.today = today
        self.live = day is None
        self._rows = gathering.of_now(head, today, now) if day is None else gathering.of_day(head, day)
        self.missing = day is not None and not self._rows["reading"]
        self.span = self._span(now)
        self.day = self.span.day if day is None or not self.missing else day
        self._people = People(self._rows, self.day, head)

    def _span(self, now: datetime) -> Span:
        if self.live:
            zones = self._rows["zone"]
            return Span(now, zones[0]["zone"] if zones else ZONE)
        kept = self._rows["reading"]
        return Span(kept[0]["moment"], kept[0]["zone"]) if kept else Span(now, ZONE)

    # --- people ---

    @cached_property
    def members(self) -> list[Member]:
        return self._people.members(self._sums)

    @cached_property
    def _sums(self) -> Mapping[int, Sums]:
        if self.live:
            return live([FIGURES[key] for key in KEYS], self.span, self._people.keys)
        found = {key: Sums() for key in self._people.keys}
        return found | {row["person"]: Sums.of(row["figures"]) for row in self._rows["members"]}

    @cached_property
    def everybody(self) -> list[Row]:
        """Whoever needs somebody first."""
        rows = [Row(one, self.span.moment, f"{self.back}#people", self.live) for one in self.members]
        return sorted(rows, key=lambda row: (-row.open_ends, not row.silent, row.member.name))

    @property
    def people(self) -> list[Row]:
        fits = ONLY.get(self.only, lambda row: row.shown)
        return [row for row in self.everybody if fits(row)]

    @property
    def has_people(self) -> bool:
        return any(row.member.sells for row in self.everybody)

    # --- exceptions ---

    @property
    def tallies(self) -> list[Tally]:
        """The exceptions, in the order in which they are looked at."""
        silent = self._narrowed("silent", _("entered nothing yet"), "pencil-off", "watch")
        unset = self._narrowed("unset", _("without priorities"), "star-off", "watch")
        return [
            *([silent] if self.live else []),
            self._counted("overdue", _("overdue"), "hourglass", "bad"),
            self._counted("deals_bare", _("without a next step"), "alert-triangle", "watch"),
            *([unset] if self.live else []),
            self._counted("unreviewed", _("cards to review"), "checks", "watch"),
        ]

    @property
    def worst(self) -> list[Tally]:
        """Those that stand on the head's day: who has entered nothing, what lapsed, what nobody works on."""
        return self.tallies[:3]

    def _counted(self, key: str, label: str, icon: str, tone: str) -> Tally:
        count = sum(row.member.sums.whole(key).count for row in self.everybody)
        url = link(key, at=self.span.moment, back=f"{self.back}#exceptions")
        return Tally(count=count, label=label, icon=icon, tone=tone, url=url)

    def _narrowed(self, name: str, label: str, icon: str, tone: str) -> Tally:
        """People, not records: the list on the page itself, narrowed; again, and all of them are back."""
        url = reverse("reports:morning") + ("" if self.only == name else f"?only={name}") + "#people"
        count = sum(ONLY[name](row) for row in self.everybody)
        return Tally(count=count, label=label, icon=icon, tone=tone, url=url, current=self.only == name)

    # --- what waits, what is odd, what to talk about ---

    @cached_property
    def desk(self) -> Desk:
        return Desk.of(self._rows)

    @cached_property
    def questions(self) -> list[Question]:
        return questions.read(self.members, self.day) if self.live else []

    @cached_property
    def agenda(self) -> list[Part]:
        parts = Agenda(self.everybody, at=self.span.moment, day=self.day, back=f"{self.back}#agenda").parts()
        return [part for part in parts if self.live or part.key != "first"]

    # --- when ---

    @property
    def as_of(self) -> str:
        return formats.when(timezone.localtime(self.span.moment), now=self.now, inside=True)

    @property
    def earlier(self) -> date | None:
        return next((row["day"] for row in self._rows["kept"]), None)

    @property
    def later(self) -> date | None:
        return next((row["day"] for row in self._rows["later"]), None)

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        """The way back from the sheet of the stand-up."""
        day = "" if self.live else f"?day={self.day.isoformat()}"
        return [(_("Morning"), reverse("reports:morning") + day), (_("Stand-up"), "")]

    @property
    def context(self) -> dict[str, Any]:
        return {"morning": self, "most": ON_SCREEN}
