"""What the page behind a figure draws: what was asked in words, how many and how much, and the records."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import formats
from accounts.models import Role, Team, User
from accounts.reach import teams_of
from accounts.together import together
from crm.lists.cells import Money
from crm.models import ActivityKind, ComplaintKind, LossReason, Product, Stage
from discipline import words
from reports.behind import statement
from reports.behind.asked import Asked
from reports.behind.naming import PAGES
from reports.figures import Holds, Noun, Part
from reports.moments import ZONE, Span

SIZE = 100
NAMED: dict[Part, Any] = {Part.STAGE: Stage, Part.REASON: LossReason, Part.PRODUCT: Product}
HEADINGS = {
    Noun.COMPANY: gettext_lazy("Company"),
    Noun.CONTACT: gettext_lazy("Contact"),
    Noun.DEAL: gettext_lazy("Deal"),
    Noun.TASK: gettext_lazy("Task"),
    Noun.ACTIVITY: gettext_lazy("Activity"),
    Noun.PURCHASE: gettext_lazy("Document"),
    Noun.COMPLAINT: gettext_lazy("Complaint"),
    Noun.CARD: gettext_lazy("Card"),
    Noun.PLAN: gettext_lazy("Plan"),
    Noun.PERSON: gettext_lazy("Person"),
}
PARTS = {
    Part.STAGE: gettext_lazy("Stage"),
    Part.REASON: gettext_lazy("Reason"),
    Part.COMPETITOR: gettext_lazy("Competitor"),
    Part.DAY: gettext_lazy("Day"),
    Part.KIND: gettext_lazy("Kind"),
    Part.PRODUCT: gettext_lazy("Product"),
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """A record behind a figure: its name, whom it is with, whose it is, which part it belongs to, and what it holds."""

    name: str
    url: str
    whom: str
    person: str
    day: date | None
    part: str
    amount: str
    plain: Any


class Behind:
    """The records behind the figure that `asked` names, for `user`: two statements."""

    def __init__(self, user: Any, asked: Asked, now: datetime) -> None:
        self.user, self.asked, self.now, self.figure = user, asked, now, asked.figure
        zone, self._team, self._person, self._parts = self._names()
        self.span = Span(asked.moment, zone)

    def _names(self) -> tuple[str, str, str, dict[str, str]]:
        """The company's zone, and what the address names by keys, as far as the reader may know it: one statement."""
        zones = User.objects.active().filter(role=Role.OWNER).order_by("pk").values("zone")[:1]
        teams = Team.objects.filter(pk=self.asked.team or 0)
        if self.user.role != Role.OWNER:
            teams = teams.filter(pk__in=teams_of(self.user).values("pk"))
        people = User.objects.filter(pk=self.asked.person or 0)
        zone, team, person, parts = together(zones, teams.values("name"), people.values("full_name"), self._part_rows())
        if (self.asked.team and not team) or (self.asked.person and not person):
            raise Http404
        return (
            zone[0]["zone"] if zone else ZONE,
            team[0]["name"] if team else "",
            person[0]["full_name"] if person else "",
            {str(row["pk"]): row["name"] for row in parts},
        )

    def _part_rows(self) -> QuerySet[Any, Any]:
        model = NAMED.get(self.figure.part)
        return model.objects.order_by().values("pk", "name") if model else Team.objects.none().values("pk", "name")

    @cached_property
    def _found(self) -> list[tuple[Any, ...]]:
        offset = (self.asked.page - 1) * SIZE
        return statement.found(self.asked, self.span, self.user, size=SIZE, offset=offset)

    @cached_property
    def _sums(self) -> list[tuple[str, int, int | None]]:
        return [tuple(one) for one in self._found[0][0]]

    # --- what it says ---

    @property
    def title(self) -> str:
        return str(self.figure.label)

    @property
    def about(self) -> list[str]:
        """What the figure is narrowed to, each in a few words."""
        chosen = [self._part_word(part) for part in self.asked.parts]
        few = ", ".join(chosen[:3]) + (" …" if len(chosen) > 3 else "")
        return [one for one in (self._team, self._person, few) if one]

    @property
    def as_of(self) -> str:
        return _("as of %(when)s") % {"when": formats.when(self.span.moment, now=self.now, inside=True)}

    @property
    def count(self) -> int:
        return sum(count for _currency, count, _minor in self._sums)

    @property
    def minor(self) -> dict[str, int]:
        """The sum by currency, in minor units or hundredths; of those that hold something."""
        return {currency: minor for currency, _count, minor in self._sums if minor is not None}

    @property
    def counted(self) -> str:
        shown = {"n": formats.number(self.count)}
        if self.figure.counts_points:
            return ngettext("%(n)s point", "%(n)s points", self.count) % shown
        return ngettext("%(n)s record", "%(n)s records", self.count) % shown

    @property
    def sums(self) -> list[str]:
        """The sums in words, one for each currency; the average where they are no money."""
        if self.figure.holds == Holds.COUNT:
            return []
        if self.figure.holds == Holds.HUNDREDTHS:
            whole = Decimal(sum(self.minor.values())) / 100
            return [_("%(n)s on average") % {"n": formats.number(whole / self.count, 1)}] if self.count else []
        return [formats.money(minor, currency or "EUR") for currency, minor in sorted(self.minor.items()) if currency]

    # --- the table ---

    @property
    def headings(self) -> list[str]:
        """Name, whom it is with, whose, when, and where there are any the part and the amount."""
        return [
            str(HEADINGS[self.figure.noun]),
            _("Client"),
            _("Who"),
            _("When"),
            *([str(PARTS[self.figure.part])] if self.has_parts else []),
            *([_("Amount") if self.figure.holds == Holds.MONEY else _("Value")] if self.has_amounts else []),
        ]

    @property
    def has_parts(self) -> bool:
        return self.figure.part not in (Part.NONE, Part.DAY)

    @property
    def has_amounts(self) -> bool:
        return self.figure.holds != Holds.COUNT

    @cached_property
    def rows(self) -> list[Row]:
        return [self._row(*row[1:]) for row in self._found if row[1] is not None]

    def every_row(self) -> Iterator[Row]:
        """All rows, for a file: a statement of its own."""
        for row in statement.found(self.asked, self.span, self.user, size=None):
            if row[1] is not None:
                yield self._row(*row[1:])

    @property
    def previous(self) -> int:
        """The page before; 0 for none."""
        return self.asked.page - 1

    @property
    def next(self) -> int:
        """The page after; 0 for none."""
        return self.asked.page + 1 if self.asked.page * SIZE < self.count else 0

    def _row(
        self, pk: int, person: str, part: str, currency: str, minor: int | None, n: int, name: str, whom: str,
        leads_to: str, leads_id: int, day: datetime | None, may_open: bool | None,
    ) -> Row:  # fmt: skip
        amount, plain = self._amount(minor, currency)
        return Row(
            name=self._name(name, pk),
            url=_url(leads_to, leads_id) if may_open or leads_to in OWN_PAGES else "",
            whom=whom or "",
            person=person or "",
            day=timezone.localtime(day).date() if day else None,
            part=self._part_word(part),
            amount=amount,
            plain=plain,
        )

    def _name(self, name: str | None, pk: int) -> str:
        if self.figure.noun == Noun.ACTIVITY and name:
            return str(ActivityKind(name).label)
        if self.figure.noun == Noun.PLAN and name:
            return words.label(name)
        return name or _("Record %(id)s") % {"id": pk}

    def _amount(self, minor: int | None, currency: str) -> tuple[str, Any]:
        if minor is None or self.figure.holds == Holds.COUNT:
            return "", None
        if self.figure.holds == Holds.MONEY:
            return formats.money(minor, currency), Money(minor, currency)
        return formats.number(Decimal(minor) / 100, 1), Decimal(minor) / 100

    def _part_word(self, part: str) -> str:
        if self.figure.part == Part.DAY and (day := _day(part)):
            return formats.day(day, timezone.localdate(self.now))
        if self.figure.part == Part.KIND and part in KINDS:
            return str(KINDS[part])
        return self._parts.get(part, part) or _("not said")


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


KINDS = {**dict(ActivityKind.choices), **dict(ComplaintKind.choices)}
OWN_PAGES: dict[str, Callable[[int], str]] = {
    "person": lambda pk: f"{reverse('discipline:card-list')}?user={pk}",
    "plan": lambda pk: reverse("discipline:plan-list"),
}
"""Pages that decide themselves what they show."""


def _url(leads_to: str, leads_id: int) -> str:
    if leads_to in OWN_PAGES:
        return OWN_PAGES[leads_to](leads_id)
    return reverse(PAGES[leads_to], args=[leads_id]) if leads_id else ""
