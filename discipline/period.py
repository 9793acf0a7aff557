"""A team over some weeks: people and rules, people and days, and who reviewed; five statements, whatever the people and days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import formats
from accounts.models import Team
from accounts.reach import belongs_to_people_of
from discipline import words
from discipline.models import Assignment, CardReview, Leave, Result, Scorecard, ScoreLine
from discipline.spans import Span

WELL, FAIR = 0.9, 0.6
"""From which part of the days a rule was kept well, or still fairly."""
LATE_METRIC = "data_in_time"
ONE_DAY = timedelta(days=1)


@dataclass
class Tally:
    """How often something was kept and missed."""

    met: int = 0
    missed: int = 0

    def add(self, met: int, missed: int) -> None:
        self.met, self.missed = self.met + met, self.missed + missed

    @property
    def rate(self) -> float | None:
        judged = self.met + self.missed
        return self.met / judged if judged else None

    def cell(self, get: str = "") -> dict[str, Any]:
        """As templatetags/heat.py draws it."""
        rate = self.rate
        state = "na" if rate is None else "on-track" if rate >= WELL else "watch" if rate >= FAIR else "behind"
        return {"state": state, "value": formats.percent(rate), "href": get if rate is not None else "", "get": get}


@dataclass
class Person:
    """Somebody of the team: his days in it, his cards by day, his rules by code."""

    pk: int
    name: str
    stays: list[Assignment] = field(default_factory=list)
    cards: dict[date, Any] = field(default_factory=dict)
    rules: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    away: list[Leave] = field(default_factory=list)

    @property
    def points(self) -> int:
        return sum(card["points"] for card in self.cards.values())


@dataclass(frozen=True, kw_only=True)
class Reviewer:
    """A head, how many of the cards he reviewed, and how long he looked at one."""

    name: str
    done: int
    of: int
    took: str

    @property
    def rate(self) -> str:
        return formats.percent(self.done / self.of) if self.of else formats.DASH


@dataclass(frozen=True, kw_only=True)
class Period:
    """What the page draws."""

    columns: list[str]
    rules: list[dict[str, Any]]
    days: list[dict[str, Any]]
    people: list[dict[str, Any]]
    points: int
    cards: int
    kept: str
    reviewers: list[Reviewer]


def read(user: Any, team: Team, span: Span, today: date) -> Period:
    """Both heat maps of a team and the figures above them."""
    days = [day for day in span.days if day <= today]
    cards = Scorecard.objects.visible_to(user).filter(team=team, day__range=(span.first, span.last))
    people = _people(user, team, span, cards)
    labels = _rules(cards, people)
    listed = sorted(people.values(), key=lambda one: (one.name, one.pk))
    worked = {day for one in listed for day in one.cards}
    total = Tally()
    for one in listed:
        for tally in one.rules.values():
            total.add(tally.met, tally.missed)
    many = sum(len(one.cards) for one in listed)
    return Period(
        columns=list(labels.values()),
        rules=[_rule_row(one, labels, team, span) for one in listed if one.cards],
        days=[{"day": day, "off": day not in worked and day.isoweekday() > 5} for day in days],
        people=[_day_row(one, days, worked, today) for one in listed],
        points=sum(one.points for one in listed),
        cards=many,
        kept=formats.percent(total.rate),
        reviewers=_reviewers(team, span, cards, many),
    )


def lines(user: Any, team: Team, span: Span, person: int, code: str) -> QuerySet[ScoreLine]:
    """Exactly the lines behind a cell of people and rules, newest first."""
    cards = Scorecard.objects.visible_to(user).filter(team=team, day__range=(span.first, span.last), user=person)
    found = ScoreLine.objects.filter(card__in=cards, code=code, rule__scored=True).defer("evidence")
    return found.select_related("card__user", "rule").order_by("-card__day")


# --- what is read ---


def _people(user: Any, team: Team, span: Span, cards: QuerySet[Scorecard]) -> dict[int, Person]:
    """Everybody who was in the team, with his cards and leave: three statements."""
    people: dict[int, Person] = {}
    stays = Assignment.objects.between(span.first, span.last).filter(belongs_to_people_of(user, "user"), team=team)
    for stay in stays.select_related("user"):
        people.setdefault(stay.user_id, Person(stay.user_id, stay.user.full_name)).stays.append(stay)
    late = Count("lines", filter=Q(lines__metric=LATE_METRIC, lines__result=Result.MISSED))
    missed = Count("lines", filter=Q(lines__result=Result.MISSED, lines__rule__trial=False))
    for card in cards.annotate(late=late, missed=missed).values(
        "pk", "user_id", "user__full_name", "day", "points", "absent", "late", "missed"
    ):
        person = people.setdefault(card["user_id"], Person(card["user_id"], card["user__full_name"]))
        person.cards[card["day"]] = card
    around = [timezone.make_aware(datetime.combine(day, time())) for day in (span.first, span.last + ONE_DAY)]
    absences = Leave.objects.visible_to(user).ever_approved().filter(user__in=list(people), cancelled_at__isnull=True)
    for leave in absences.touching(*around):
        people[leave.user_id].away.append(leave)
    return people


def _rules(cards: QuerySet[Scorecard], people: dict[int, Person]) -> dict[str, str]:
    """Count what each kept of each rule, told apart by code; gives the names by code: one statement."""
    labels: dict[str, str] = {}
    rows = (
        ScoreLine.objects.filter(card__in=cards.values("pk"), rule__scored=True, rule__trial=False)
        .values("card__user_id", "code", "metric", "rule__label", "rule__version__effective_from", "rule__position")
        .annotate(met=Count("pk", filter=Q(result=Result.MET)), missed=Count("pk", filter=Q(result=Result.MISSED)))
        .order_by("rule__position", "rule__version__effective_from", "code")
    )  # fmt: skip
    for row in rows:
        labels[row["code"]] = words.label(row["metric"], row["rule__label"])
        people[row["card__user_id"]].rules[row["code"]].add(row["met"], row["missed"])
    return labels


def _reviewers(team: Team, span: Span, cards: QuerySet[Scorecard], many: int) -> list[Reviewer]:
    """Who reviewed how many of these cards; the team's own head also when he did none: one statement."""
    rows = (
        CardReview.objects.filter(card__in=cards.values("pk")).values("reviewer_id", "reviewer__full_name")
        .annotate(done=Count("pk"), took=Avg(F("reviewed_at") - F("opened_at"))).order_by("-done", "reviewer__full_name")
    )  # fmt: skip
    found = [
        Reviewer(name=row["reviewer__full_name"], done=row["done"], of=many, took=_seconds(row["took"])) for row in rows
    ]
    if team.head and team.head.full_name not in {one.name for one in found}:
        found.append(Reviewer(name=team.head.full_name, done=0, of=many, took=""))
    return found


# --- how it is drawn ---


def _rule_row(one: Person, labels: dict[str, str], team: Team, span: Span) -> dict[str, Any]:
    behind = f"{reverse('discipline:period-lines')}?team={team.pk}&{span.query}&user={one.pk}&code="
    return {
        "person": one.name,
        "href": f"{reverse('discipline:card-list')}?user={one.pk}&since={span.first}&until={span.last}",
        "total": one.points,
        "cells": [one.rules[code].cell(behind + code) if code in one.rules else Tally().cell() for code in labels],
    }


def _day_row(one: Person, days: Sequence[date], worked: set[date], today: date) -> dict[str, Any]:
    cells = [_card_cell(one.cards[day]) if day in one.cards else _bare_cell(one, day, worked, today) for day in days]
    return {"person": one.name, "total": one.points, "cells": cells}


def _card_cell(card: dict[str, Any]) -> dict[str, Any]:
    state = "met" if not card["missed"] else "watch" if card["points"] >= 0 else "missed"
    marks = [word for word, there in ((_("late"), card["late"]), (_("part day"), card["absent"])) if there]
    return {
        "state": state,
        "value": formats.points(card["points"]),
        "late": bool(card["late"]),
        "part": bool(card["absent"]),
        "marks": ", ".join(marks),
        "href": reverse("discipline:card", args=[card["pk"]]),
    }


def _bare_cell(one: Person, day: date, worked: set[date], today: date) -> dict[str, Any]:
    """A day without a card: before or after his time here, on leave, free, still to be closed, or simply without."""
    stay = next((s for s in one.stays if s.starts_on <= day and (s.ends_on is None or day < s.ends_on)), None)
    if stay is None:
        return {"kind": "elsewhere", "word": _("not in the team")}
    if any(_on(leave, day) for leave in one.away):
        return {"kind": "leave", "word": _("leave")}
    if day.isoweekday() not in stay.workdays:
        return {"kind": "free", "word": _("free day")}
    if day == today:
        return {"kind": "open", "word": _("still open")}
    return {"kind": "none", "word": _("no card")} if day in worked else {"kind": "free", "word": _("free day")}


def _on(leave: Leave, day: date) -> bool:
    """Whether a leave touches a local day."""
    last = timezone.localtime(leave.until_at - timedelta(microseconds=1)).date()
    return timezone.localtime(leave.from_at).date() <= day <= last


def _seconds(took: timedelta | None) -> str:
    """How long a look at one card took: "24 s", "3 min"."""
    if took is None:
        return ""
    seconds = round(took.total_seconds())
    return (
        _("%(n)s s a card") % {"n": seconds}
        if seconds < 100
        else _("%(time)s a card") % {"time": formats.duration(took)}
    )
