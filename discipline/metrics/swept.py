"""What is open with somebody on many days, without looking at every open record once a day.

A person's windows stand in a row by cut-off, numbered from 1. A stretch in which a record was open and unchanged then covers the
windows from one place to another, found in the row by halving (`width_bucket`). Counts come from a step up where a stretch begins
and a step down behind its end; a deal is bare in its own stretch less those of its tasks.

The names and columns are those of `shared`, whose SQL is shorter and quicker for one day.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from discipline.metrics.shared import SHARED
from discipline.windows import Window

WORTH_IT = 4
"""So many windows a person make up for the longer way."""


def before(moment: str, row: str) -> str:
    """SQL of how many instants of a sorted array lie before a moment. Instants are whole microseconds."""
    return f"width_bucket({moment} - interval '1 microsecond', {row})"


def steps(spans: str, behind: str, *counts: str) -> str:
    """SQL of how many stretches step up or down behind a place, by person and the place after it."""
    return f"SELECT person, {behind} + 1, {', '.join(counts)} FROM {spans} GROUP BY person, {behind}"


SWEPT = dict(SHARED)

SWEPT["people"] = """
    SELECT person, array_agg(n ORDER BY cut_off) AS ns, array_agg(opens ORDER BY cut_off) AS opened,
        array_agg(cut_off ORDER BY cut_off) AS cuts, array_agg(next_step_until ORDER BY cut_off) AS steps
    FROM windows GROUP BY person
"""
"""Each person's windows as parallel arrays in the order of their cut-offs."""

SWEPT["deal_spans"] = f"""
    SELECT w.person, p.deal_id, p.from_at, {before("p.from_at", "w.cuts")} AS since,
        {before("p.from_at + interval '60 minutes'", "w.cuts")} AS settled_since, {before("p.to_at", "w.cuts")} AS until
    FROM people w
    JOIN crm_dealperiod p ON p.owner_id = w.person AND p.to_at > %(first_cut_off)s AND p.from_at <= %(last_cut_off)s
"""
"""Stretches of deals: open at the cut-offs of the places after `since` up to `until`. The arrays of the person are looked up where
they are needed: copied to every stretch they would be most of what is read."""

SWEPT["task_spans"] = f"""
    SELECT w.person, p.task_id, p.due_at, p.from_at, p.to_at, {before("p.from_at", "w.cuts")} AS since,
        {before("p.to_at", "w.cuts")} AS until
    FROM people w
    JOIN crm_taskperiod p ON p.owner_id = w.person AND p.to_at > %(first_opens)s AND p.from_at <= %(last_cut_off)s
"""
"""Stretches of tasks likewise; those that ended in a window before its cut-off cover no place."""

PLACES = "SELECT person, n, row_number() OVER (PARTITION BY person ORDER BY cut_off) AS place FROM windows"

SWEPT["deal_counts"] = f"""
    SELECT n, deals, settled FROM (
        SELECT n, sum(COALESCE(deals, 0)) OVER so_far AS deals, sum(COALESCE(settled, 0)) OVER so_far AS settled
        FROM ({PLACES}) AS places
        LEFT JOIN (
            SELECT person, place, sum(deals) AS deals, sum(settled) AS settled
            FROM (
                {steps("deal_spans", "since", "count(*)", "0")}
                UNION ALL {steps("deal_spans", "until", "-count(*)", "0")}
                UNION ALL {steps("deal_spans", "settled_since", "0", "count(*)")}
                UNION ALL {steps("deal_spans", "GREATEST(until, settled_since)", "0", "-count(*)")}
            ) AS step (person, place, deals, settled)
            GROUP BY person, place
        ) AS steps USING (person, place)
        WINDOW so_far AS (PARTITION BY person ORDER BY place)
    ) AS counted WHERE deals > 0
"""

SWEPT["bare_deals"] = f"""
    SELECT w.ns[place] AS n, d.deal_id, d.from_at, place > d.settled_since AS settled
    FROM people w
    JOIN deal_spans d ON d.person = w.person
    CROSS JOIN LATERAL (
        SELECT range_agg(int4range(since, until)) AS covered
        FROM crm_taskperiod t
        CROSS JOIN LATERAL (
            SELECT GREATEST({before("t.from_at", "w.cuts")}, {before("t.due_at", "w.steps")}) + 1, {before("t.to_at", "w.cuts")} + 1
        ) AS places (since, until)
        WHERE t.deal_id = d.deal_id AND t.to_at > %(first_cut_off)s AND t.from_at <= %(last_cut_off)s AND since < until
    ) AS tasks
    CROSS JOIN LATERAL unnest(
        int4multirange(int4range(d.since + 1, d.until + 1)) - COALESCE(tasks.covered, '{{}}'::int4multirange)
    ) AS bare (span)
    CROSS JOIN LATERAL generate_series(lower(span), upper(span) - 1) AS place
    WHERE d.since < d.until
"""

SWEPT["task_counts"] = f"""
    SELECT n, tasks FROM (
        SELECT n, sum(COALESCE(tasks, 0)) OVER (PARTITION BY person ORDER BY place) AS tasks
        FROM ({PLACES}) AS places
        LEFT JOIN (
            SELECT person, place, sum(tasks) AS tasks
            FROM ({steps("task_spans", "since", "count(*)")} UNION ALL {steps("task_spans", "until", "-count(*)")})
                AS step (person, place, tasks)
            GROUP BY person, place
        ) AS steps USING (person, place)
    ) AS counted WHERE tasks > 0
"""

SWEPT["lapsing_tasks"] = f"""
    SELECT w.ns[place] AS n, t.person, w.opened[place] AS opens, w.cuts[place] AS cut_off, t.task_id, t.due_at, t.from_at, t.to_at
    FROM people w
    JOIN task_spans t ON t.person = w.person
    CROSS JOIN LATERAL generate_series(
        GREATEST(t.since, {before("t.due_at", "w.cuts")}) + 1, {before("t.to_at", "w.opened")}
    ) AS place
    WHERE t.due_at <= t.to_at
"""


def worth_it(windows: Sequence[Window]) -> bool:
    """Whether these windows are many of few people, one person after the other, each with his windows in a row."""
    if len(windows) < WORTH_IT * len({window.person_id for window in windows}):
        return False
    return all(_follows(one, other) for one, other in pairwise(windows))


def _follows(one: Window, other: Window) -> bool:
    if one.person_id != other.person_id:
        return one.person_id < other.person_id
    return one.cut_off < other.cut_off and one.opens <= other.opens and one.next_step_until <= other.next_step_until
