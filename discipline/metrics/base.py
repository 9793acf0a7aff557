"""What a metric is, and how it is read: one SQL statement for all people and days that are asked about.

A metric is the SQL of its *facts*: for each window the records that matter, one row each, with the columns

    n        the window
    type, id the record
    role     counted, breach (both add to the value), excluded (looked at, not counted), held (how much there was to judge)
    reason   why it was excluded, or what is wrong with it
    counts   what it adds
    value    a figure to show with it, or NULL
    at       the instant that decided

Figure and evidence come from the same rows, so they cannot disagree. Facts may read `windows` (n, person, since, opens,
cut_off, horizon, next_step_until, day, zone), `away` (n, from_at, to_at: whole days of leave before the window's day) and what they name in
`looks_at` (see `shared`), and must depend on nothing that was recorded after the horizon.

A metric with parameters is bound to their values before it is read (`bound`); its figure then has a key of its own. `Metric.check`
says which values may be stored (see `parameters`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from django.db import connection
from django.utils.functional import Promise

from discipline.arrays import array
from discipline.metrics import prepared
from discipline.metrics.parameters import Parameter, checked, said
from discipline.metrics.shared import SHARED, in_order
from discipline.metrics.swept import SWEPT, worth_it
from discipline.windows import Window


class Kind(StrEnum):
    FLOW = "flow"
    STATE = "state"
    TIMELINESS = "timeliness"


class Better(StrEnum):
    MORE = "more"
    FEWER = "fewer"


class Role(StrEnum):
    COUNTED = "counted"
    BREACH = "breach"
    EXCLUDED = "excluded"


class Record(NamedTuple):
    """One record of the evidence, as it is stored: a short array."""

    type: str
    id: int
    role: str
    reason: str
    value: float | None
    at: str


class Measure(NamedTuple):
    """A figure of one window. `held` says how many records there were to judge; with none a metric may not apply.

    `records` is the evidence as the database writes it, JSON: most of it goes back there without having been looked at.
    """

    value: Decimal
    held: int
    records: str = "[]"

    @property
    def evidence(self) -> list[list[Any]]:
        """The records, a short array each (see Record)."""
        found: list[list[Any]] = json.loads(self.records)
        return found


NOTHING = Measure(Decimal(0), 0)


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A figure that rules are made of. The key is stored for ever: retire one, never rename it; new behaviour is a new version.

    `needs_items`: without a record to judge the rule does not apply. `kept` is false where the records are too many to copy
    every day; their list is read again from history as of the card's instants, and `tally` (n, role, counts) is a shorter way to the
    figure of the metric without parameters. `sources` are what it lives from: when one did not
    work, a missed rule does not apply. `daily` figures are kept of every day, asked for by a rule or not. `parameters` are what a company
    may set; `facts` is SQL, or with parameters a function of their checked values; `given` is their canonical JSON once bound.
    """

    key: str
    version: int
    kind: Kind
    unit: str | Promise
    label: str | Promise
    why: str | Promise
    icon: str
    better: Better
    facts: str | Callable[[Mapping[str, Any]], str]
    tally: str = ""
    looks_at: tuple[str, ...] = ()
    needs_items: bool = False
    kept: bool = True
    sources: frozenset[str] = frozenset()
    daily: bool = False
    parameters: tuple[Parameter, ...] = ()
    given: str = ""

    @property
    def figure(self) -> str:
        """The key of its figure: the metric's, with the parameters where there are any."""
        return self.key + self.given

    @property
    def name(self) -> str:
        """What its facts are called in a statement."""
        return f"{self.key}_{hashlib.sha256(self.given.encode()).hexdigest()[:8]}" if self.given else self.key

    def check(self, given: Any) -> dict[str, Any]:
        """The parameters as they are stored, from what somebody gave. Raises BadParameter, its `field` the parameter's key."""
        return checked(self.parameters, given)

    def said(self, given: Mapping[str, Any]) -> str:
        """Stored parameters in words; nothing for none."""
        return said(self.parameters, given)

    def bound(self, parameters: Mapping[str, Any]) -> Metric:
        """The metric for these parameters, which have been checked before."""
        return replace(self, given=canonical(parameters))

    def sql(self, *, whole: bool = True) -> str:
        """The facts for the parameters it is bound to; without `whole` the tally will do where the records are not kept."""
        if self.tally and not self.given and not whole:
            return self.tally
        if isinstance(self.facts, str):
            return self.facts
        return self.facts(json.loads(self.given) if self.given else {})

    def values(self, windows: Sequence[Window]) -> list[Measure]:
        """The figure of every window, in their order, with its evidence: one statement for everybody."""
        return measure([self], windows)[self.figure]

    def evidence(self, window: Window) -> list[Record]:
        """The records behind the figure of one window: one statement."""
        return [Record(*row) for row in measure([self], [window], whole=True)[self.figure][0].evidence]


def canonical(parameters: Mapping[str, Any]) -> str:
    """Parameters as text that is the same for the same values; nothing for none."""
    given = {name: value for name, value in parameters.items() if value not in (None, "", [])}
    return json.dumps(given, sort_keys=True, separators=(",", ":"), ensure_ascii=False) if given else ""


OF_WINDOWS = ("since", "opens", "cut_off", "horizon", "next_step_until", "day", "zone")
WINDOWS = """
windows AS MATERIALIZED (
    SELECT * FROM unnest(
        %(n)s::int[], %(person)s::bigint[], %(since)s::timestamptz[], %(opens)s::timestamptz[], %(cut_off)s::timestamptz[],
        %(horizon)s::timestamptz[], %(next_step_until)s::timestamptz[], %(day)s::date[], %(zone)s::text[]
    ) AS w (n, person, since, opens, cut_off, horizon, next_step_until, day, zone)
),
away AS MATERIALIZED (
    SELECT * FROM unnest(%(away_n)s::int[], %(away_from)s::timestamptz[], %(away_to)s::timestamptz[]) AS a (n, from_at, to_at)
)"""
FIGURES = """
SELECT {key}, n,
    COALESCE(sum(counts) FILTER (WHERE role IN ('counted', 'breach')), 0)::numeric,
    COALESCE(sum(counts) FILTER (WHERE role = 'held'), 0)::bigint,
    {evidence}
FROM {name} GROUP BY n"""
EVIDENCE = """'[' || COALESCE(string_agg(
        '["' || type || '",' || id || ',"' || role || '","' || reason || '",' || COALESCE(value::text, 'null') || ','
            || COALESCE(to_json(at)::text, 'null') || ']',
        ',' ORDER BY at, type, id
    ) FILTER (WHERE role <> 'held'), '') || ']'"""
"""Put together as text, in half the time of jsonb_agg: types, roles and reasons are our own words without quotes."""
NO_EVIDENCE = "'[]'"
ROOM = "SET LOCAL work_mem = '64MB'"
"""What is open in a whole company does not fit into what a page gets."""
MANY = 200
"""From so many windows on a statement gets more room, and a plan of its own."""
TYPES = {
    "n": "int[]", "person": "bigint[]", "since": "timestamptz[]", "opens": "timestamptz[]", "cut_off": "timestamptz[]",
    "horizon": "timestamptz[]", "next_step_until": "timestamptz[]", "day": "date[]", "zone": "text[]", "away_n": "int[]",
    "away_from": "timestamptz[]", "away_to": "timestamptz[]", "first_opens": "timestamptz", "first_cut_off": "timestamptz",
    "last_cut_off": "timestamptz", "last_horizon": "timestamptz",
}  # fmt: skip
"""What a statement is given (see `parameters`)."""


def measure(metrics: Sequence[Metric], windows: Sequence[Window], *, whole: bool = False) -> dict[str, list[Measure]]:
    """Each metric's figures in the order of the windows, by the figure's key, all in one statement; `whole` also lists evidence
    that is not kept."""
    asked = list({metric.figure: metric for metric in metrics}.values())
    figures = {metric.figure: [NOTHING] * len(windows) for metric in asked}
    if not asked or not windows:
        return figures
    sql, values = statement(asked, whole=whole, swept=worth_it(windows)), parameters(windows)
    with connection.cursor() as cursor:
        if len(windows) < MANY:
            prepared.execute(cursor, sql, TYPES, values)
        else:
            cursor.execute(f"{ROOM}; {sql}", values)
        for place, n, value, held, records in cursor:
            figures[asked[place].figure][n] = Measure(value, held, records)
    return figures


def statement(metrics: Sequence[Metric], *, whole: bool = False, swept: bool = False) -> str:
    """The SQL that gives the figures of these metrics: place in the list, n, value, held, evidence. `swept` is for many windows a
    person."""
    shared = SWEPT if swept else SHARED
    looked_at = in_order((name for metric in metrics for name in metric.looks_at), shared)
    parts = [WINDOWS, *(f"{name} AS MATERIALIZED ({shared[name]})" for name in looked_at)]
    parts += [f"{metric.name} AS ({metric.sql(whole=whole)})" for metric in metrics]
    figures = "\nUNION ALL".join(
        FIGURES.format(key=place, name=metric.name, evidence=EVIDENCE if metric.kept or whole else NO_EVIDENCE)
        for place, metric in enumerate(metrics)
    )
    return f"WITH {', '.join(parts)}{figures}"


def parameters(windows: Sequence[Window]) -> dict[str, Any]:
    """The windows as the arrays that the statement unnests, and the span of all of them."""
    away = [(n, *span) for n, window in enumerate(windows) for span in window.away]
    return {
        "away_n": array(n for n, _from, _to in away),
        "away_from": array(since for _n, since, _to in away),
        "away_to": array(until for _n, _from, until in away),
        "n": array(range(len(windows))),
        "person": array(window.person_id for window in windows),
        **{name: array(getattr(window, name) for window in windows) for name in OF_WINDOWS},
        "first_opens": min(window.opens for window in windows),
        "first_cut_off": min(window.cut_off for window in windows),
        "last_cut_off": max(window.cut_off for window in windows),
        "last_horizon": max(window.horizon for window in windows),
    }
