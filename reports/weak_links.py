"""Where somebody loses what his team does not: per stage, the share of deals that moved on, beside the team without him.

Only deals that had their time are counted: of each stage those that came in longer ago than four of five deals take to leave it. They
are looked at in two periods of 90 days, one after the other. A weak link is a reason to help, never one to pay less.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db import connection

from reports.formulas import Bounds, wilson

LEAST = 20
"""With fewer deals nothing is said, of a person or of the rest."""
PERIOD = timedelta(days=90)
PERIODS = 2
LOOKED_BACK = timedelta(days=730)
"""Visits begun longer ago say nothing about how long a stage takes today."""

VISITS = """
visits AS MATERIALIZED (
    SELECT v.id, v.deal_id, v.stage_id, v.person_id, v.entered_at, v.left_at, v.outcome, v.currency, v.amount_minor
    FROM reports_stagevisit v
    WHERE v.person_id = ANY(%(people)s) AND v.stage_id = ANY(%(stages)s) AND v.known AND v.outcome <> 'gone'
        AND v.entered_at > %(moment)s::timestamptz - %(looked_back)s AND v.entered_at <= %(moment)s
),
patience AS (
    SELECT stage_id, percentile_disc(0.8) WITHIN GROUP (ORDER BY left_at - entered_at) AS longest
    FROM visits WHERE left_at <= %(moment)s GROUP BY stage_id
),
cohorts AS (
    SELECT v.*, p.longest, v.outcome IN ('on', 'won') AS passed,
        floor(extract(epoch FROM %(moment)s::timestamptz - p.longest - v.entered_at) / extract(epoch FROM %(period)s::interval))::int AS period
    FROM visits v JOIN patience p ON p.stage_id = v.stage_id
    WHERE v.entered_at <= %(moment)s::timestamptz - p.longest
        AND v.entered_at > %(moment)s::timestamptz - p.longest - %(periods)s * %(period)s::interval
)
"""
COUNTED = f"""
WITH {VISITS}
SELECT stage_id, person_id, period, count(*), count(*) FILTER (WHERE passed), max(longest)
FROM cohorts GROUP BY 1, 2, 3
"""  # noqa: S608 - our own pieces, values always as parameters
LISTED = f"""
WITH {VISITS}
SELECT deal_id, entered_at, left_at, outcome, passed, currency, amount_minor
FROM cohorts WHERE person_id = %(person)s AND period = %(of_period)s ORDER BY entered_at DESC, id DESC
"""  # noqa: S608


class Verdict(StrEnum):
    """What can be said of somebody at a stage."""

    FEW = "few"
    """Not enough data: too few deals, or too near to the rest to tell."""
    FINE = "fine"
    """As many move on as with the rest, or more."""
    ONCE = "once"
    """Clearly fewer, but in the last period only."""
    WEAK = "weak"
    """Clearly fewer in both periods."""


@dataclass(frozen=True)
class Share:
    """Of `tried` deals `passed` moved on."""

    passed: int = 0
    tried: int = 0

    @property
    def rate(self) -> Decimal | None:
        return Decimal(self.passed) / self.tried if self.tried else None

    @property
    def bounds(self) -> Bounds | None:
        """The 95 % interval (Wilson)."""
        return wilson(self.passed, self.tried)

    def __add__(self, other: Share) -> Share:
        return Share(self.passed + other.passed, self.tried + other.tried)

    def without(self, other: Share) -> Share:
        return Share(self.passed - other.passed, self.tried - other.tried)


def below(own: Share, rest: Share) -> bool:
    """Whether somebody lies clearly below the rest: enough deals, and even the upper bound under their rate."""
    if min(own.tried, rest.tried) < LEAST:
        return False
    bounds, rate = own.bounds, rest.rate
    return bounds is not None and rate is not None and bounds.upper < rate


def verdict(own: Sequence[Share], rest: Sequence[Share]) -> Verdict:
    """What the periods, the last one first, say together: weak only where all of them lie clearly below the rest."""
    clearly = [below(one, others) for one, others in zip(own, rest, strict=True)]
    if all(clearly):
        return Verdict.WEAK
    if clearly[0]:
        return Verdict.ONCE
    enough = min(own[0].tried, rest[0].tried) >= LEAST
    rate, others = own[0].rate, rest[0].rate
    return Verdict.FINE if enough and rate is not None and others is not None and rate >= others else Verdict.FEW


@dataclass(frozen=True, kw_only=True)
class Link:
    """One person at one stage: his periods and those of the rest, the last one first."""

    stage: int
    person: int
    own: tuple[Share, ...]
    rest: tuple[Share, ...]

    @property
    def verdict(self) -> Verdict:
        return verdict(self.own, self.rest)


@dataclass(frozen=True)
class Funnel:
    """The links of some people by stage and person, and how long four of five deals take at each stage."""

    links: dict[tuple[int, int], Link]
    team: dict[int, Share]
    patience: dict[int, timedelta]


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A deal's stay at a stage, as one of a cohort."""

    deal: int
    entered_at: datetime
    left_at: datetime | None
    outcome: str
    passed: bool
    currency: str
    amount_minor: int | None


def read(people: Sequence[int], stages: Sequence[int], at: datetime) -> Funnel:
    """Everybody beside the others at each stage as of a moment: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTED, _asked(people, stages, at))
        return compared(people, stages, cursor.fetchall())


def visits(people: Sequence[int], person: int, stage: int, period: int, at: datetime) -> list[Visit]:
    """The stays that one share counts, the last ones first: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(LISTED, {**_asked(people, [stage], at), "person": person, "of_period": period})
        names = ("deal", "entered_at", "left_at", "outcome", "passed", "currency", "amount_minor")
        return [Visit(**dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def compared(
    people: Sequence[int], stages: Sequence[int], rows: Iterable[tuple[int, int, int, int, int, timedelta]]
) -> Funnel:
    """The links out of rows stage, person, period, tried, passed, patience."""
    own: dict[tuple[int, int, int], Share] = defaultdict(Share)
    team: dict[tuple[int, int], Share] = defaultdict(Share)
    patience: dict[int, timedelta] = {}
    for stage, person, period, tried, passed, longest in rows:
        own[stage, person, period] += Share(passed, tried)
        team[stage, period] += Share(passed, tried)
        patience[stage] = longest
    links = {
        (stage, person): Link(
            stage=stage,
            person=person,
            own=tuple(own[stage, person, n] for n in range(PERIODS)),
            rest=tuple(team[stage, n].without(own[stage, person, n]) for n in range(PERIODS)),
        )
        for stage in stages
        for person in people
    }
    return Funnel(links, {stage: team[stage, 0] for stage in stages}, patience)


def _asked(people: Sequence[int], stages: Sequence[int], at: datetime) -> dict[str, Any]:
    return {
        "people": list(people),
        "stages": list(stages),
        "moment": at,
        "period": PERIOD,
        "periods": PERIODS,
        "looked_back": LOOKED_BACK,
    }
