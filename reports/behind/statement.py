"""The statement behind a list: the records of a figure, narrowed as asked, with their sums and names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from crm.models import Company, Complaint, Contact, Deal, Purchase
from discipline.models import Scorecard
from reports.behind.asked import Asked
from reports.behind.naming import NAMES
from reports.figures import Noun
from reports.moments import Span
from reports.policy import in_team, people_at

OF_READING = """
SELECT pr.person_id AS id, pr.person_id AS person, p.key AS part, COALESCE(m.key, '') AS currency, m.value::bigint AS minor,
    CASE WHEN COALESCE(m.place, 1) = 1 THEN (p.value ->> 0)::int ELSE 0 END AS n
FROM reports_reading g
JOIN reports_personreading pr ON pr.reading_id = g.id
CROSS JOIN LATERAL jsonb_each(pr.figures -> %(key)s::text) p
LEFT JOIN LATERAL jsonb_each_text(p.value -> 1) WITH ORDINALITY m (key, value, place) ON true
WHERE g.moment = %(moment)s"""
FOUND = """
WITH found AS MATERIALIZED (SELECT f.* FROM ({records}) f WHERE {where}),
sums AS (
    SELECT COALESCE(json_agg(json_build_array(currency, n, minor)), '[]') AS sums
    FROM (SELECT currency, sum(n) AS n, sum(minor)::bigint AS minor FROM found GROUP BY currency ORDER BY currency) s
)
SELECT sums.sums, r.id, u.full_name, r.part, r.currency, r.minor, r.n, named.name, named.whom, named.leads_to, named.leads_id,
    named.day, {open} AS open
FROM sums
LEFT JOIN (SELECT * FROM found ORDER BY minor DESC NULLS LAST, id, part LIMIT %(size)s OFFSET %(offset)s) r ON true
LEFT JOIN accounts_user u ON u.id = r.person
LEFT JOIN LATERAL ({names}) named ON true
ORDER BY r.minor DESC NULLS LAST, r.id, r.part
"""
MODELS: Mapping[str, Any] = {
    "company": Company,
    "contact": Contact,
    "deal": Deal,
    "purchase": Purchase,
    "complaint": Complaint,
    "card": Scorecard,
}


def found(asked: Asked, span: Span, user: Any, *, size: int | None, offset: int = 0) -> list[tuple[Any, ...]]:
    """The sums, and with them a page of the records (all of them without a `size`): one statement, at least one row."""
    wanted = [*_narrowed(asked, span), *_within(user, span)]
    opens, given = _may_open(asked.figure.noun, user)
    statement = FOUND.format(
        records=OF_READING
        if asked.figure.noun == Noun.PERSON
        else f"SELECT x.*, 1 AS n FROM ({asked.figure.records}) x",  # noqa: S608
        where=" AND ".join(part for part, _values in wanted) or "true",
        names=NAMES[asked.figure.noun],
        open=opens,
    )
    paged = {"key": asked.figure.key, "size": size, "offset": offset}
    values: dict[str, Any] = {**span.parameters, **paged, "reader_zone": timezone.get_current_timezone_name(), **given}
    for _part, more in wanted:
        values |= more
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def _narrowed(asked: Asked, span: Span) -> list[tuple[str, dict[str, Any]]]:
    wanted: list[tuple[str, dict[str, Any]]] = []
    if asked.team is not None:
        wanted.append(_among("person", in_team(asked.team, span), "team"))
    if asked.person is not None:
        wanted.append(("person = %(person)s", {"person": asked.person}))
    if asked.parts:
        wanted.append(("part = ANY(%(parts)s)", {"parts": asked.parts}))
    return wanted


def _within(user: Any, span: Span) -> list[tuple[str, dict[str, Any]]]:
    """What the policy leaves of it."""
    people = people_at(user, span)
    return [] if people is None else [_among("person", people, "reach")]


def _among(column: str, rows: QuerySet[Any, Any], name: str) -> tuple[str, dict[str, Any]]:
    statement, values = _named(rows, name)
    return f"{column} = ANY(ARRAY({statement}))", values


def _may_open(noun: Noun, user: Any) -> tuple[str, dict[str, Any]]:
    """Whether the reader may open what a record leads to, by the same policy as its page: a case for each kind that occurs."""
    cases: list[str] = []
    values: dict[str, Any] = {}
    for kind, model in MODELS.items():
        if f"'{kind}'" in NAMES[noun]:
            rows = model.objects.visible_to(user).filter(pk=RawSQL("named.leads_id", ())).order_by().values("pk")
            statement, given = _named(rows, f"open_{kind}")
            cases.append(f"WHEN '{kind}' THEN EXISTS ({statement})")
            values |= given
    return (f"CASE named.leads_to {' '.join(cases)} END" if cases else "true"), values


def _named(rows: QuerySet[Any, Any], name: str) -> tuple[str, dict[str, Any]]:
    """A query as SQL whose parameters have names, to stand inside another statement."""
    statement, given = rows.query.sql_with_params()
    values = {f"{name}_{n}": value for n, value in enumerate(given)}
    return statement.replace("%%", "%%%%") % tuple(f"%({key})s" for key in values), values
